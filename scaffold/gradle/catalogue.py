"""Version catalogues, asked as build scripts ask them: `libs.versions.ndk`, `libs.plugins.x`, `libs.bundles.y`."""

import re
from typing import Any

from scaffold.files.reading import parse_toml, table, text_at
from scaffold.gradle.found import Setting, Span

# Names by which a catalogue calls the NDK, whoever uses them.
_NDK = re.compile(r"(?:android)?ndk(?:version)?")
_TABLE = re.compile(r"[ \t]*\[[ \t]*[\"']?(\w+)[\"']?[ \t]*\]")
_ENTRY = re.compile(r"[ \t]*(?:(\w+)[ \t]*\.[ \t]*)?[\"']?([\w.-]+?)[\"']?[ \t]*=[ \t]*(.*)")
_QUOTED = re.compile(r"\"([^\"\\\n]*)\"|'([^'\n]*)'")


class Catalogue:
    """One TOML catalogue; `path` is where it lies, from the project's root."""

    def __init__(self, path: str, text: str | None) -> None:
        self.path = path
        self.text = text or ""
        self.document: dict[str, Any] = parse_toml(self.text) or {}
        self._entries = {
            (kind, _accessor(name)): (name, value)
            for kind in ("versions", "plugins", "libraries", "bundles")
            for name, value in reversed(table(self.document, kind).items())
        }
        self._lines = _lines(self.text)

    def version(self, accessor: str) -> Setting | None:
        """`ndk` or `android.ndk` (what follows `libs.versions.`) → its value and place."""
        found = self._entry("versions", accessor)
        return self._setting("versions", *found) if found else None

    def plugin(self, accessor: str) -> tuple[str, Setting | None]:
        """The id behind `libs.plugins.<accessor>`, and its version; "" for an unknown one."""
        found = self._entry("plugins", accessor)
        if found is None:
            return "", None
        name, value = found
        if isinstance(value, str):
            id_, _, version = value.partition(":")
            return id_, self._setting("plugins", name, version)
        return text_at(value, "id") or "", self._version_of("plugins", name, value)

    def library(self, accessor: str) -> tuple[str, Setting | None]:
        """`group:name` behind `libs.<accessor>`, and its version; "" for an unknown one."""
        found = self._entry("libraries", accessor)
        return self._library(*found) if found else ("", None)

    def module(self, name: str) -> Setting | None:
        """The version of the library whose `group:name` it is, under whatever alias."""
        for alias, value in table(self.document, "libraries").items():
            module, version = self._library(alias, value)
            if module == name and version:
                return version
        return None

    def bundle(self, accessor: str) -> tuple[str, ...]:
        """The aliases that `libs.bundles.<accessor>` stands for."""
        found = self._entry("bundles", accessor)
        aliases = found[1] if found and isinstance(found[1], list) else []
        return tuple(alias for alias in aliases if isinstance(alias, str))

    def ndk(self) -> Setting | None:
        """A version that is called after the NDK, whoever uses it."""
        for name, value in table(self.document, "versions").items():
            if _NDK.fullmatch(_accessor(name).replace(".", "")):
                setting = self._setting("versions", name, value)
                if setting and setting.value and re.fullmatch(r"\d+\.\d+\.\d+", setting.value):
                    return setting
        return None

    def _entry(self, kind: str, accessor: str) -> tuple[str, Any] | None:
        return self._entries.get((kind, _accessor(accessor)))

    def _library(self, name: str, value: Any) -> tuple[str, Setting | None]:
        if isinstance(value, str):
            group, _, rest = value.partition(":")
            artifact, _, version = rest.partition(":")
            return f"{group}:{artifact}", self._setting("libraries", name, version)
        module = text_at(value, "module") or ":".join(
            text_at(value, key) or "" for key in ("group", "name")
        )
        return module, self._version_of("libraries", name, value)

    def _version_of(self, kind: str, name: str, value: Any) -> Setting | None:
        reference = text_at(value, "version", "ref")
        if reference is not None:
            return self.version(reference)
        return self._setting(kind, name, value.get("version") if isinstance(value, dict) else None)

    def _setting(self, kind: str, name: str, value: Any) -> Setting | None:
        if isinstance(value, dict):
            value = next(
                (v for k in ("strictly", "require", "prefer") if (v := value.get(k))), None
            )
        if not isinstance(value, str) or not value:
            return None
        row, start, right = self._lines.get((kind, name), (1, 0, ""))
        # The value itself, where it is the one string of its line that holds just it.
        spans = [m for m in _QUOTED.finditer(right) if value in (m[1], m[2])]
        literal = None
        if len(spans) == 1:
            at = start + spans[0].start() + 1
            literal = Span(self.path, at, at + len(value))
        return Setting(value, value, f"{self.path}:{row}", literal)


def _lines(text: str) -> dict[tuple[str, str], tuple[int, int, str]]:
    """(table, name) → its line, where its value begins in the text, and the rest of that line."""
    found: dict[tuple[str, str], tuple[int, int, str]] = {}
    kind, at = "", 0
    for row, line in enumerate(text.split("\n"), 1):
        header = _TABLE.match(line)
        entry = None if header else _ENTRY.fullmatch(line)
        if header:
            kind = header[1]
        elif entry:
            key = (entry[1] or kind, entry[2])
            found.setdefault(key, (row, at + entry.start(3), entry[3]))
        at += len(line) + 1
    return found


def _accessor(name: str) -> str:
    # Gradle makes accessors of aliases: -, _ and . all become dots.
    return re.sub(r"[-_.]", ".", name).lower()
