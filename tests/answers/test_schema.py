import json
import re
from typing import Any

import pytest

from scaffold.answers.key import Kind
from scaffold.answers.keys import KEYS
from scaffold.answers.reading import read_given
from scaffold.answers.schema import json_schema, schema_text
from scaffold.cli.main import main

PROPERTIES: dict[str, Any] = json_schema()["properties"]


def test_the_command_prints_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    assert json.loads(capsys.readouterr().out) == json_schema()


def test_it_is_laid_out_as_prettier_does() -> None:
    """Prettier spreads objects, and puts an array on one line where that has at most 80 columns."""
    text = schema_text()
    assert json.loads(text) == json_schema()
    assert '"enum": ["arm64-v8a", "armeabi-v7a", "x86_64", "x86"]' in text
    arrays = [line for line in text.splitlines() if line.rstrip(",").endswith("]") and "[" in line]
    assert max(len(line.rstrip(",")) for line in arrays) <= 80
    assert text.endswith("}\n")


def test_it_knows_every_key_and_no_other() -> None:
    assert list(PROPERTIES) == list(KEYS)
    assert json_schema()["additionalProperties"] is False


@pytest.mark.parametrize(
    "key", [key for key in KEYS.values() if key.kind is Kind.VERSION], ids=lambda k: k.name
)
def test_it_accepts_what_reading_accepts(key: Any) -> None:
    pattern = PROPERTIES[key.name]["pattern"]
    for value in (*key.choices, key.example):
        assert re.search(pattern, value)
        assert not read_given(f"{key.name}: {value}\n", "f").problems
    for value in ("nonsense", "v1", "1.2.3.4.5", f"{key.example} "):
        assert not re.search(pattern, value), value
