"""What `inspect` prints: for people, for scripts and for CI systems."""

import io
import json
from pathlib import Path
from typing import Any, get_args

import pytest

from scaffold.findings import Code, Finding, Severity
from scaffold.inspection.elf.read import read_elf
from scaffold.inspection.elf.source import MemorySource
from scaffold.inspection.library import Library, Place
from scaffold.inspection.report import Format, write
from scaffold.inspection.rules import RULES
from scaffold.inspection.scan import Scan
from scaffold.inspection.verdict import exit_code, verdict_line
from scaffold.terminal.printable import printable
from tests.inspection.elf.writer import ARM, Range, write_elf

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
    return Library(path, path.rpartition("/")[2], abi, PLACE, elf, findings, size=len(data) or None)


def unreadable(path: str) -> Library:
    finding = Finding(Code.UNREADABLE, Severity.ERROR, "Cannot be read: it is empty.", "")
    return Library(path, "", "", PLACE, None, (finding,))


def written(
    scan: Scan, form: Format, *, colour: bool = False, columns: int = 80, every: bool = False
) -> str:
    out = io.StringIO()
    write(scan, form, out, colour=colour, columns=columns, every=every)
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
        "owner": None,
        "size": None,
        "build_id": None,
        "judged": True,
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
        "files": 5,
        "errors": 2,
        "warnings": 2,
    }
    assert document["summary"]["supports"] == "no"


def test_json_names_the_abis_that_a_library_lacks() -> None:
    missing = json.loads(written(MIXED, "json"))["summary"]["missing_abis"]
    assert {"place": "app.apk", "library": "libbad.so", "abis": ["armeabi-v7a"]} in missing
    assert [item["library"] for item in missing] == ["libbad.so", "libwarned.so"]


@pytest.mark.parametrize(
    ("libraries", "code"),
    [((0,), 0), ((0, 1), 0), ((1, 2), 1), ((4,), 1)],
)
def test_only_errors_make_the_exit_code_one(libraries: tuple[int, ...], code: int) -> None:
    assert exit_code(Scan(tuple(MIXED.libraries[index] for index in libraries), ())) == code


def test_the_verdict_comes_first_and_the_count_last() -> None:
    lines = written(MIXED, "text").splitlines()
    assert lines[0] == "Supports 16 KB pages: no (1 of 3 64-bit libraries)"
    assert lines[-1] == "4 libraries checked: 2 errors, 2 warnings."
    assert "  libbad.so: not for armeabi-v7a" in lines
    assert not any("libgood.so" in line for line in lines)


def test_equal_findings_are_told_once_and_errors_first() -> None:
    many = tuple(library(f"app.apk!/lib/arm64-v8a/lib{n}.so", ERROR, WARNING) for n in range(20))
    lines = written(Scan(many, ()), "text").splitlines()
    heads = [line for line in lines if line.startswith(("error", "warning"))]
    assert [head.split(": ")[1] for head in heads] == ["load-alignment", "zip-compressed"]
    assert lines.count("    and 12 more (--all lists them)") == 2
    assert lines.count("  - load-alignment: Link again.") == 1
    assert "more (--all" not in written(Scan(many, ()), "text", every=True)


def test_clean_libraries_are_listed_when_asked_for() -> None:
    desktop = library("a.jar!/libd.so", data=write_elf(needed=("libc.so.6",)))
    mac = Library("a.jar!/libm.so", "libm.so", "", PLACE, foreign="macOS")
    old = library("app.apk!/lib/armeabi/libo.so", data=write_elf(machine=ARM, bits=32))
    owned = library("app.apk!/lib/arm64-v8a/libw.so")._replace(owner="org.example:w:1.0")
    scan = Scan((*MIXED.libraries, desktop, mac, old, owned), ())
    text = written(scan, "text", columns=100, every=True)
    for name, note in {
        "lib/arm64-v8a/libgood.so": "arm64-v8a, 16 KB",
        "lib/armeabi-v7a/libgood.so": "armeabi-v7a, 32-bit: not required",
        "libd.so": "desktop, arm64-v8a",
        "libm.so": "for macOS",
        "lib/armeabi/libo.so": "armeabi: no longer used",
        "libw.so": "arm64-v8a, 16 KB, org.example:w:1.0",
    }.items():
        [row] = [line for line in text.splitlines() if name in line and note in line]
        assert row.split()[0] in ("ok", "-")


@pytest.mark.parametrize(
    ("libraries", "line"),
    [
        (MIXED.libraries[:1], "Supports 16 KB pages: yes (1 64-bit library)"),
        (MIXED.libraries[3:4], "Supports 16 KB pages: not required (32-bit libraries only)"),
        (MIXED.libraries[4:], "Supports 16 KB pages: unknown (1 file cannot be read)"),
        ((), "Supports 16 KB pages: unknown (no Android library was checked)"),
    ],
)
def test_the_verdict_is_one_of_four(libraries: tuple[Library, ...], line: str) -> None:
    assert verdict_line(Scan(libraries, ())) == line


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
        "1 library checked: no problems found.\n"
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
    forms: tuple[Format, ...] = ("text", "github", "html", "sarif")
    for form in forms:
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
    known = library("app.apk!/lib/arm64-v8a/libk.so")._replace(known=(ERROR,))
    scan = MIXED._replace(libraries=(*MIXED.libraries, known))
    document: dict[str, Any] = json.loads(written(scan, "sarif"))
    assert document["version"] == "2.1.0"
    [run] = document["runs"]
    rules = run["tool"]["driver"]["rules"]
    for rule in rules:
        assert rule["shortDescription"]["text"]
        assert rule["fullDescription"]["text"]
        assert rule["help"]["text"]
        assert rule["helpUri"].startswith("https://")
        assert rule["defaultConfiguration"]["level"] in ("error", "warning")
    assert {result["ruleId"] for result in run["results"]} == {rule["id"] for rule in rules}
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        [place] = result["locations"]
        assert place["physicalLocation"]["region"] == {"startLine": 1}
        assert place["physicalLocation"]["artifactLocation"]["uri"] == "app.apk"
    assert "lib/arm64-v8a/libbad.so" in run["results"][1]["message"]["text"]
    assert [result.get("suppressions") for result in run["results"]][-1] == [{"kind": "external"}]
    assert run["results"][0].get("suppressions") is None


