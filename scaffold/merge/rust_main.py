"""The place for a first statement in `fn main` of a build script, and the names it defines."""

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from scaffold.syntax.blocks import indent_of
from scaffold.syntax.cannot_merge import CannotMerge
from scaffold.syntax.syntax import parse, walk

if TYPE_CHECKING:
    from tree_sitter import Node

_LEVEL = "    "


class Spot(NamedTuple):
    """Where a first statement goes: character offset, and indentation.

    `splits`: in the middle of a line, after which the rest of it goes on. `bare`: on a line of its
    own, directly before the end of a body that holds nothing.
    """

    at: int
    indent: str
    splits: bool = False
    bare: bool = False


def scan_rust_main(text: str, paste: str = "") -> Spot:
    """The place before the first statement of the only top-level `fn main`.

    It comes after the body's inner attributes and docs, and before the comments of that statement.
    Raises `CannotMerge`, with `paste`, where there is no such function or more than one: under
    different `cfg`s only the user knows which of them builds for Android.
    """
    root = parse("rust", text)
    mains = [(node, body) for node in root.children if (body := _main_body(node))]
    if not mains:
        raise CannotMerge("build.rs has no plain `fn main` at its top level", None, paste)
    if len(mains) > 1:
        line = mains[1][0].start_point.row + 1
        raise CannotMerge(
            "build.rs has more than one `fn main`; put the call with its markers into the one that"
            " builds for Android, and the call alone into any other that does",
            line,
            paste,
        )
    return _spot(*mains[0], text)


def defined_names(text: str) -> dict[str, int]:
    """Names of items and imports at the top level and in `fn main`, each with its line."""
    root = parse("rust", text)
    scopes = [root, *(body for node in root.children if (body := _main_body(node)))]
    names: dict[str, int] = {}
    for node in (child for scope in scopes for child in scope.children):
        name = node.child_by_field_name("name")
        for found in [name] if name else _imported(node):
            if found.text:
                names.setdefault(found.text.decode(), found.start_point.row + 1)
    return names


def function_names(text: str) -> list[str]:
    """The top-level functions of a text."""
    nodes = (node for node in parse("rust", text).children if node.type == "function_item")
    names = (node.child_by_field_name("name") for node in nodes)
    return [name.text.decode() for name in names if name and name.text]


def _imported(node: "Node") -> "list[Node]":
    if node.type != "use_declaration":
        return []
    return [leaf for leaf in walk(node) if leaf.type == "identifier" and _is_bound(leaf)]


def _is_bound(leaf: "Node") -> bool:
    """Whether an identifier of a `use` is the name that it brings."""
    parent = leaf.parent
    if parent is None or parent.type in ("use_declaration", "use_list"):
        return True
    if parent.type == "use_as_clause":
        return leaf == parent.child_by_field_name("alias")
    outer = parent.parent
    is_last = parent.type == "scoped_identifier" and leaf == parent.child_by_field_name("name")
    return is_last and outer is not None and outer.type in ("use_declaration", "use_list")


def _main_body(node: "Node") -> "Node | None":
    if node.type != "function_item":
        return None
    name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
    if name is None or name.text != b"main" or body is None:
        return None
    if any(child.is_missing for child in body.children):
        return None
    modifiers = [part for part in node.children if part.type == "function_modifiers"]
    words = [word.type for part in modifiers for word in part.children]
    return None if "const" in words else body


def _spot(main: "Node", body: "Node", text: str) -> Spot:
    data = text.encode()
    anchor = _after_inner(body)
    offset = len(data[:anchor].decode())
    line_end = text.find("\n", offset)
    outer = indent_of(text.split("\n")[main.start_point.row])
    if line_end < 0 or not _only_comments(body, data, anchor, len(text[:line_end].encode())):
        return Spot(offset, outer + _level(text), splits=True)
    start = line_end + 1
    below = text[start:]
    filled = start + len(below) - len(below.lstrip())
    if len(text[:filled].encode()) >= body.end_byte - 1:
        opener = text[:line_end].rstrip().endswith("{")
        return Spot(start, outer + _level(text), bare=opener)
    return Spot(start, text[text.rfind("\n", 0, filled) + 1 : filled])


def _after_inner(body: "Node") -> int:
    """The byte after `{` and what has to come first in a body: inner attributes and docs."""
    end = body.start_byte + 1
    for child in body.children[1:]:
        said = child.text or b""
        if child.type == "inner_attribute_item" or said.startswith((b"//!", b"/*!")):
            end = child.start_byte + len(said.rstrip(b"\r\n"))
        elif child.type not in ("line_comment", "block_comment"):
            break
    return end


def _only_comments(body: "Node", data: bytes, start: int, end: int) -> bool:
    """Whether between the two bytes of one line there is nothing but comments that end there."""
    rest = data[start:end]
    for child in body.children:
        if child.type in ("line_comment", "block_comment") and start <= child.start_byte < end:
            if child.end_byte > end + 1:
                return False
            at = child.start_byte - start
            size = min(child.end_byte, end) - child.start_byte
            rest = rest[:at] + b" " * size + rest[at + size :]
    return not rest.strip()


def _level(text: str) -> str:
    """One level of this file's indentation: that of the first line below an open brace."""
    lines = [line for line in text.split("\n") if line.strip()]
    for line, below in pairwise(lines):
        if line.rstrip().endswith("{") and len(indent_of(below)) > len(indent_of(line)):
            return indent_of(below).removeprefix(indent_of(line))
    return _LEVEL
