"""A project in a folder of its own, and the real command on it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from scaffold.cli.main import main


class Ran(NamedTuple):
    """A finished command; `document` is what `--json` printed."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        return json.loads(self.out)

    def action(self, id_: str) -> str:
        return str(next(c["action"] for c in self.document["changes"] if c["id"] == id_))

    def reason(self, id_: str) -> str:
        return str(next(c["reason"] for c in self.document["changes"] if c["id"] == id_))

    @property
    def codes(self) -> list[str]:
        return [finding["code"] for finding in self.document["findings"]]


Run = Callable[..., Ran]

CARGO = '[package]\nname = "core"\nversion = "0.1.0"\nedition = "2021"\n\n[lib]\ncrate-type = ["cdylib"]\n'
GRADLE = """\
plugins {
    kotlin("multiplatform")
    id("com.android.library")
    id("dev.gobley.cargo")
}

kotlin {
    jvm()
}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "ANDROID_HOME", "ANDROID_SDK_ROOT"):
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "my-app"
    (folder / "src").mkdir(parents=True)
    (folder / "Cargo.toml").write_text(CARGO, newline="\n")
    (folder / "src" / "lib.rs").write_text("")
    (folder / "build.gradle.kts").write_text(GRADLE, newline="\n")
    (folder / "settings.gradle.kts").write_text("")
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def ran(*arguments: str) -> Ran:
        code = main(list(arguments))
        captured = capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    return ran


R27, R28 = "27.2.12479018", "28.2.13676358"


@pytest.fixture
def set_up(project: Path, run: Run) -> Callable[..., Path]:
    """Sets the project up with these answers."""

    def made(**answers: str) -> Path:
        given = {
            "ndk": R27,
            "hosts": "linux",
            "gobley": "0.3.7",
            "cpp_runtime": "shared",
            **answers,
        }
        words = [word for item in given.items() for word in ("--set", "=".join(item))]
        assert run("init", "--defaults", *words).code == 0
        return project

    return made
