"""The folder that an expression in a script stands for."""

import re

from scaffold.gradle.values import Values
from scaffold.syntax.statements import Statement

_OF_ROOT = re.compile(
    r"(?:rootProject\.|rootDir\b|isolated\.rootProject\.|(?:new )?File\((?:project\.)?root(?:Dir|Project)"
    r"|(?:project\.)?rootDir\b|file\((?:project\.)?rootDir)"
)


_IN_TEMPLATE = re.compile(
    r'(?:[fF]ile)? ?\(? ?"\$\{?(rootDir|rootProject\.projectDir|rootProject\.rootDir|projectDir|project\.projectDir)'
    r'(?:\.\w+)?\}?/?([^"$]*)" ?\)?'
)


def folder_of(values: Values, one: Statement, path: str) -> str | None:
    """The folder that a statement's argument names, from the root, links followed inside the repository."""
    text = one.arguments[0].text
    sources = values.build.sources
    found = _folder(values, text) if '"' in text or text in _HERE else None
    if found is None:
        setting = values.setting(one.arguments[0], path, one.line)
        inner = re.search(r"\((\w+)\)$", text)
        looked = values.of(inner[1], path, one.line) if inner and setting.value is None else None
        value = setting.value or (looked.value if looked else None)
        found = sources.joined(values.folder, value) if value else None
        if found is None and re.fullmatch(r"\w+", text):
            given = values.expression(text, path)
            found = _folder(values, given) if given else None
    return sources.settled(found) if found is not None else None


_HERE = {
    "layout.projectDirectory": ".",
    "project.layout.projectDirectory": ".",
    "projectDir": ".",
    "project.projectDir": ".",
}


def _folder(values: Values, text: str) -> str | None:
    joined, base, folder = values.build.sources.joined, values.build.base, values.folder
    if text in _HERE:
        return folder
    template = _IN_TEMPLATE.fullmatch(text)
    if template:
        return joined(base if template[1].startswith("root") else folder, template[2])
    quoted = re.findall(r'"([^"]*)"', text)
    if not quoted or any("$" in one for one in quoted):
        return None
    start = base if _OF_ROOT.match(text) else folder
    if re.fullmatch(r'"[^"]*"', text):
        return joined(start, quoted[0])
    known = (
        r"(?:layout|projectDirectory|dir|file|File|resolve|rootDir|rootProject|projectDir|project|new"
        r"|isolated|asFile|get|toPath|toFile)"
    )
    rest = re.sub(r'"[^"]*"', "", text)
    if re.sub(rf"\b{known}\b|[\s().,/]", "", rest):
        return None
    return joined(start, "/".join(quoted))
