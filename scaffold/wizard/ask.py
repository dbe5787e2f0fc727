"""From what was found, and the questions that it leaves open, to the answers."""

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
from scaffold.probe.place import refuse_outside
from scaffold.wizard.prompts import ask_question, ask_yes, explain, pick, shown, table
from scaffold.wizard.ways_out import Change, ways_out

GO_ON, STOP, CHOOSE = "go-on", "stop", "choose"


def confirm(question: str) -> bool:
    """Yes or no, yes being the default."""
    return ask_yes(question)


def choose(question: str, choices: list[tuple[str, str]]) -> str:
    """One of (value, label), the first being the default."""
    return pick(question, choices, choices[0][0])


def may_write(files: int, show_diff: Callable[[], None], no: str = "no") -> bool:
    """Whether to write, yes being the default; the differences are shown as often as asked for."""
    these = {0: "scaffold's own state", 1: "this file"}.get(files, f"these {files} files")
    choices = [("yes", "yes"), ("diff", "show what changes in each file"), ("no", no)]
    while True:
        print()
        answer = pick(f"Write {these}?", choices, "yes")
        if answer != "diff":
            return answer == "yes"
        show_diff()


class Interview:
    """Asks for what neither the repository nor `given` answers, then shows every answer."""

    def __init__(self, root: str, given: Sequence[Given]) -> None:
        """Raises Refusal for what is wrong with `given`."""
        problems = [problem for source in given for problem in source.problems]
        if problems:
            raise Refusal(*problems)
        self.root = root
        self.seen = Look(root)
        self.stated: dict[str, Value] = {}
        self.places: dict[str, str] = {}
        for source in given:
            self.stated.update(source.values)
            self.places.update(source.places)
        self.answered: dict[str, Value] = {}
        self.confirmed: set[str] = set()
        self.detected = Detected({})
        self.values: dict[str, Value] = {}
        self.greeted = False
        self.look()

    def answers(self) -> Answers | None:
        """The answers that the person agrees to; None where the person stops. A second call starts at the answers.

        Raises KeyboardInterrupt on ^C.
        """
        if not self.greeted:
            self.greeted = True
            self.greet()
            self.ask_open()
            refuse_outside(self.seen, {**self.stated, **self.answered})
        while True:
            if self.contradicts():
                continue
            chosen = self.summary()
            if chosen == STOP:
                return None
            if chosen == GO_ON:
                return resolve(Given(dict(self.values), {}, ()), detected=self.detected)
            self.ask(chosen)

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
        module = self.seen.modules.at(str(self.values["module"]))
        sights = self.seen.sights(str(self.values["module"]))
        if any(not place.startswith("--set") for place in self.places.values()):
            explain("scaffold.yml answers these questions already.")
        elif module:
            explain("scaffold looked at this project and found the answers below.")
        else:
            explain("There is no Gradle build here yet: scaffold creates a new project.")
        if sights:
            also = "; ".join(f"{one.about} {one.value} ({one.origin})" for one in sights)
            explain(f"Also found: {also}.")

    def ask_open(self) -> None:
        """The questions that nothing answers, each with its number."""
        done: list[str] = []
        while left := [name for name in self.open() if name not in done]:
            total = len(done) + len(left)
            self.ask(left[0], f"{len(done) + 1} of {total}" if total > 1 else "")
            done.append(left[0])

    def open(self) -> list[str]:
        """The keys that a person has to answer: no default is right for most, or several places fit equally."""
        module = self.seen.modules.at(str(self.values["module"]))
        found = self.detected.defaults if module else {}
        unknown = {name for name, key in KEYS.items() if key.is_open and name not in found}
        if len(self.seen.modules.builders()) > 1 and "crate" not in self.stated:
            unknown.add("module")
        crates = self.seen.crate_candidates(str(self.values["module"]))
        if len(crates) > 1 and crates[0].rank == crates[1].rank and not (module and module.crate):
            unknown.add("crate")
        open_ = [name for name in self.asked() if name in unknown - self.stated.keys()]
        return sorted(open_, key=lambda name: name != "module")

    def ask(self, name: str, progress: str = "") -> None:
        key = KEYS[name]
        answer = ask_question(
            key, self.values[name], self.origin(name), self.offers(name), progress
        )
        self.take(name, normal_folder(str(answer)) if name in ("crate", "module") else answer)

    def take(self, key: str, value: Value) -> None:
        """An answer; one that only takes what was proposed goes on following what is found."""
        self.confirmed.add(key)
        if value != self.values[key] or key in self.answered:
            self.answered[key] = value
        if key in ("crate", "module", "plugin", "rust_build"):
            self.look()
        else:
            self.values[key] = value

    def origin(self, key: str) -> str:
        if key in self.confirmed:
            return "your answer"
        if key in self.places:
            return self.places[key]
        found = self.detected.defaults.get(key)
        return found.origin if found else "default"

    def offers(self, name: str) -> dict[str, str]:
        """Value → hint of what to offer beside the key's words."""
        if name == "crate":
            crates = self.seen.crate_candidates(str(self.values["module"]))
            return {one.folder: one.about for one in crates}
        if name == "module":
            return {one.folder: one.about for one in self.seen.module_candidates()}
        if name == "rust_build" and not self.seen.modules.at(str(self.values["module"])):
            return dict.fromkeys(set(KEYS[name].choices) - {"rust-android-gradle"}, "")
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
        ndk = f"NDK {shown(self.values['ndk'])}: {self.origin('ndk')}."
        explain(f"{wrong[0].message}.", f"{ndk} To fix it, {wrong[0].hint}.")
        offers = {
            change.key + "=" + change.value: change
            for change in ways_out(self.values, self.targets)
        }
        rows = [(name, change.text) for name, change in offers.items()]
        chosen = pick(
            "Which answer changes?", [*rows, (CHOOSE, "another one…")], next(iter(offers), CHOOSE)
        )
        if chosen == CHOOSE:
            self.ask(pick("Which one?", self.rows(), wrong_key(wrong[0].message)))
        else:
            change: Change = offers[chosen]
            self.take(change.key, change.value)
        return True

    def rows(self) -> list[tuple[str, str]]:
        """(key, line of the summary) of each answer that applies."""
        keys = self.asked()
        lines = [(key, in_short(key, self.values[key]), self.why(key)) for key in keys]
        return list(zip(keys, table(lines), strict=True))

    def why(self, key: str) -> str:
        """Where the answer is from; of a default, what it means."""
        origin = self.origin(key)
        value = self.values[key]
        means = KEYS[key].hint(value) if isinstance(value, str) else ""
        return f"{origin}: {means}" if origin == "default" and means else origin

    def summary(self) -> str:
        """Shows all answers; returns what to do next."""
        print()
        rows = self.rows()
        ends = [(GO_ON, "yes, show the plan"), *rows, (STOP, "cancel, write nothing")]
        below = "Or choose one to change it."
        return pick("Use these answers?", ends, GO_ON, below, silent=[key for key, _ in rows])


def in_short(key: str, value: Value) -> str:
    """A value as one line of the summary shows it, also at 60 columns."""
    everything = KEYS[key].choices
    return "all" if len(value) > 1 and tuple(value) == everything else shown(value)


def wrong_key(message: str) -> str:
    """The key that a contradiction starts with."""
    key = message.partition(":")[0]
    return key if key in KEYS else "ndk"
