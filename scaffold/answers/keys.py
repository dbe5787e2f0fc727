"""The keys of `scaffold.yml`: the one table that reading, writing, the schema and the wizard follow."""

from collections.abc import Callable, Mapping

from scaffold.answers.key import Floor, Hints, Key, Kind, Situation, Targets, Value
from scaffold.facts import Facts, load_facts


def _fixed(value: Value) -> Callable[[Facts], Value]:
    return lambda _facts: value


def _words(**hints: str) -> Callable[[Facts], Hints]:
    named = {name.replace("_", "-"): hint for name, hint in hints.items()}
    return lambda _facts: named


def _plain(*names: str) -> Callable[[Facts], Hints]:
    return lambda _facts: dict.fromkeys(names, "")


def _abis(facts: Facts) -> Hints:
    return dict.fromkeys((row.abi for row in facts.abis), "")


def _ndks(facts: Facts) -> Hints:
    """The newest revision of each release, newest first."""
    newest = {row.revision.partition(".")[0]: row for row in facts.ndk}
    return {row.revision: row.release for row in reversed(newest.values())}


def _gobleys(facts: Facts) -> Hints:
    return {row.version: "" for row in reversed(facts.gobley)}


def _jnas(facts: Facts) -> Hints:
    """Those that load on 16 KB pages and have no known defect, newest first."""
    good = [row for row in facts.jna if (row.arm64, row.x86_64, row.note) == ("ok", "ok", "")]
    return {row.version: "" for row in reversed(good)}


def _oldest_ndk(facts: Facts) -> Floor:
    return Floor(facts.ndk[0].revision, "scaffold knows nothing about older NDKs")


def _oldest_gobley(facts: Facts) -> Floor:
    return Floor(facts.gobley[0].version, "there is no such release")


def android(situation: Situation) -> bool:
    return situation.targets.android


def _gobley(situation: Situation) -> bool:
    return situation.values["rust_build"] == "gobley"


def _linux(situation: Situation) -> bool:
    return situation.targets.desktop and situation.values["rust_build"] in ("gobley", "none")


