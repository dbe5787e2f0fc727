"""What a user's Gradle script sets itself, read from its syntax tree.

Comments, strings and our own blocks do not count. The grammar does not understand every script; what
can be found is found, and nothing here refuses a text.
"""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from scaffold.gradle.script_jna import Jna, jna_in
from scaffold.gradle.script_plugins import Plugin, plugins_in
from scaffold.syntax.cannot_merge import CannotMerge
from scaffold.syntax.kotlin_tree import Seen, arguments, callee, literal, path_of, said, seen_in
from scaffold.syntax.syntax import parse, walk

if TYPE_CHECKING:
    from tree_sitter import Node

_EXTENSION = r"(?:Library|Application|Base|Common|Test|DynamicFeature|App)\w*Extension"
_ANDROID = re.compile(rf"(?:^|\.)android\b|[(]\"android\"[)]|{_EXTENSION}\b|androidLibrary$")
_CARGO = re.compile(r"(?:^|\.)cargo(?:$|\.)|CargoExtension\b")
_KOTLIN = re.compile(r"(?:^|\.)(?:kotlin|targets)$|KotlinMultiplatformExtension>?$")
_ANDROID_PLUGIN = re.compile(r"com\.android\.|android.*(?:application|library)", re.IGNORECASE)
_LISTS = re.compile(r"(?:mutable|linked|hash|array)?(?:[sS]et|[lL]ist|[aA]rray)?Of$")


class Import(NamedTuple):
    """`import name as alias`; a star import's name ends in `.*`. Lines count from 1 everywhere."""

    name: str
    line: int
    alias: str = ""


class Setting(NamedTuple):
    """What a property is set to: its literal value (None: an expression), the text, the line."""

    value: str | None
    text: str
    line: int


class AbiFilters(NamedTuple):
    """The ABIs named in all `abiFilters`; not `complete` where an expression adds to them."""

    abis: tuple[str, ...]
    line: int
    complete: bool


class KotlinScript(NamedTuple):
    """The user's own part of a `build.gradle.kts`."""

    imports: tuple[Import, ...] = ()
    plugins: tuple[Plugin, ...] = ()
    ndk_version: Setting | None = None
    jna: tuple[Jna, ...] = ()
    jvm_targets: tuple[str, ...] = ()
    android_target: bool = False
    has_android_block: bool = False
    abi_filters: AbiFilters | None = None
    package_directory: Setting | None = None
    dynamic_libraries: tuple[Setting, ...] = ()
    cargo_block: bool = False
    top_level_calls: tuple[str, ...] = ()


def scan_kotlin(text: str, *, ours: bool = False) -> KotlinScript:
    """What `text` sets outside of our blocks, with `ours` in them too.

    Nothing, where it is too long or a comment in it has no end.
    """
    try:
        seen = list(seen_in(parse("kotlin", text), text, ours=ours))
    except CannotMerge:
        return KotlinScript()
    calls = [one for one in seen if one.node.type == "call_expression"]
    plugins = tuple(plugins_in(seen))
    settings = [*_assigned(seen), *_called(calls)]
    heads = {one.heads for one in seen if one.node.type == "lambda_literal"}
    has_android = any(_is_android(stack) for stack in heads)
    ndk = [one for path, one in settings if path.endswith("ndkVersion") and _of_android(path)]
    package = [_in_module(one) for path, one in settings if path.endswith("packageDirectory")]
    return KotlinScript(
        imports=tuple(_imports(seen)),
        plugins=plugins,
        ndk_version=next(iter(ndk), None),
        jna=tuple(jna_in(calls)),
        jvm_targets=tuple(_jvm_targets(calls)),
        android_target=has_android or _declares_android(calls, plugins),
        has_android_block=has_android,
        abi_filters=_abi_filters(seen),
        package_directory=next(iter(package), None),
        dynamic_libraries=tuple(_dynamic_libraries(seen)),
        cargo_block=any(len(stack) == 1 and _CARGO.search(stack[0]) for stack in heads),
        top_level_calls=tuple(_top_level_calls(seen)),
    )


def _imports(seen: Iterable[Seen]) -> Iterable[Import]:
    for one in seen:
        if one.node.type == "import" and one.node.named_children:
            names = [path_of(child) for child in one.node.named_children]
            star = ".*" if any(child.type == "*" for child in one.node.children) else ""
            yield Import(names[0] + star, one.line, names[1] if len(names) > 1 else "")


