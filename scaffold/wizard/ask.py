"""From question to question to the answers, with a summary that leads back to any of them."""

from collections.abc import Callable, Sequence

from scaffold.answers.contradictions import contradictions
from scaffold.answers.key import Targets, Value, normal_folder
from scaffold.answers.keys import KEYS, applying, default_of
from scaffold.answers.model import Answers, Detected
from scaffold.answers.reading import Given, resolve
from scaffold.errors import Refusal
from scaffold.facts import load_facts
from scaffold.probe.defaults import Look
from scaffold.probe.ndk import android_home, installed_ndks
from scaffold.wizard.prompts import ask_question, ask_yes, explain, listing, pick, shown
from scaffold.wizard.ways_out import Change, ways_out

GO_ON, STOP, CHOOSE = "go-on", "stop", "choose"


def ask_answers(root: str, given: Sequence[Given]) -> Answers | None:
    """Every answer that applies, asked one by one; what is `given` is where it starts.

    What scaffold.yml answers already is not asked again: the summary leads to it.
    None where the person stops at the summary. Raises Refusal for what is wrong with `given`,
    KeyboardInterrupt on ^C.
    """
    problems = [problem for source in given for problem in source.problems]
    if problems:
        raise Refusal(*problems)
    talk = _Talk(root, given)
    talk.greet()
    for name in KEYS:
        if name in talk.asked() and name not in talk.settled:
            talk.ask(name)
    while True:
        if talk.contradicts():
            continue
        chosen = talk.summary()
        if chosen == STOP:
            return None
        if chosen == GO_ON:
            return talk.answers()
        talk.ask(chosen)


def confirm(question: str) -> bool:
    """Yes or no, yes being the default."""
    return ask_yes(question)


def choose(question: str, choices: list[tuple[str, str]]) -> str:
    """One of (value, label), the first being the default."""
    return pick(question, choices, choices[0][0])


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
        self.seen = Look(root)
        self.stated: dict[str, Value] = {}
        self.places: dict[str, str] = {}
        for source in given:
            self.stated.update(source.values)
            self.places.update(source.places)
        self.settled = {key for key, place in self.places.items() if not place.startswith("--set")}
        self.answered: dict[str, Value] = {}
        self.detected = Detected({})
        self.values: dict[str, Value] = {}
        self.look()

    def look(self) -> None:
        """What is detected depends on crate and module: all that is not answered is taken from them anew."""
        known = {**self.stated, **self.answered}
        self.detected = self.seen.detect(known)
        self.values = {name: default_of(key) for name, key in KEYS.items()}
        self.values |= {name: item.value for name, item in self.detected.defaults.items()}
        self.values |= known

    @property
    def targets(self) -> Targets | None:
        return self.detected.targets

    def asked(self) -> list[str]:
        """The keys that apply and are asked."""
        return [name for name in applying(self.values, self.targets) if KEYS[name].title]

    def greet(self) -> None:
        """What was found before anything is asked."""
        found = self.detected.defaults
        rows = [
            (name, shown(found[name].value), found[name].origin)
            for name in self.asked()
            if name in found and name not in self.stated
        ]
        module = str(self.values["module"])
        rows += [(one.about, one.value, one.origin) for one in self.seen.sights(module)]
        if self.settled:
            explain("This project has a scaffold.yml; the questions start from its answers.")
        if rows:
            listing("Found here:", rows)
        explain("Enter accepts the highlighted choice. Ctrl-C cancels; nothing is written.")

    def ask(self, name: str) -> None:
        answer = ask_question(KEYS[name], self.values[name], self.origin(name), self.offers(name))
        self.take(name, normal_folder(str(answer)) if name in ("crate", "module") else answer)

    def take(self, key: str, value: Value) -> None:
        """An answer; one that only takes what was proposed goes on following what is found."""
        if value != self.values[key] or key in self.answered:
            self.answered[key] = value
        if key in ("crate", "module", "plugin", "rust_build"):
            self.look()
        else:
            self.values[key] = value

    def origin(self, key: str) -> str:
        if key in self.answered:
            return "your answer"
        if key in self.places:
            return self.places[key]
        found = self.detected.defaults.get(key)
        return f"from {found.origin}" if found else "default"

    def offers(self, name: str) -> dict[str, str]:
        """Value → hint of what to offer beside the key's words."""
        if name == "crate":
            crates = self.seen.crate_candidates(str(self.values["module"]))
            return {one.folder: one.about for one in crates}
        if name == "module":
            return {one.folder: one.about for one in self.seen.module_candidates()}
        known = dict(KEYS[name].offers(load_facts()))
        if name == "ndk":
            installed = dict.fromkeys(reversed(self.installed()), "installed")
            return {
                **installed,
                **{ndk: hint for ndk, hint in known.items() if ndk not in installed},
            }
        return known

    def installed(self) -> list[str]:
        module = self.seen.modules.at(str(self.values["module"]))
        home = android_home(self.root, build=module.build if module else ".")
        return installed_ndks(home[0]) if home else []

    def contradicts(self) -> bool:
        """Shows the first contradiction and takes the way out of it that is chosen; False where there is none."""
        wrong = contradictions(self.values, self.targets)
        if not wrong:
            return False
        ndk = f"NDK {shown(self.values['ndk'])} is {self.origin('ndk')}."
        explain(f"{wrong[0].message}.", f"{ndk} Ways out: {wrong[0].hint}.")
        offers = {
            change.key + "=" + change.value: change
            for change in ways_out(self.values, self.targets)
        }
        rows = [(name, change.text) for name, change in offers.items()]
        chosen = pick("What now?", [*rows, (CHOOSE, "another answer…")], next(iter(offers), CHOOSE))
        if chosen == CHOOSE:
            self.ask(pick("Which one?", self.rows(), wrong_key(wrong[0].message)))
        else:
            change: Change = offers[chosen]
            self.take(change.key, change.value)
        return True

    def rows(self) -> list[tuple[str, str]]:
        """(key, line of the summary) of each answer that applies."""
        keys = self.asked()
        width = max(len(key) for key in keys)
        return [(key, f"{key:<{width}}  {in_short(key, self.values[key])}") for key in keys]

    def summary(self) -> str:
        """Shows all answers; returns what to do next."""
        ends = [(GO_ON, "yes, show the plan"), *self.rows(), (STOP, "stop, write nothing")]
        return pick("These answers? Choose one to change it.", ends, GO_ON)

    def answers(self) -> Answers:
        return resolve(Given(dict(self.values), {}, ()), detected=self.detected)


def in_short(key: str, value: Value) -> str:
    """A value as one line of the summary shows it, also at 60 columns."""
    everything = KEYS[key].choices
    return "all" if len(value) > 1 and tuple(value) == everything else shown(value)


def wrong_key(message: str) -> str:
    """The key that a contradiction starts with."""
    key = message.partition(":")[0]
    return key if key in KEYS else "ndk"
