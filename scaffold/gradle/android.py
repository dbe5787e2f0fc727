"""What the scripts of a module say of Android: which DSL configures it, its NDK, its ABIs, what it packages."""

import re
from collections.abc import Iterator, Sequence

from scaffold.facts import load_facts
from scaffold.gradle.conventions import Part
from scaffold.gradle.found import Abis, AbiSource, AndroidDsl, Setting, Span
from scaffold.gradle.sources import below
from scaffold.gradle.values import Values
from scaffold.syntax.statements import Argument, Statement

PLUGINS = (
    "com.android.application",
    "com.android.library",
    "com.android.dynamic-feature",
    "com.android.test",
)
MULTIPLATFORM_LIBRARY = "com.android.kotlin.multiplatform.library"
ABIS = tuple(row.abi for row in load_facts().abis)

_EXTENSION = r"(?:Library|Application|Base|Common|Test|DynamicFeature|App)\w*Extension"
_ANDROID = re.compile(rf"(?:^|\.)android\b|[(]\"android\"[)]|{_EXTENSION}\b|androidLibrary$")
_OWN_BLOCK = re.compile(r"(?:project\.)?android(?:$|\.)")
_BY_NAME = re.compile(
    rf"(?:configure|getByType|getByName|the)\b.*(?:{_EXTENSION}|[(]\"android\"[)])"
)
CARGO = re.compile(r"(?:^|\.)cargo(?:$|\.)|CargoExtension\b")
_KOTLIN = re.compile(r"(?:^|\.)(?:kotlin|targets)$|KotlinMultiplatformExtension\b")
NDK_PREVIEW = r"(?:[ -](?:alpha|beta|rc)\d*)?"  # what may follow a revision
_REVISION = re.compile(rf"(\d+\.\d+\.\d+){NDK_PREVIEW}")
_FILTERS = re.compile(r"\babiFilters\b(?:\.\w+)?$")
_LISTS = re.compile(
    r"(?:mutable|linked|hash|array)?(?:[sS]et|[lL]ist|[aA]rray)?Of$|toSet|toList|Set|List"
)
_TARGET = re.compile(r"(?:ios|macos|tvos|watchos|linux|mingw|androidNative)(?:[A-Z]\w*)?")
_IOS = re.compile(r"ios(?:Arm64|X64|SimulatorArm64)?")
_CHOOSES = re.compile(r"(?:pickFirsts?|excludes?|keepDebugSymbols|merges?|doNotStrip)$")


def statements_in(parts: Sequence[Part]) -> Iterator[tuple[Statement, str]]:
    """(statement, its file) of everything that configures the module."""
    for part in parts:
        for one in part.statements:
            yield one, part.path


def android_setting(parts: Sequence[Part], values: Values, name: str) -> Setting | None:
    """What `android { <name> }` is set to, the module's own script before a convention's."""
    for one, path in statements_in(parts):
        if one.name == name and one.arguments and _of_android(one) and not _of_itself(one):
            return values.setting(one.arguments[0], path, one.line)
    return None


def ndk_version(parts: Sequence[Part], values: Values) -> Setting | None:
    """The module's own `ndkVersion`; of a preview such as `29.0.13599879 rc2`, the folder's name."""
    found = android_setting(parts, values, "ndkVersion")
    revision = _REVISION.fullmatch(found.value or "") if found else None
    return found._replace(value=revision[1]) if found and revision else found


def _of_itself(one: Statement) -> bool:
    """Whether it hands on what AGP has anyway, as `ndkVersion = android.ndkVersion` does."""
    return one.arguments[0].text.endswith(f"android.{one.name}")


def _of_android(one: Statement) -> bool:
    return one.block.inside(_ANDROID) or bool(_ANDROID.search(one.path.rpartition(".")[0]))


def android_block(parts: Sequence[Part]) -> bool:
    """Whether something configures AGP's extension (not a Kotlin target, nor a Cargo build)."""
    return any(
        (_OWN_BLOCK.match(head) or _BY_NAME.search(head))
        and not (one.block.inside(_KOTLIN) or one.block.inside(CARGO))
        for one, _ in statements_in(parts)
        if one.tokens[-1].kind == "block"
        for head in (one.text.removesuffix("{}").strip(),)
    )


def in_kotlin(one: Statement) -> bool:
    """Whether it stands in `kotlin {}`, or begins with `kotlin.`."""
    first = one.path.partition(".")[0] if "." in one.path else ""
    inside = one.block.inside(_KOTLIN) or bool(_KOTLIN.search(first))
    return inside and not one.block.inside(CARGO) and not CARGO.search(first)


def android_target(parts: Sequence[Part]) -> bool:
    """Whether a multiplatform module declares an Android target."""
    names = ("androidTarget", "androidLibrary", "android")
    return any(
        name in names
        for one, _ in statements_in(parts)
        if in_kotlin(one) and "sourceSets" not in one.heads
        for name in (*one.calls(), one.name)
    )


