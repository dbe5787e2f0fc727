"""Version catalogues, asked as build scripts ask them: `libs.versions.ndk`, `libs.plugins.x`, `libs.bundles.y`."""

import re
import tomllib
from typing import Any

from scaffold.files.reading import line_of, table, text_at
from scaffold.gradle.found import Setting

# Names by which a catalogue calls the NDK, whoever uses them.
_NDK = re.compile(r"(?:android)?ndk(?:version)?")


class Catalogue:
    """One TOML catalogue; `path` is where it lies, from the project's root."""

    def __init__(self, path: str, text: str | None) -> None:
        self.path = path
        self.text = text or ""
        self.document: dict[str, Any] = {}
        try:
            self.document = tomllib.loads(self.text)
        except (tomllib.TOMLDecodeError, RecursionError):
            self.document = {}

    def version(self, accessor: str) -> Setting | None:
        """`ndk` or `android.ndk` (what follows `libs.versions.`) → its value and place."""
        found = self._entry("versions", accessor)
        return self._setting(*found) if found else None

    def plugin(self, accessor: str) -> tuple[str, Setting | None]:
        """The id behind `libs.plugins.<accessor>`, and its version; "" for an unknown one."""
        found = self._entry("plugins", accessor)
        if found is None:
            return "", None
        name, value = found
        if isinstance(value, str):
            id_, _, version = value.partition(":")
            return id_, self._setting(name, version)
        return text_at(value, "id") or "", self._version_of(name, value)

    def library(self, accessor: str) -> tuple[str, Setting | None]:
        """`group:name` behind `libs.<accessor>`, and its version; "" for an unknown one."""
        found = self._entry("libraries", accessor)
        if found is None:
            return "", None
        name, value = found
        if isinstance(value, str):
            group, _, rest = value.partition(":")
            artifact, _, version = rest.partition(":")
            return f"{group}:{artifact}", self._setting(name, version)
        module = text_at(value, "module") or ":".join(
            text_at(value, key) or "" for key in ("group", "name")
        )
        return module, self._version_of(name, value)

    def bundle(self, accessor: str) -> tuple[str, ...]:
        """The aliases that `libs.bundles.<accessor>` stands for."""
        found = self._entry("bundles", accessor)
        aliases = found[1] if found and isinstance(found[1], list) else []
        return tuple(alias for alias in aliases if isinstance(alias, str))

    def ndk(self) -> Setting | None:
        """A version that is called after the NDK, whoever uses it."""
        for name, value in table(self.document, "versions").items():
            if _NDK.fullmatch(_accessor(name).replace(".", "")):
                setting = self._setting(name, value)
                if setting and setting.value and re.fullmatch(r"\d+\.\d+\.\d+", setting.value):
                    return setting
        return None

    def _entry(self, kind: str, accessor: str) -> tuple[str, Any] | None:
        wanted = _accessor(accessor)
        for name, value in table(self.document, kind).items():
            if _accessor(name) == wanted:
                return name, value
        return None

    def _version_of(self, name: str, value: Any) -> Setting | None:
        reference = text_at(value, "version", "ref")
        if reference is not None:
            return self.version(reference)
        return self._setting(name, value.get("version") if isinstance(value, dict) else None)

    def _setting(self, name: str, value: Any) -> Setting | None:
        if isinstance(value, dict):
            value = next(
                (v for k in ("strictly", "require", "prefer") if (v := value.get(k))), None
            )
        if not isinstance(value, str) or not value:
            return None
        return Setting(value, value, f"{self.path}:{line_of(self.text, name, value)}")


def _accessor(name: str) -> str:
    # Gradle makes accessors of aliases: -, _ and . all become dots.
    return re.sub(r"[-_.]", ".", name).lower()
