"""What `inspect` prints: for people, for scripts and for CI systems."""

import io
import json
from typing import Any

import pytest

from scaffold.findings import Code, Finding, Severity
from scaffold.inspection import report
from scaffold.inspection.elf.read import read_elf
from scaffold.inspection.elf.source import MemorySource
from scaffold.inspection.library import Library, Place
from scaffold.inspection.scan import Scan
from scaffold.terminal.printable import printable
from tests.inspection.elf.writer import ARM, write_elf

ERROR = Finding(
    Code.LOAD_ALIGNMENT,
    Severity.ERROR,
    "LOAD segments are aligned to 4 KB; 16 KB is required.",
    "Link again.",
)
WARNING = Finding(Code.ZIP_COMPRESSED, Severity.WARNING, "It is compressed in the APK.", "")
PLACE = Place("app.apk", "apk")


def library(path: str, *findings: Finding, data: bytes = b"") -> Library:
    elf = read_elf(MemorySource(data or write_elf()))
    abi = path.split("/")[-2] if "/" in path else ""
    return Library(path, path.rpartition("/")[2], abi, PLACE, elf, findings)


def unreadable(path: str) -> Library:
    finding = Finding(Code.UNREADABLE, Severity.ERROR, "Cannot be read: it is empty.", "")
    return Library(path, "", "", PLACE, None, (finding,))


def written(scan: Scan, form: str, *, colour: bool = False, columns: int = 80) -> str:
    out = io.StringIO()
    report.write(scan, form, out, colour=colour, columns=columns)
    return out.getvalue()


MIXED = Scan(
    (
        library("app.apk!/lib/arm64-v8a/libgood.so"),
        library("app.apk!/lib/arm64-v8a/libwarned.so", WARNING),
        library("app.apk!/lib/arm64-v8a/libbad.so", ERROR, WARNING),
        library("app.apk!/lib/armeabi-v7a/libgood.so", data=write_elf(machine=ARM, bits=32)),
        unreadable("app.apk!/in.aar"),
    ),
    (),
)


def test_json_has_the_documented_shape() -> None:
    document = json.loads(written(MIXED, "json"))
    assert list(document) == ["schema", "files", "summary"]
    assert document["schema"] == 1
    assert document["files"][0] == {
        "path": "app.apk!/lib/arm64-v8a/libgood.so",
        "abi": "arm64-v8a",
        "bits": 64,
        "load_align": 16384,
        "needed": ["libc.so"],
        "findings": [],
    }
    assert document["files"][2]["findings"][0] == {
        "code": "load-alignment",
        "severity": "error",
        "message": ERROR.message,
        "hint": ERROR.hint,
    }
    broken = document["files"][4]
    assert [broken[key] for key in ("abi", "bits", "load_align", "needed")] == [
        None,
        None,
        None,
        [],
    ]
    assert {key: document["summary"][key] for key in ("files", "errors", "warnings")} == {
        "files": 4,
        "errors": 2,
        "warnings": 2,
    }


def test_json_names_the_abis_that_a_library_lacks() -> None:
    missing = json.loads(written(MIXED, "json"))["summary"]["missing_abis"]
    assert {"place": "app.apk", "library": "libbad.so", "abis": ["armeabi-v7a"]} in missing
    assert [item["library"] for item in missing] == ["libbad.so", "libwarned.so"]


@pytest.mark.parametrize(
    ("libraries", "code"),
    [((0,), 0), ((0, 1), 0), ((1, 2), 1), ((4,), 1)],
)
def test_only_errors_make_the_exit_code_one(libraries: tuple[int, ...], code: int) -> None:
    assert report.exit_code(Scan(tuple(MIXED.libraries[index] for index in libraries), ())) == code


def test_the_table_is_by_abi_and_worst_first() -> None:
    lines = written(MIXED, "text").splitlines()
    order = [line.split()[:2] for line in lines if line.startswith("  ") and line[2:3] != " "]
    assert order[:5] == [
        ["error", "arm64-v8a/libbad.so"],
        ["warn", "arm64-v8a/libwarned.so"],
        ["ok", "arm64-v8a/libgood.so"],
        ["error", "app.apk!/in.aar"],
        ["ok", "armeabi-v7a/libgood.so"],
    ]
    assert lines[-1] == "4 libraries checked: 2 errors, 2 warnings."
    assert "  libbad.so: not for armeabi-v7a" in lines


@pytest.mark.parametrize("columns", [60, 80, 100])
def test_no_line_is_wider_than_the_terminal(columns: int) -> None:
    deep = library(f"app.apk!/{'folder/' * 20}lib/arm64-v8a/libdeep.so", ERROR)
    for line in written(Scan((*MIXED.libraries, deep), ()), "text", columns=columns).splitlines():
        assert len(line) <= columns


def test_colour_is_the_only_difference() -> None:
    plain = written(MIXED, "text")
    coloured = written(MIXED, "text", colour=True)
    assert "\x1b" not in plain
    assert "\x1b[31m" in coloured
    for code in ("0", "1", "31", "32", "33"):
        coloured = coloured.replace(f"\x1b[{code}m", "")
    assert coloured == plain


def test_nothing_wrong_is_said_in_one_line() -> None:
    assert written(Scan(MIXED.libraries[:1], ()), "text").endswith(
        "1 library checked: nothing wrong.\n"
    )


def test_names_from_files_cannot_steer_the_terminal() -> None:
    evil = Library(
        "a\x1b]0;owned\x07.so",
        "a.so",
        "",
        PLACE,
        None,
        (Finding(Code.UNREADABLE, Severity.ERROR, "x\x1b[2J\u202e", ""),),
    )
    for form in ("text", "github"):
        text = written(Scan((evil,), ()), form)
        assert "\x1b" not in text
        assert "\u202e" not in text
    assert json.loads(written(Scan((evil,), ()), "json"))["files"][0]["path"] == evil.path


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("häß …", "häß …"),
        ("a\x1bb\r\n", "a\\x1bb\\r\\n"),
        ("\udcff", "\\udcff"),
        ("\u200f", "\\u200f"),
    ],
)
def test_printable_keeps_text_and_escapes_the_rest(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_sarif_has_what_code_scanning_asks_for() -> None:
    document: dict[str, Any] = json.loads(written(MIXED, "sarif"))
    assert document["version"] == "2.1.0"
    [run] = document["runs"]
    rules = {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    assert {result["ruleId"] for result in run["results"]} == rules
    first = run["results"][1]
    assert first["level"] == "error"
    assert first["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "app.apk"
    assert "lib/arm64-v8a/libbad.so" in first["message"]["text"]


def test_github_annotations_escape_what_would_end_them() -> None:
    finding = Finding(Code.UNREADABLE, Severity.ERROR, "100% broken\nline two", "")
    scan = Scan((Library("a,b:c.so", "a,b:c.so", "", PLACE, None, (finding,)),), ())
    first, summary = written(scan, "github").splitlines()
    assert first == "::error file=a%2Cb%3Ac.so,title=unreadable::100%25 broken%0Aline two"
    assert summary == "1 library checked: 1 error."


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_bar_waits_shows_and_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    out = Terminal()
    bar = report.Bar(out, 60)
    bar(1, 10)
    assert out.getvalue() == ""
    now += 1
    bar(5, 10)
    assert out.getvalue().endswith("] 5/10 libraries")
    assert len(out.getvalue()) < 60
    bar.clear()
    assert out.getvalue().rpartition("\r")[2] == ""
