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
        "description": "Answers that scaffold renders cross-compilation files from.",
        "type": "object",
        "additionalProperties": False,
        "properties": {name: _property(key) for name, key in KEYS.items()},
    }


@cache  # the same for every project of a run
def schema_text() -> str:
    """The schema as a file."""
    return json.dumps(json_schema(), indent=2) + "\n"


def _property(key: Key) -> dict[str, Any]:
    about: dict[str, Any] = {"description": key.text(key.comment).replace("\n", " ")}
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
