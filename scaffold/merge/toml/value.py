"""TOML values: read from text, compared by meaning, spelled as text."""

import json
import re
import tomllib
from contextlib import suppress
from typing import Any

from scaffold.merge.toml.scan import Path, on_one_line
from scaffold.syntax.cannot_merge import CannotMerge

MISSING: Any = type(
    "Missing", (), {"__repr__": lambda _self: "MISSING", "__bool__": lambda _self: False}
)()

_AT = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
# tomllib takes memory and time quadratic in the parts of a key.
_DEEP_KEY = re.compile(r"""(?<![\w-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){100}""")
_BARE = re.compile(r"[A-Za-z0-9_-]+")


def parse(text: str) -> dict[str, Any]:
    """The values of a TOML text; `CannotMerge` with the line where it is none."""
    if _DEEP_KEY.search(text):
        raise CannotMerge("not readable: keys are nested too deeply")
    try:
        return tomllib.loads(text)
    except ValueError as error:
        refused = error
    except RecursionError:
        raise CannotMerge("not readable: values are nested too deeply") from None
    with suppress(ValueError):
        return tomllib.loads(on_one_line(text) or "=")
    message = str(refused)
    found = _AT.search(message)
    line = None
    if found:
        line = int(found[1]) if found[1] else text.count("\n") + 1
    raise CannotMerge(f"not valid TOML: {_AT.sub('', message)}", line)


def meaning(value: Any) -> Any:
    """A form that is equal exactly where two values mean the same: 1, 1.0 and true differ, nan is nan."""
    if isinstance(value, dict):
        return {key: meaning(item) for key, item in value.items()}
    if isinstance(value, list):
        return [meaning(item) for item in value]
    return (type(value).__name__, repr(value))


def spell_key(key: str) -> str:
    """A key, quoted only where it must be."""
    return key if _BARE.fullmatch(key) else spell(key)


def spell_path(path: Path) -> str:
    """A dotted key, as a person would write it."""
    return ".".join(map(spell_key, path))


def spell(value: Any) -> str:
    """A value on one line."""
    if isinstance(value, dict):
        inner = ", ".join(f"{spell_key(key)} = {spell(item)}" for key, item in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, list):
        return f"[{', '.join(map(spell, value))}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return repr(value) if isinstance(value, int | float) else str(value.isoformat())


def shown(value: Any) -> str:
    """A value for a message; absent is empty."""
    return "" if value is MISSING else spell(value)
