"""The JSON Schema of `scaffold.yml`, for editors that complete and check it."""

import json
from functools import cache
from typing import Any

from scaffold.answers.key import Key, Kind
from scaffold.answers.keys import KEYS, default_of


def json_schema() -> dict[str, Any]:
    """A JSON Schema (draft 2020-12) that accepts what `read_answers` accepts, contradictions aside."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "scaffold.yml",
        "description": "Answers from which scaffold generates cross-compilation files.",
        "type": "object",
        "additionalProperties": False,
        "properties": {name: _property(key) for name, key in KEYS.items()},
    }


@cache  # the same for every project of a run
def schema_text() -> str:
    """The schema as a file."""
    return _formatted(json_schema()) + "\n"


def _formatted(value: Any, indent: str = "") -> str:
    """JSON as prettier writes it, so that a project's formatter leaves the file alone.

    An object is spread; an array is one line, as all of ours fit into 80 columns.
    """
    if not isinstance(value, dict):
        return json.dumps(value)
    inner = indent + "  "
    rows = [f"{inner}{json.dumps(name)}: {_formatted(item, inner)}" for name, item in value.items()]
    return "{\n" + ",\n".join(rows) + f"\n{indent}}}"


def _property(key: Key) -> dict[str, Any]:
    about: dict[str, Any] = {"description": key.text(key.comment)}
    if key.name == "schema":
        return {**about, "enum": [1, "1"], "default": 1}
    if key.kind is Kind.LIST:
        about |= {
            "type": "array",
            "items": {"type": "string", "enum": list(key.choices)},
            "uniqueItems": True,
        }
        if key.least_one:
            about["minItems"] = 1
    elif key.kind is Kind.CHOICE:
        about |= {"type": "string", "enum": list(key.choices)}
    elif key.kind is Kind.FOLDER:
        about |= {"type": "string", "minLength": 1, "pattern": r"^[^\\\u0000-\u001f]+$"}
    else:
        words = "|".join((*key.choices, key.pattern))
        # A bare 13.0 or 5.18 is a number to YAML; we read every scalar as text.
        about |= {"type": ["string", "number"], "pattern": f"^(?:{words})$"}
    if key.name not in ("hosts", "gobley", "ndk"):
        default = default_of(key)
        about["default"] = list(default) if isinstance(default, tuple) else default
    return about
