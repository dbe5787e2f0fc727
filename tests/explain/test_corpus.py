"""Recall and precision on logs.

`dev` was at hand while the signatures were written. `held` and `late` (in two goes, the second named `r3`) were
collected after the first forty signatures, `fresh` after the next thirty; each was looked at once. On first sight
21 of 25, 14 of 17, 7 of 10 and 56 of 66 failures were recognized (together 98 of 118, recall 0.83); the 92 negatives
gave one false alarm. `wide` was then collected to widen the signatures: 35 of its 41 failures were recognized at first.
`sealed` and `second` were written down before they were tried, one after the other: 59 of 66 (recall 0.89) with one
false alarm on 61 negatives, and 24 of 26 (0.92) with none on 32. `third` came from searches for whatever fails in such
builds: 53 of its 79 failures were recognized at first, 11 of the others being of seven kinds that had no code; its 36
negatives gave no false alarm. `fourth`, a small one after that: 12 of 19, with no false alarm on 11. What was missed
has been fixed since, so that all parts now guard against losing what was reached.
"""

import json
import re
import textwrap
import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from scaffold.explain.matches import explain
from scaffold.explain.signatures import load

LOGS = Path(__file__).parents[1] / "fixtures" / "logs"
PARTS = ("dev", "held", "late", "fresh", "wide", "sealed", "second", "third", "fourth")
RECALL, PRECISION = 0.98, 0.98


class Log(NamedTuple):
    name: str
    data: bytes
    codes: frozenset[str]


@cache
def logs(part: str) -> tuple[Log, ...]:
    paths = sorted((LOGS / part).glob("*.log"))
    rows = [tomllib.loads(path.with_suffix(".toml").read_text(encoding="utf-8")) for path in paths]
    return tuple(
        Log(path.stem, path.read_bytes(), frozenset(row["codes"]))
        for path, row in zip(paths, rows, strict=True)
    )


def measured(part: str, form: Callable[[str], str | bytes] = str) -> tuple[float, float, str]:
    """Recall, precision, and what went wrong, with every log of `part` put into another form."""
    right = missed = false = 0
    wrong = []
    for log in logs(part):
        text = form(log.data.decode("utf-8"))
        data = text if isinstance(text, bytes) else text.encode("utf-8")
        found = {match.code for match in explain([data], load())}
        right += len(log.codes & found)
        missed += len(log.codes - found)
        false += len(found - log.codes)
        if found != log.codes:
            wrong.append(
                f"{log.name}: missed {sorted(log.codes - found)}, false {sorted(found - log.codes)}"
            )
    return right / (right + missed), right / (right + false), "\n".join(wrong)


def folded(width: int) -> Callable[[str], str]:
    def fold(text: str) -> str:
        lines = text.split("\n")
        return "\n".join(
            line[at : at + width] for line in lines for at in range(0, max(1, len(line)), width)
        )

    return fold


def filled(width: int) -> Callable[[str], str]:
    def fill(text: str) -> str:
        return "\n".join(
            textwrap.fill(line, width, break_long_words=False, break_on_hyphens=False)
            for line in text.split("\n")
        )

    return fill


def coloured(text: str) -> str:
    return re.sub(r"\b(error|note|warning)\b", "\x1b[0m\x1b[1m\x1b[38;5;9m\\1\x1b[0m\x1b[1m", text)


def prefixed(prefix: str) -> Callable[[str], str]:
    return lambda text: "\n".join(prefix + line for line in text.split("\n"))


FORMS: dict[str, Callable[[str], str | bytes]] = {
    "wrapped by a terminal of 80 columns": folded(80),
    "wrapped by a terminal of 120 columns": folded(120),
    "filled to 72 columns": filled(72),
    "filled to 100 columns": filled(100),
    "with CRLF": lambda text: text.replace("\n", "\r\n"),
    "in colour": coloured,
    "with the timestamps of GitHub Actions": prefixed("2026-02-03T10:00:00.1234567Z "),
    "with the prefixes of a build tool": prefixed("[build] [stderr] "),
    "as errors of a CI log": prefixed("2026-02-03T10:00:00.1234567Z ##[error]"),
    "with the prefixes of logcat": prefixed("05-07 17:52:04.502  6044  6044 E rust    : "),
    "behind a progress bar": lambda text: text.replace("\n", "\rBuilding [===>  ] 3/9\r\n"),
    "in UTF-16, as PowerShell writes it": lambda text: (
        "\ufeff" + text.replace("\n", "\r\n")
    ).encode("utf-16-le"),
    "in big-endian UTF-16": lambda text: ("\ufeff" + text).encode("utf-16-be"),
    "in UTF-16 without a mark": lambda text: text.encode("utf-16-le"),
    "in Latin-1": lambda text: text.encode("latin-1", "replace"),
    "as one JSON message": lambda text: json.dumps({"rendered": text}),
}


@pytest.mark.parametrize("part", PARTS)
def test_recall_and_precision_stay_what_they_were(part: str) -> None:
    recall, precision, wrong = measured(part)
    negative = sum(not log.codes for log in logs(part))
    print(
        f"{part}: {len(logs(part))} logs, {negative} negative, recall {recall:.3f}, precision {precision:.3f}"
    )
    assert recall >= RECALL, wrong
    assert precision >= PRECISION, wrong


@pytest.mark.parametrize("form", FORMS)
def test_what_a_log_went_through_does_not_hide_the_failure(form: str) -> None:
    for part in PARTS:
        recall, precision, wrong = measured(part, FORMS[form])
        assert recall >= 0.95, wrong
        assert precision >= 0.95, wrong


def test_the_corpus_is_large_a_third_negative_and_a_third_held_back() -> None:
    every = [log for part in PARTS for log in logs(part)]
    assert len(every) >= 300
    assert sum(not log.codes for log in every) * 3 >= len(every)
    assert sum(len(logs(part)) for part in PARTS[1:]) * 3 >= len(every)


def test_every_code_has_a_log() -> None:
    seen = {code for part in PARTS for log in logs(part) for code in log.codes}
    assert {signature.code for signature in load().signature} <= seen


def test_all_logs_in_one_file_give_every_code_once_in_order_of_lines() -> None:
    every = [log for part in PARTS for log in logs(part)]
    # What stands 16 KB ahead of a failure can still tell which of two it is.
    data = (b"   Compiling serde v1.0.200\n" * 700).join(log.data for log in every)
    found = explain([data], load())
    assert {match.code for match in found} == {code for log in every for code in log.codes}
    assert [match.line for match in found] == sorted(match.line for match in found)
    lines = data.decode("utf-8").split("\n")
    for match in found:
        assert match.text.strip("…") in " ".join(lines[match.line - 1].split())


def test_no_log_names_a_person() -> None:
    for path in LOGS.rglob("*.log"):
        text = path.read_bytes().decode("utf-8")
        for begin in ("/home/", "/Users/", "C:\\Users\\", "C:\\\\Users\\\\"):
            for part in text.split(begin)[1:]:
                assert part.startswith(
                    ("u/", "u\\", "runner/", "user/")
                ), f"{path.name}: {begin}{part[:20]}"
