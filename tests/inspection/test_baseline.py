"""Findings that are known: listed, not failing, and told when they are gone."""

import json
from pathlib import Path

import pytest

from scaffold.cli.main import main
from scaffold.errors import Refusal
from scaffold.inspection.baseline import read_baseline
from tests.inspection.packing import GOOD, SMALL_PAGES, at, pack


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = main(["inspect", *arguments])
    return code, capsys.readouterr().out


def test_what_a_baseline_names_is_listed_and_does_not_fail(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {"lib/arm64-v8a/liba.so": SMALL_PAGES, "lib/arm64-v8a/libb.so": GOOD}
    first = at(tmp_path / "app-1.0.apk", pack(files))
    baseline = str(tmp_path / "baseline.json")
    assert run(capsys, first)[0] == 1
    assert run(capsys, first, "--write-baseline", baseline)[0] == 0
    assert json.loads(Path(baseline).read_text(encoding="utf-8")) == {
        "schema": 1,
        "findings": [{"path": "lib/arm64-v8a/liba.so", "code": "load-alignment"}],
    }
    second = at(tmp_path / "app-1.1.apk", pack(files))
    code, out = run(capsys, second, "--baseline", baseline)
    assert code == 0
    assert "Known from the baseline" in out
    assert out.startswith("Supports 16 KB pages: no")
    files["lib/arm64-v8a/libb.so"] = SMALL_PAGES
    code, out = run(
        capsys, at(tmp_path / "app-1.2.apk", pack(files)), "--baseline", baseline, "--json"
    )
    document = json.loads(out)
    assert code == 1
    assert [len(file["findings"]) for file in document["files"]] == [0, 1]
    assert [len(file.get("known", [])) for file in document["files"]] == [1, 0]


def test_what_is_gone_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    baseline = at(
        tmp_path / "b.json",
        b'{"schema":1,"findings":[{"path":"lib/x86/libold.so","code":"load-alignment"}]}',
    )
    path = at(tmp_path / "a.apk", pack({"lib/arm64-v8a/liba.so": GOOD}))
    code, out = run(capsys, path, "--baseline", baseline)
    assert code == 0
    assert "no longer found" in out
    assert "load-alignment: lib/x86/libold.so" in out
    _, out = run(capsys, path, "--baseline", baseline, "--json")
    assert json.loads(out)["summary"]["gone"] == [
        {"path": "lib/x86/libold.so", "code": "load-alignment"}
    ]


def test_a_check_of_nothing_never_passes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty").mkdir()
    baseline = str(tmp_path / "b.json")
    assert run(capsys, str(tmp_path / "empty"), "--write-baseline", baseline)[0] == 1


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[]", b'{"findings": [1]}', b'{"findings": 7}', b"[" * 100_000, b"\xff"]
)
def test_what_is_no_baseline_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(Refusal, match="not a baseline"):
        read_baseline(at(tmp_path / "b.json", data))
    with pytest.raises(Refusal):
        read_baseline(str(tmp_path / "none.json"))
