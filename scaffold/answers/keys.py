"""The keys of `scaffold.yml`: the one table that reading, writing, the schema and the wizard follow."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from enum import Enum

from scaffold.facts import Facts, load_facts, version_key


class Kind(Enum):
    """How a key's value is written."""

    CHOICE = "choice"
    LIST = "list"
    FOLDER = "folder"
    VERSION = "version"


@dataclass(frozen=True)
class Key:
    """One key: `choices` for CHOICE and LIST (for VERSION the words that stand beside versions),
    `pattern` for VERSION; `default` where neither repository nor machine says better."""

    name: str
    kind: Kind
    comment: str
    default: str | tuple[str, ...]
    choices: tuple[str, ...] = ()
    pattern: str = ""
    example: str = ""
    least_one: bool = False
    suggestions: Callable[[Facts], tuple[str, ...]] | None = None


def _ndk_revisions(facts: Facts) -> tuple[str, ...]:
    return tuple(row.revision for row in facts.ndk)


def _gobley_versions(facts: Facts) -> tuple[str, ...]:
    return tuple(row.version for row in facts.gobley)


def _jna_versions(facts: Facts) -> tuple[str, ...]:
    return tuple(row.version for row in facts.jna)


ABIS = ("arm64-v8a", "armeabi-v7a", "x86_64", "x86")

KEYS: tuple[Key, ...] = (
    Key("schema", Kind.CHOICE, "The form of this file.", "1", choices=("1",)),
    Key(
        "hosts",
        Kind.LIST,
        "The machines that build this project: linux, macos, windows.",
        ("linux",),
        choices=("linux", "macos", "windows"),
        least_one=True,
    ),
    Key("crate", Kind.FOLDER, "Folder of the Cargo package, seen from this file.", "."),
    Key("module", Kind.FOLDER, "Folder of the Gradle module that uses it.", "."),
    Key(
        "plugin",
        Kind.CHOICE,
        "The Kotlin plugin of that module: multiplatform, android, jvm.",
        "multiplatform",
        choices=("multiplatform", "android", "jvm"),
    ),
    Key(
        "gobley",
        Kind.VERSION,
        "The Gobley version of the build.",
        "",
        pattern=r"\d+\.\d+\.\d+",
        example="0.3.7",
        suggestions=_gobley_versions,
    ),
    Key(
        "abis",
        Kind.LIST,
        "Android ABIs to build: arm64-v8a, armeabi-v7a, x86_64, x86.",
        ABIS,
        choices=ABIS,
        least_one=True,
    ),
    Key(
        "ndk",
        Kind.VERSION,
        "Full NDK revision, the name of its folder below ndk/ in the Android SDK.",
        "",
        pattern=r"\d+\.\d+\.\d+",
        example="28.2.13676358",
        suggestions=_ndk_revisions,
    ),
    Key(
        "cpp_runtime",
        Kind.CHOICE,
        "C++ runtime on Android: shared (libc++_shared.so goes into the app), static (inside the\n"
        "library; only where it is the app's one C++ library), none (no C++ code).",
        "shared",
        choices=("shared", "static", "none"),
    ),
    Key(
        "page_size",
        Kind.CHOICE,
        "What makes 64-bit Android libraries load on 16 KB pages: auto (ndk from r28, else\n"
        "build-script), ndk, build-script, cargo-config, gradle, off.",
        "auto",
        choices=("auto", "ndk", "build-script", "cargo-config", "gradle", "off"),
    ),
    Key(
        "jna",
        Kind.VERSION,
        "JNA version: default (what Gobley brings) or a version.",
        "default",
        choices=("default",),
        pattern=r"\d+\.\d+(\.\d+)?",
        example="5.18.1",
        suggestions=_jna_versions,
    ),
    Key(
        "linux_targets",
        Kind.LIST,
        "Desktop Linux libraries that are linked with Zig: x86_64, aarch64.",
        (),
        choices=("x86_64", "aarch64"),
    ),
    Key(
        "glibc",
        Kind.VERSION,
        "Oldest glibc that those run on: default (Zig's) or a version such as 2.17.",
        "default",
        choices=("default",),
        pattern=r"2\.\d{1,2}(\.\d{1,2})?",
        example="2.17",
    ),
    Key(
        "ios_deployment_target",
        Kind.VERSION,
        "Oldest iOS: none (no iOS build) or a version such as 13.0.",
        "none",
        choices=("none",),
        pattern=r"\d{1,2}(\.\d{1,2}){0,2}",
        example="13.0",
    ),
    Key(
        "rust_toolchain",
        Kind.VERSION,
        "Writes rust-toolchain.toml: none, or a channel such as 1.95.0.",
        "none",
        choices=("none", "stable", "beta", "nightly"),
        pattern=r"\d+\.\d+(\.\d+)?(-beta(\.\d+)?)?|(nightly|beta|stable)-\d{4}-\d{2}-\d{2}",
        example="1.95.0",
    ),
    Key(
        "windows_arm64",
        Kind.CHOICE,
        "The Windows-on-ARM desktop library: build (needs MSVC's ARM64 tools) or skip.",
        "build",
        choices=("build", "skip"),
    ),
)

