"""From question to question to the answers, with a summary that leads back to any of them."""

from collections.abc import Callable, Sequence

from scaffold.answers.contradictions import contradictions
from scaffold.answers.keys import KEYS, default_of, normal_folder
from scaffold.answers.model import Answers, Found
from scaffold.answers.reading import Given, resolve
from scaffold.errors import Refusal
from scaffold.facts import load_facts
from scaffold.probe.cpp import cpp_dependencies
from scaffold.probe.defaults import crate_candidates, find_defaults, module_candidates
from scaffold.probe.ndk import android_home, installed_ndks
from scaffold.wizard.prompts import ask_question, ask_yes, explain, pick
from scaffold.wizard.questions import BY_KEY, QUESTIONS, Question, Value, asked, shown

GO_ON, STOP = "go-on", "stop"


def ask_answers(root: str, given: Sequence[Given]) -> Answers | None:
    """Every answer that applies, asked one by one; what is `given` is where it starts.

    None where the person stops at the summary. Raises Refusal for what is wrong with `given`,
    KeyboardInterrupt on ^C.
    """
    problems = [problem for source in given for problem in source.problems]
    if problems:
        raise Refusal(*problems)
    talk = _Talk(root, given)
    for question in QUESTIONS:
        if question.applies(talk.values):
            talk.ask(question)
    while True:
        chosen = talk.summary()
        if chosen == STOP:
            return None
        if chosen == GO_ON:
            return talk.answers()
        talk.ask(BY_KEY[chosen])


def confirm(question: str) -> bool:
    """Yes or no, yes being the default."""
    return ask_yes(question)


def may_write(show_diff: Callable[[], None]) -> bool:
    """Whether to write, yes being the default; the differences are shown as often as asked for."""
    choices = [("yes", "yes"), ("diff", "show what changes in each file"), ("no", "no")]
    while True:
        answer = pick("Write these files?", choices, "yes")
        if answer != "diff":
            return answer == "yes"
        show_diff()


class _Talk:
    def __init__(self, root: str, given: Sequence[Given]) -> None:
        self.root = root
        self.stated: dict[str, Value] = {}
        for source in given:
            self.stated.update(source.values)
        self.answered: dict[str, Value] = {}
        self.found: dict[str, Found] = {}
        self.values: dict[str, Value] = {}
        self.look()

    def look(self) -> None:
        """Looks at the repository again: what is found depends on crate and module."""
        known = {**self.stated, **self.answered}
        self.found = find_defaults(self.root, known)
        self.values = {key.name: default_of(key) for key in KEYS}
        self.values |= {name: item.value for name, item in self.found.items()}
        self._suggest_runtime()
        self.values |= known

    def _suggest_runtime(self) -> None:
        uses = cpp_dependencies(self.root, str(self.values["crate"]))
        if uses is None:
            return
        if uses:
            names = ", ".join(use.crate for use in uses)
            self.found["cpp_runtime"] = Found("shared", f"Cargo.lock has {names}")
        else:
            self.found["cpp_runtime"] = Found("none", "no dependency in Cargo.lock brings C++")
            self.values["cpp_runtime"] = "none"

    def ask(self, question: Question) -> None:
        key = question.key
        answer = ask_question(question, self.values[key], self.origin(key), self.choices(key))
        self.answered[key] = normal_folder(answer) if key in ("crate", "module") else answer  # type: ignore[arg-type]
        if key in ("crate", "module", "plugin"):
            self.look()
        else:
            self.values[key] = self.answered[key]

    def origin(self, key: str) -> str:
        if key in self.answered:
            return "your answer"
        if key in self.stated:
            return "scaffold.yml"
        return self.found[key].origin if key in self.found else "default"

    def choices(self, key: str) -> list[str]:
        """What to offer beside the default."""
        facts = load_facts()
        if key == "crate":
            return [candidate.folder for candidate in crate_candidates(self.root)]
        if key == "module":
            return [candidate.folder for candidate in module_candidates(self.root)]
        if key == "ndk":
            home = android_home(self.root)
            installed = installed_ndks(home[0]) if home else []
            newest = {row.revision.split(".")[0]: row.revision for row in facts.ndk}
            return [*reversed(installed), *[newest[major] for major in ("30", "29", "28", "27")]]
        if key == "gobley":
            return [row.version for row in reversed(facts.gobley)]
        if key == "jna":
            return ["default", "5.19.1", "5.18.1"]
        if key == "glibc":
            return ["default", "2.17", "2.28", "2.31"]
        if key == "ios_deployment_target":
            return ["none", "13.0", "15.0"]
        return []

    def summary(self) -> str:
        """Shows all answers and what contradicts; returns what to do next."""
        wrong = contradictions(self.values, {}, set())
        for problem in wrong:
            explain(problem.message, problem.hint)
        width = max(len(question.key) for question in QUESTIONS)
        rows = [
            (question.key, f"{question.key:<{width}}  {shown(self.values[question.key])}")
            for question in asked(self.values)
        ]
        last = [(STOP, "stop, write nothing")]
        if wrong:
            return pick("Change an answer:", [*rows, *last], wrong_key(wrong[0].message))
        return pick("These answers?", [(GO_ON, "yes, show the plan"), *rows, *last], GO_ON)

    def answers(self) -> Answers:
        everything = Given(dict(self.values), {}, ())
        return resolve(everything)


def wrong_key(message: str) -> str:
    """The key that a contradiction starts with."""
    key = message.partition(":")[0]
    return key if key in BY_KEY else "ndk"
