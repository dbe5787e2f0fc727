"""What is asked, when, and why it matters: texts and conditions, no terminal."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

Value = str | tuple[str, ...]
Values = Mapping[str, Value]


class Question(NamedTuple):
    """`why` says what the answer is for and what happens otherwise. `hints` explain single choices."""

    key: str
    title: str
    why: str
    applies: Callable[[Values], bool] = lambda _values: True
    hints: Mapping[str, str] = {}


def _android(values: Values) -> bool:
    return values["plugin"] != "jvm"


def _desktop(values: Values) -> bool:
    return values["plugin"] != "android"


QUESTIONS: tuple[Question, ...] = (
    Question(
        "hosts",
        "Which machines build this project?",
        "Developers' machines and CI. With several, linkers are chosen at build time.",
        hints={"linux": "Linux", "macos": "macOS", "windows": "Windows"},
    ),
    Question(
        "crate",
        "Which folder holds the Rust crate?",
        "Its build.rs tells the linker what Android needs. Where there is none, a small one is made.",
    ),
    Question(
        "module",
        "Which folder holds the Gradle module?",
        "Its build.gradle.kts gets one block at the end. Where there is none, a small one is made.",
    ),
    Question(
        "plugin",
        "Which Kotlin plugin does that module use?",
        "It decides where JNA goes and whether there is an Android part.",
        hints={
            "multiplatform": "Kotlin Multiplatform",
            "android": "Android only",
            "jvm": "desktop only",
        },
    ),
    Question(
        "gobley",
        "Which Gobley version?",
        "It brings its own JNA; the plan says which.",
    ),
    Question(
        "abis",
        "Which Android ABIs?",
        "Phones: arm64-v8a, old ones armeabi-v7a. Emulators: x86_64, x86.",
        _android,
    ),
    Question(
        "ndk",
        "Which NDK?",
        "From r28 on it makes 16 KB pages by itself. Left open, Gradle takes the newest on each machine.",
        _android,
    ),
    Question(
        "cpp_runtime",
        "Which C++ runtime on Android?",
        "Without the right one the app dies with `cannot locate symbol __cxa_…`.",
        _android,
        {
            "shared": "libc++_shared.so in the app; right for most",
            "static": "inside the library; only if it is the one C++ library",
            "none": "no C++ code at all",
        },
    ),
    Question(
        "page_size",
        "What makes libraries load on 16 KB pages?",
        "Google Play asks for it; new phones refuse other libraries.",
        _android,
        {
            "auto": "let scaffold choose by NDK",
            "ndk": "the NDK itself, r28 or newer",
            "build-script": "build.rs; nothing switches it off",
            "cargo-config": ".cargo/config.toml; RUSTFLAGS hides it",
            "gradle": "the Gradle tasks; RUSTFLAGS hides it",
            "off": "nothing; old devices only",
        },
    ),
    Question(
        "jna",
        "Which JNA?",
        "UniFFI's Kotlin code loads the library with it. Below 5.17.0 it fails on 16 KB pages.",
        hints={"default": "what Gobley brings"},
    ),
    Question(
        "linux_targets",
        "Desktop Linux libraries, linked with Zig?",
        "macOS and Windows cannot link for Linux without it. None: such builds fail or are left out.",
        _desktop,
    ),
    Question(
        "glibc",
        "Oldest glibc that they must run on?",
        "2.17 is CentOS 7, 2.31 Ubuntu 20.04. A library for a newer glibc does not load on older systems.",
        lambda values: _desktop(values) and bool(values["linux_targets"]),
        {"default": "what Zig takes, 2.28 or newer"},
    ),
    Question(
        "ios_deployment_target",
        "Oldest iOS?",
        "Rust and C code must agree, or ___chkstk_darwin is missing. 13.0 or newer.",
        lambda values: values["plugin"] == "multiplatform" and "macos" in values["hosts"],
        {"none": "no iOS build"},
    ),
    Question(
        "rust_toolchain",
        "Pin the Rust toolchain?",
        "Writes rust-toolchain.toml, so that all machines build with one Rust.",
        hints={"none": "each machine's own"},
    ),
    Question(
        "windows_arm64",
        "The Windows-on-ARM library?",
        "Every Windows host builds it; without MSVC's ARM64 tools that fails.",
        lambda values: _desktop(values) and "windows" in values["hosts"],
        {"build": "the ARM64 tools are installed", "skip": "leave it out"},
    ),
)

BY_KEY = {question.key: question for question in QUESTIONS}


def asked(values: Values) -> tuple[Question, ...]:
    """The questions that apply to these answers."""
    return tuple(question for question in QUESTIONS if question.applies(values))


def shown(value: Value) -> str:
    """A value as the summary shows it."""
    return value if isinstance(value, str) else ", ".join(value) or "none"