def sarif_run(*libraries: Library) -> dict[str, Any]:
    run: dict[str, Any] = json.loads(written(Scan(libraries, ()), "sarif"))["runs"][0]
    return run


def fingerprints(*libraries: Library) -> list[str]:
    results = sarif_run(*libraries)["results"]
    return [result["partialFingerprints"]["primaryLocationLineHash"] for result in results]


def test_each_finding_has_a_fingerprint_of_its_own_that_the_next_run_repeats() -> None:
    inner = "!/jni/arm64-v8a/libx.so"
    libraries = (
        library("a/core.aar" + inner, ERROR, WARNING),
        library("b/core.aar" + inner, ERROR),
        library("b/core.aar!/jni/x86_64/libx.so", ERROR, ERROR._replace(message="Another.")),
    )
    prints = fingerprints(*libraries)
    assert len(set(prints)) == 5
    # What is gone or new elsewhere changes none of them.
    assert fingerprints(libraries[1]) == prints[2:3]
    assert fingerprints(*libraries[1:]) == prints[2:]


def test_a_rule_is_as_severe_as_its_worst_finding() -> None:
    late = Finding(Code.API_LEVEL, Severity.WARNING, "Needs API 28.", "")
    worse = late._replace(severity=Severity.ERROR)
    path = "a.aar!/jni/x86_64/libx.so"
    for findings, level in (
        ((late,), "warning"),
        ((late, worse), "error"),
        ((worse, late), "error"),
    ):
        [rule] = sarif_run(library(path, *findings))["tool"]["driver"]["rules"]
        assert rule["defaultConfiguration"] == {"level": level}


def test_a_path_in_sarif_is_seen_from_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for path, uri in {
        f"{tmp_path}/out/a b.apk": "out/a%20b.apk",
        "./a.apk": "a.apk",
        "/elsewhere/a.apk": "file:///elsewhere/a.apk",
    }.items():
        text = written(Scan((library(path, ERROR),), ()), "sarif")
        [result] = json.loads(text)["runs"][0]["results"]
        assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri


def test_every_code_has_a_rule_text() -> None:
    made_here = set(Code) - {code for code in Code if code not in RULES}
    assert made_here == set(list(Code)[: len(RULES)])


def test_github_annotations_escape_what_would_end_them() -> None:
    finding = Finding(Code.UNREADABLE, Severity.ERROR, "100% broken", "")
    scan = Scan((Library("a,b:c.so", "a,b:c.so", "", PLACE, None, (finding,)),), ())
    first, _, summary = written(scan, "github").splitlines()
    assert first.startswith("::error file=a%2Cb%3Ac.so,title=unreadable%3A 1 library::")
    assert first.endswith("100%25 broken")
    assert summary == "1 library checked: 1 error."


def test_github_annotations_are_one_for_each_code_and_ten_at_most() -> None:
    findings = tuple(Finding(code, Severity.WARNING, "Seen.", "") for code in list(Code)[:12])
    many = tuple(library(f"app.apk!/lib/arm64-v8a/lib{n}.so", *findings, ERROR) for n in range(9))
    lines = [line for line in written(Scan(many, ()), "github").splitlines() if line[:2] == "::"]
    assert len(lines) == 10
    assert lines[0].startswith("::error file=app.apk,title=load-alignment%3A 9 libraries::")
    assert "lib4.so and 4 more: LOAD" in lines[0]


def test_the_html_report_is_one_file_without_a_network() -> None:
    data = write_elf(align=0x1000, loads=(Range(0x8000, 0x9000),), relros=(Range(0x8000, 0x8800),))
    bad = library("app.apk!/lib/arm64-v8a/lib<b>.so", ERROR, data=data)._replace(owner="a&b:c:1")
    text = written(Scan((bad, *MIXED.libraries), ()), "html")
    assert text.startswith("<!DOCTYPE html>")
    assert "Supports 16 KB pages: no" in text
    for outside in ("http:", "https:", "<script", "src=", "<link", "@import", "url("):
        assert outside not in text
    assert "a&amp;b:c:1" in text
    assert "lib&lt;b&gt;.so" in text
    assert text.count("<svg") == 2
    assert "RELRO 0x8000–0x8800" in text


@pytest.mark.parametrize("form", get_args(Format))
def test_every_format_of_nothing_is_whole(form: Format) -> None:
    text = written(Scan((), ()), form)
    assert text.endswith("\n")
    if form in ("json", "sarif"):
        assert json.loads(text)


def test_an_annotation_for_several_archives_names_each_and_how_to_fix_each() -> None:
    fixes = {"a.aar": "Update a to 2.", "b.aar": "Update b to 3."}
    found = tuple(
        library(f"{name}!/jni/arm64-v8a/libx.so", ERROR._replace(hint=hint))
        for name, hint in fixes.items()
    )
    line = written(Scan(found, ()), "github").splitlines()[0]
    assert line.startswith("::error file=a.aar,title=load-alignment%3A 2 libraries::a.aar!/jni/")
    assert "b.aar!/jni/arm64-v8a/libx.so: LOAD" in line
    assert line.endswith("Update a to 2. Update b to 3.")