def _assigned(seen: Iterable[Seen]) -> Iterable[tuple[str, Setting]]:
    """(path from the outermost lambda, value) of each `a.b = c`."""
    for one in seen:
        node = one.node
        if node.type == "assignment" and len(node.children) >= 3 and node.children[1].type == "=":
            path = "/".join((*one.heads, path_of(node.children[0])))
            value = node.children[-1]
            yield path, Setting(literal(value), said(value), one.line)


def _called(calls: Iterable[Seen]) -> Iterable[tuple[str, Setting]]:
    """The same for `a.b(c)`, `a.b.set(c)` and `a.setB(c)`."""
    for one in calls:
        given = arguments(one.node)
        *front, last = path_of(callee(one.node)).removesuffix(".set").rsplit(".", 1)
        if last.startswith("set") and last[3:4].isupper():
            last = last[3].lower() + last[4:]
        if len(given) == 1:
            value = given[0][1]
            path = "/".join((*one.heads, ".".join([*front, last])))
            yield path, Setting(literal(value), said(value), one.line)


def _in_module(setting: Setting) -> Setting:
    """A folder setting, its value the path from the module where the text says one."""
    own = re.fullmatch(
        r'(?:project\.)?(?:layout\.projectDirectory(?:\.dir)?|file) ?\(? ?(?:"([^"$]*)" ?\))?',
        setting.text,
    )
    return setting._replace(value=own[1] or ".") if own else setting


def _of_android(path: str) -> bool:
    parts = path.split("/")
    return any(_ANDROID.search(part) for part in [*parts[:-1], parts[-1].rpartition(".")[0]])


def _is_android(heads: tuple[str, ...]) -> bool:
    """Whether a lambda configures AGP's extension, not a Kotlin target or a Cargo build."""
    outer, last = heads[:-1], heads[-1]
    own_block = re.match(r"(?:project\.)?android(?:$|\.)", last)
    by_name = re.search(rf"configure\b.*(?:{_EXTENSION}|[(]\"android\"[)])", last)
    if not (own_block or by_name):
        return False
    return not any(_KOTLIN.search(head) or _CARGO.search(head) for head in outer)


def _jvm_targets(calls: Iterable[Seen]) -> Iterable[str]:
    for one in calls:
        path = path_of(callee(one.node))
        inside = bool(one.heads) and _KOTLIN.search(one.heads[-1])
        if (path == "jvm" and inside) or (path == "kotlin.jvm" and not one.heads):
            given = arguments(one.node)
            yield (literal(given[0][1]) if given else None) or "jvm"


def _declares_android(calls: Iterable[Seen], plugins: Iterable[Plugin]) -> bool:
    if any(plugin.applied and _ANDROID_PLUGIN.search(plugin.id) for plugin in plugins):
        return True
    targets = {"androidTarget", "androidLibrary", "android"}
    return any(
        path_of(callee(one.node)) in targets and bool(one.heads and _KOTLIN.search(one.heads[-1]))
        for one in calls
    )


def _abi_filters(seen: Iterable[Seen]) -> AbiFilters | None:
    abis: list[str] = []
    first, complete = 0, True
    for one in seen:
        if not re.search(r"\b(?:a|setA)biFilters\b(?:\.\w+)?$", _target(one)):
            continue
        first = first or one.line
        for node in (part for value in _values(one) for part in walk(value)):
            abi = literal(node)
            if abi is not None and abi not in abis:
                abis.append(abi)
            elif node.type == "identifier" and not _LISTS.match(said(node)):
                complete = False
    return AbiFilters(tuple(abis), first, complete) if first else None


def _dynamic_libraries(seen: Iterable[Seen]) -> Iterable[Setting]:
    for one in seen:
        context = "/".join((*one.heads[-1:], _target(one)))
        if "dynamicLibraries" in context and _target(one):
            named = {literal(node) for value in _values(one) for node in walk(value)}
            if "c++_shared" in named:
                yield Setting("c++_shared", said(one.node), one.line)


def _target(one: Seen) -> str:
    """What a call calls or an assignment sets; "" for other nodes."""
    is_one = one.node.type in ("call_expression", "assignment")
    return path_of(callee(one.node)) if is_one else ""


def _values(one: Seen) -> "list[Node]":
    if one.node.type == "assignment":
        return [one.node.children[-1]]
    return [value for _, value in arguments(one.node)]


def _top_level_calls(seen: Iterable[Seen]) -> Iterable[str]:
    for one in seen:
        if one.parents[0] == 1:
            text = said(one.node)
            if one.node.type == "annotated_expression":
                text = said(one.node.named_children[-1])
            name = re.match(r"[\w.`]+(?=\s*[<({])", text)
            if name and one.node.type not in ("import", "property_declaration"):
                yield name[0]