BY_NAME = {key.name: key for key in KEYS}


def default_of(key: Key) -> str | tuple[str, ...]:
    """The default where nothing was found: for versions the newest that is known."""
    if key.default == "" and key.suggestions:
        return key.suggestions(load_facts())[-1]
    return key.default


def complaint(key: Key, value: str) -> tuple[str, str] | None:
    """What is wrong with one scalar of this key, and the next step; None where it is right."""
    if key.kind is Kind.FOLDER:
        return _folder_complaint(key, value)
    if value in key.choices:
        return None
    if key.pattern and re.fullmatch(key.pattern, value, re.ASCII) and len(value) <= 40:
        return _version_complaint(key, value)
    return f"{key.name}: {_quoted(value)} is not a value of it", _nearest(key, value)


def _version_complaint(key: Key, value: str) -> tuple[str, str] | None:
    facts = load_facts()
    floors = {"ndk": facts.ndk[0].revision, "gobley": facts.gobley[0].version}
    floor = floors.get(key.name)
    if floor is None or version_key(value) >= version_key(floor):
        return None
    reasons = {
        "ndk": "Rust needs r25 or newer, and nothing is known of NDKs before r23",
        "gobley": "there is no such release",
    }
    newest = key.suggestions(facts)[-1] if key.suggestions else key.example
    return f"{key.name}: {value} is below {floor}: {reasons[key.name]}", f"use {newest}"


def _folder_complaint(key: Key, value: str) -> tuple[str, str] | None:
    wrong = ""
    parts = value.split("/")
    if not value:
        wrong = "is empty"
    elif any(ord(char) < 32 or 127 <= ord(char) < 160 or char in "\u2028\u2029" for char in value):
        wrong = "has a control character in it"
    elif "\\" in value:
        wrong = "has a backslash in it"
    elif any(0xD800 <= ord(char) < 0xE000 for char in value):
        wrong = "is no Unicode text"
    elif value.startswith("/") or re.match("[A-Za-z]:", value):
        wrong = "is an absolute path"
    elif _leaves(parts):
        wrong = "leaves the project"
    elif ".git" in parts or ".scaffold" in parts:
        wrong = "lies in a folder that belongs to a tool"
    if not wrong:
        return None
    return (
        f"{key.name}: {_quoted(value)} {wrong}",
        "name a folder inside the project, with /, for example . or core",
    )


def _leaves(parts: list[str]) -> bool:
    depth = 0
    for part in parts:
        depth += {"..": -1, ".": 0, "": 0}.get(part, 1)
        if depth < 0:
            return True
    return False


def normal_folder(value: str) -> str:
    """`./a//b/../c/` → `a/c`; the project itself is `.`."""
    parts: list[str] = []
    for part in value.split("/"):
        if part == "..":
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts) or "."


def _nearest(key: Key, value: str) -> str:
    if key.name == "ndk":
        release = _ndk_by_release(value)
        if release:
            return release
    pool = list(key.choices)
    if key.suggestions:
        pool += key.suggestions(load_facts())
    near = get_close_matches(value.lower(), pool, n=1, cutoff=0.5)
    allowed = ", ".join(key.choices)
    if key.pattern:
        allowed = f"{allowed} or a version such as {key.example}" if allowed else key.example
    return f"did you mean {near[0]}?" if near else f"use {'one of ' * (not key.pattern)}{allowed}"


def _ndk_by_release(value: str) -> str:
    rows = load_facts().ndk
    for row in reversed(rows):
        if value in (row.release, row.release.removeprefix("r")):
            return f"{row.release} is {row.revision}"
        if value.startswith(row.revision + "-"):
            return f"the folder is named after the base revision: {row.revision}"
    numbers = value.removeprefix("r").rstrip("x.")
    for row in reversed(rows):
        if numbers and row.revision.startswith(numbers + "."):
            return f"did you mean {row.revision}?"
    return ""


def _quoted(value: str) -> str:
    shown = value if len(value) <= 60 else value[:57] + "…"
    return (
        '"'
        + "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in shown)
        + '"'
    )
