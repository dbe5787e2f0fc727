"""What is newer than the answers say, and why one should follow, or not yet."""

from collections.abc import Iterator
from typing import NamedTuple

from scaffold.answers.key import Situation, Targets
from scaffold.answers.keys import KEYS
from scaffold.answers.model import Answers
from scaffold.facts import Facts, load_facts, not_above, version_key
from scaffold.gradle.found import Module, Setting


class Upgrade(NamedTuple):
    """A newer version. `key` is the answer that takes it; "" where only the user's own build says it, at `place`."""

    name: str
    key: str
    now: str
    new: str
    why: str
    caution: str = ""
    place: str = ""

    @property
    def setting(self) -> str:
        """As `--set` takes it."""
        return f"{self.key}={self.new}"


def upgrades(answers: Answers, targets: Targets, module: Module | None) -> tuple[Upgrade, ...]:
    """Every known newer version of what this project uses."""
    facts = load_facts()
    situation = Situation(answers.values, targets)
    found = [
        *(_ndk(answers, facts) if targets.android else ()),
        *(_gobley(answers, facts) if KEYS["gobley"].applies(situation) else ()),
        *(_jna(answers, facts) if KEYS["jna"].applies(situation) else ()),
        *_rust(answers, facts),
        *(_own_build(answers, facts, module) if module else ()),
    ]
    return tuple(one for one in found if _is_newer(one))


def _is_newer(upgrade: Upgrade) -> bool:
    return version_key(upgrade.new) > version_key(upgrade.now)


def _ndk(answers: Answers, facts: Facts) -> Iterator[Upgrade]:
    newest = facts.ndk[-1]
    now, then = (not_above(facts.page_size, one) for one in (answers.ndk, newest.revision))
    if then.aligned_by_ndk and not now.aligned_by_ndk:
        why = f"NDK {newest.release} aligns 64-bit libraries to 16 KB without linker flags"
    elif then.libcxx_shared_align > now.libcxx_shared_align:
        why = f"the libc++_shared.so of NDK {newest.release} loads on 16 KB pages"
    else:
        why = f"NDK {newest.release} has clang {newest.clang}"
    caution = "every developer and CI machine needs it installed"
    if answers.cpp_runtime == "shared":
        caution += "; libraries linked with it need its libc++_shared.so, not an older one"
    yield Upgrade("NDK", "ndk", answers.ndk, newest.revision, why, caution)


def _gobley(answers: Answers, facts: Facts) -> Iterator[Upgrade]:
    now, newest = not_above(facts.gobley, answers.gobley), facts.gobley[-1]
    why = "it is the newest release"
    if version_key(newest.jna) > version_key(now.jna):
        why = f"its UniFFI plugin uses JNA {newest.jna} instead of {now.jna}"
    caution = "change the version in your plugins block or catalogue as well"
    if version_key(newest.min_rust) > version_key(now.min_rust):
        caution += f"; it needs Rust {newest.min_rust}, and UniFFI in the crate must match"
    yield Upgrade("Gobley", "gobley", answers.gobley, newest.version, why, caution)


def _jna(answers: Answers, facts: Facts) -> Iterator[Upgrade]:
    if answers.jna == "default":
        return
    good = [row for row in facts.jna if (row.arm64, row.x86_64, row.note) == ("ok", "ok", "")]
    now = not_above(facts.jna, answers.jna)
    why = "it is the newest release without a known defect"
    if (now.arm64, now.x86_64) != ("ok", "ok"):
        why = f"JNA {answers.jna} does not load on 16 KB pages"
    elif now.note:
        why = f"JNA {answers.jna}: {now.note}"
    yield Upgrade("JNA", "jna", answers.jna, good[-1].version, why)


def _rust(answers: Answers, facts: Facts) -> Iterator[Upgrade]:
    pinned = answers.rust_toolchain
    if not pinned[0].isdigit() or "-" in pinned:
        return
    newest = facts.rust[-1]
    why = f"it is the newest release that scaffold knows (LLVM {newest.llvm})"
    caution = "newer lints may fail a build that denies warnings"
    yield Upgrade("Rust", "rust_toolchain", pinned, newest.version, why, caution)


def _own_build(answers: Answers, facts: Facts, module: Module) -> Iterator[Upgrade]:
    """What no answer holds: the versions that a new project would start with."""
    row = not_above(facts.starter, answers.gobley)
    named: list[tuple[str, Setting | None, str]] = [
        ("Android Gradle plugin", module.agp, row.agp),
        ("Kotlin", _plugin_version(module), row.kotlin),
    ]
    for name, setting, new in named:
        if setting and setting.value and _plain(setting.value):
            why = f"new projects with Gobley {answers.gobley} start with it"
            yield Upgrade(name, "", setting.value, new, why, place=setting.place)


def _plugin_version(module: Module) -> Setting | None:
    kotlin = (one for one in module.plugins if one.id.startswith("org.jetbrains.kotlin."))
    return next((one.version for one in kotlin if one.version), None)


def _plain(version: str) -> bool:
    return all(part.isdigit() for part in version.split("."))