def dsl(parts: Sequence[Part], plugins: Sequence[str], *, android: bool) -> AndroidDsl:
    """What configures Android in this module."""
    if MULTIPLATFORM_LIBRARY in plugins:
        return "multiplatform-library"
    if any(id_ in PLUGINS for id_ in plugins) or android_block(parts):
        return "extension"
    by_kotlin = any(
        one.path == "androidLibrary" and in_kotlin(one) for one, _ in statements_in(parts)
    )
    return ("multiplatform-library" if by_kotlin else "extension") if android else "none"


def jvm_source_set(parts: Sequence[Part]) -> str | None:
    """The main source set of the first JVM target: `desktopMain` for `jvm("desktop")`."""
    for one, _ in statements_in(parts):
        inside = bool(one.heads and _KOTLIN.search(one.heads[-1]))
        if (one.path == "jvm" and inside) or (one.path == "kotlin.jvm" and not one.heads):
            name = one.arguments[0].literal if one.arguments else None
            return f"{name or 'jvm'}Main"
    return None


def native_target(parts: Sequence[Part], *, ios: bool = False) -> str:
    """The first line that declares a Kotlin/Native target, with `ios` one for iOS."""
    wanted = _IOS if ios else _TARGET
    for one, path in statements_in(parts):
        if in_kotlin(one) and any(wanted.fullmatch(name) for name in one.calls()):
            return f"{path}:{one.line}"
    return ""


def abi_filters(parts: Sequence[Part], values: Values) -> Abis | None:
    """What all `abiFilters` name together; those of a build type alone leave the others as they are."""
    found: list[tuple[Argument, str]] = []
    place, everywhere = "", False
    for one, path in statements_in(parts):
        if _FILTERS.search(one.path):
            place = place or f"{path}:{one.line}"
            everywhere = everywhere or "buildTypes" not in one.heads
            found += [(argument, path) for argument in one.arguments]
    if not place:
        return None
    named = _named(found, place, values, "abiFilters")
    return named if everywhere else named._replace(complete=False, literal=None)


def split_abis(parts: Sequence[Part], values: Values) -> Abis | None:
    """The first `splits { abi { include(…) } }`."""
    for one, path in statements_in(parts):
        if one.heads[-2:] == ("splits", "abi") and one.name == "include" and one.arguments:
            arguments = [(argument, path) for argument in one.arguments]
            return _named(arguments, f"{path}:{one.line}", values, "splits")
    return None


def _named(
    arguments: Sequence[tuple[Argument, str]], place: str, values: Values, by: AbiSource
) -> Abis:
    abis: dict[str, None] = {}
    complete = True
    strings = [token for argument, _ in arguments for token in argument.tokens if token.plain]
    literal = Span(arguments[0][1], strings[0].start, strings[-1].end) if strings else None
    for argument, path in arguments:
        for token in argument.tokens:
            if token.plain:
                abis[token.text] = None
            elif token.kind == "string":
                complete = False
            elif token.kind == "word" and not _LISTS.fullmatch(token.text):
                listed = values.strings(token.text, path)
                abis |= dict.fromkeys(listed)
                complete = complete and bool(listed)
    names = tuple(abi for abi in abis if abi in ABIS)
    return Abis(names, place, by, complete, literal if complete else None)


def dynamic_cpp(parts: Sequence[Part]) -> Setting | None:
    """Gobley's `dynamicLibraries` with c++_shared."""
    for one, path in statements_in(parts):
        said = "dynamicLibraries" in "/".join((*one.heads[-1:], one.path))
        if said and any(token.text == "c++_shared" for token in one.strings):
            return Setting("c++_shared", one.text, f"{path}:{one.line}")
    return None


def packaged_cpp(parts: Sequence[Part], values: Values) -> Setting | None:
    """What else packages libc++_shared.so: a task that copies it, CMake's STL, a file in jniLibs."""
    for one, path in statements_in(parts):
        for token in one.strings:
            copies = "libc++_shared" in token.text and not _CHOOSES.search(one.path)
            if copies or re.search(r"ANDROID_STL=c\+\+_shared|--link-libcxx-shared", token.text):
                return Setting("c++_shared", one.text, f"{path}:{token.line}")
    sources = values.build.sources
    for abi in ABIS:
        library = below(values.folder, f"src/main/jniLibs/{abi}/libc++_shared.so")
        if sources.exists(library):
            return Setting("c++_shared", library, library)
    return None


def page_flags(parts: Sequence[Part]) -> Setting | None:
    """Linker flags for 16 KB pages that the scripts pass to rustc themselves."""
    for one, path in statements_in(parts):
        for token in one.strings:
            by_plugin = "RUST_ANDROID_GRADLE_CC_LINK_ARG" in one.text
            start = "" if by_plugin else r"link-args?=\S*?"
            passed = re.search(rf"{start}(max-page-size=\w+)", token.text)
            if passed:
                return Setting(passed[1], one.text, f"{path}:{token.line}")
    return None