_TABLE = (
    Key(
        "schema",
        Kind.CHOICE,
        "The format of this file.",
        _fixed("1"),
        words=_plain("1"),
    ),
    Key(
        "hosts",
        Kind.LIST,
        "Machines that build this project: {words}.",
        _fixed(("linux",)),
        "Which machines build this project?",
        "Name developers' machines and CI. If there are several, the build chooses its linker when it runs.",
        words=_words(linux="Linux", macos="macOS", windows="Windows"),
        least_one=True,
        is_open=True,
    ),
    Key(
        "crate",
        Kind.FOLDER,
        "Folder of the Cargo package, relative to this file.",
        _fixed("."),
        "Which folder holds the Rust crate?",
        "scaffold adds Android's linker flags to its build.rs. If the folder has no crate, scaffold creates one.",
    ),
    Key(
        "module",
        Kind.FOLDER,
        "Folder of the Gradle module that uses the crate.",
        _fixed("."),
        "Which folder holds the Gradle module?",
        "scaffold adds one block to its build.gradle.kts. If the folder has no build, scaffold creates one.",
    ),
    Key(
        "plugin",
        Kind.CHOICE,
        "Kotlin plugin of the module: {words}.",
        _fixed("multiplatform"),
        "Which Kotlin plugin does the Gradle module use?",
        "It decides which platforms the module builds for.",
        words=_words(
            multiplatform="Kotlin Multiplatform", android="Android only", jvm="desktop only"
        ),
        is_open=True,
    ),
    Key(
        "rust_build",
        Kind.CHOICE,
        "What builds the Rust library: {words}.",
        _fixed("gobley"),
        "What builds the Rust library for Gradle?",
        "Gobley builds for every platform of the module; cargo ndk and Mozilla's plugin build for Android only.",
        words=_words(
            gobley="Gobley's Gradle plugin",
            cargo_ndk="a Gradle task that runs cargo ndk",
            rust_android_gradle="Mozilla's Gradle plugin",
            none="a script or another tool",
        ),
        is_open=True,
    ),
    Key(
        "gobley",
        Kind.VERSION,
        "Gobley version.",
        lambda facts: facts.gobley[-1].version,
        "Which Gobley version?",
        "Its UniFFI plugin adds JNA. The plan shows the version.",
        pattern=r"\d+\.\d+\.\d+",
        example="0.3.7",
        offers=_gobleys,
        floor=_oldest_gobley,
        applies=_gobley,
    ),
    Key(
        "abis",
        Kind.LIST,
        "Android ABIs: {words}.",
        lambda facts: tuple(_abis(facts)),
        "Which Android ABIs?",
        "Phones use arm64-v8a, old ones armeabi-v7a. Emulators use x86_64 or x86.",
        words=_abis,
        least_one=True,
        applies=android,
    ),
    Key(
        "ndk",
        Kind.VERSION,
        "Full NDK revision: the name of its folder in the Android SDK.",
        lambda facts: facts.ndk[-1].revision,
        "Which NDK?",
        "Since {aligned}, the NDK aligns libraries to 16 KB pages. "
        "Without an ndkVersion, machines may build with different NDKs.",
        pattern=r"\d+\.\d+\.\d+",
        example="28.2.13676358",
        offers=_ndks,
        floor=_oldest_ndk,
        applies=android,
    ),
    Key(
        "cpp_runtime",
        Kind.CHOICE,
        "C++ runtime on Android: shared, static (inside the library), none.",
        _fixed("none"),
        "Which C++ runtime on Android?",
        "A library with C++ code and no C++ runtime fails to load: `cannot locate symbol __cxa_…`.",
        words=_words(
            shared="libc++_shared.so in the app; right for most C++ code",
            static="inside the library; only for the app's one C++ library",
            none="no C++ code",
        ),
        applies=android,
    ),
    Key(
        "page_size",
        Kind.CHOICE,
        "16 KB alignment: {words}.",
        _fixed("auto"),
        "What makes libraries load on 16 KB pages?",
        "Google Play requires it, and devices with 16 KB pages load no other 64-bit library.",
        words=_words(
            auto="scaffold chooses by NDK",
            ndk="the NDK itself, {aligned} or newer",
            build_script="build.rs; RUSTFLAGS cannot override it",
            cargo_config=".cargo/config.toml; RUSTFLAGS overrides it",
            gradle="Gobley's Gradle tasks; RUSTFLAGS overrides it",
            off="nothing; only for devices with 4 KB pages",
        ),
        applies=android,
    ),
    Key(
        "jna",
        Kind.VERSION,
        "JNA version, or default: the version of Gobley's UniFFI plugin.",
        _fixed("default"),
        "Which JNA version?",
        "UniFFI's Kotlin code calls Rust through JNA. Versions before {jna} fail on 16 KB pages.",
        words=_words(default="the version of Gobley's UniFFI plugin"),
        pattern=r"\d+\.\d+(\.\d+)?",
        example="5.18.1",
        offers=_jnas,
        applies=lambda situation: situation.values["rust_build"] != "none",
    ),
    Key(
        "linux_targets",
        Kind.LIST,
        "Desktop Linux libraries that Zig links: {words}.",
        _fixed(()),
        "Which desktop Linux libraries does Zig link?",
        "macOS and Windows hosts need Zig to link for Linux. Without it, they build no Linux libraries.",
        words=_plain("x86_64", "aarch64"),
        applies=_linux,
    ),
    Key(
        "glibc",
        Kind.VERSION,
        "Oldest glibc for them: default (Zig's), or a version such as 2.17.",
        _fixed("default"),
        "What is the oldest glibc to support?",
        "2.17 is CentOS 7, 2.31 is Ubuntu 20.04. On an older system, the library fails to load.",
        words=_words(default="Zig's default, 2.28 or newer"),
        pattern=r"2\.\d{1,2}(\.\d{1,2})?",
        example="2.17",
        offers=_plain("2.17", "2.28", "2.31"),
        applies=lambda situation: _linux(situation) and bool(situation.values["linux_targets"]),
    ),
    Key(
        "ios_deployment_target",
        Kind.VERSION,
        "Oldest iOS: a version such as 13.0, or none.",
        _fixed("none"),
        "What is the oldest iOS to support?",
        "Rust and C code must use the same version, or the linker reports ___chkstk_darwin. Use 13.0 or newer.",
        words=_words(none="no iOS build"),
        pattern=r"\d{1,2}(\.\d{1,2}){0,2}",
        example="13.0",
        offers=_plain("13.0", "15.0"),
        applies=lambda situation: situation.targets.ios,
    ),
    Key(
        "rust_toolchain",
        Kind.VERSION,
        "Rust in rust-toolchain.toml: a channel such as 1.95.0, or none.",
        _fixed("none"),
        "Which Rust toolchain does the project pin?",
        "rust-toolchain.toml makes every machine build with the same Rust.",
        words=_words(none="each machine's own", stable="", beta="", nightly=""),
        pattern=r"\d+\.\d+(\.\d+)?(-beta(\.\d+)?)?|(nightly|beta|stable)-\d{4}-\d{2}-\d{2}",
        example="1.95.0",
    ),
    Key(
        "windows_arm64",
        Kind.CHOICE,
        "Windows-on-ARM library: build (requires MSVC's ARM64 tools), or skip.",
        _fixed("build"),
        "Build the Windows-on-ARM library?",
        "Gobley builds it on every Windows host. Without MSVC's ARM64 tools, that build fails.",
        words=_words(build="requires MSVC's ARM64 tools", skip="leave it out"),
        applies=lambda situation: (
            _gobley(situation)
            and situation.targets.desktop
            and "windows" in situation.values["hosts"]
        ),
    ),
)

KEYS: dict[str, Key] = {key.name: key for key in _TABLE}


def default_of(key: Key) -> Value:
    """The default where nothing was found: for versions the newest that is known."""
    return key.default(load_facts())


def usual_targets(values: Mapping[str, Value]) -> Targets:
    """What a new module with this plugin builds for."""
    plugin = values["plugin"]
    # Only Gobley builds the library for every platform of a multiplatform module; the others get its Android half.
    shared = plugin == "multiplatform" and values["rust_build"] == "gobley"
    return Targets(android=plugin != "jvm", desktop=shared or plugin == "jvm", ios=shared)


def applying(values: Mapping[str, Value], targets: Targets | None = None) -> tuple[str, ...]:
    """The keys that apply to these answers (all of them); without `targets`, those of a new module."""
    situation = Situation(values, targets or usual_targets(values))
    return tuple(name for name, key in KEYS.items() if key.applies(situation))
