"""A new artifact is one file, one template, one registration: its whole life follows from the row."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from jinja2 import ChoiceLoader, DictLoader

from scaffold.artifacts import registry, render
from scaffold.artifacts.context import Context
from scaffold.artifacts.kind import ArtifactKind
from scaffold.artifacts.model import Artifact, Format
from tests.cli.conftest import R27, R28, Run

PATH = "ndk.env"
TEMPLATE = "# scaffold: the NDK for other scripts\nNDK={{ ndk_env.revision }}\n"


class NdkEnv(NamedTuple):
    """What the template takes."""

    revision: str


def make(context: Context) -> Iterator[Artifact]:
    if "x86" in context.answers.abis:
        values = NdkEnv(context.answers.ndk)
        yield Artifact("ndk-env", PATH, Format.TEXT, "ndk.env.j2", values, "names the NDK")


def explain(old: Context, new: Context, before: object, after: object) -> Iterator[str]:
    if before and after and old.answers.ndk != new.answers.ndk:
        yield f"names {new.answers.ndk}"


NEW = ArtifactKind("ndk-env", Format.TEXT, lambda _, path: path == PATH, make, explain)


@pytest.fixture(autouse=True)
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    environment = render._environment()
    assert environment.loader
    loader = ChoiceLoader([DictLoader({"ndk.env.j2": TEMPLATE}), environment.loader])
    monkeypatch.setattr(environment, "loader", loader)
    monkeypatch.setattr(registry, "KINDS", (*registry.KINDS, NEW))


def test_it_is_made_updated_kept_restored_and_deleted(project: Path, run: Run) -> None:
    file = project / PATH
    made = run("init", "--defaults", "--set", f"ndk={R27}", "--json")
    assert (made.action("ndk-env"), made.reason("ndk-env")) == ("create", "names the NDK")
    assert run("regenerate", "--check").code == 0
    moved = run("regenerate", "--ndk", R28, "--yes", "--json")
    assert (moved.action("ndk-env"), moved.reason("ndk-env")) == ("update", f"names {R28}")
    file.write_bytes(file.read_bytes() + b"MINE=1\n")
    back = run("regenerate", "--ndk", R27, "--yes", "--json")
    assert back.action("ndk-env") == "update"
    assert file.read_text().splitlines()[1:] == [f"NDK={R27}", "MINE=1"]
    file.unlink()
    assert run("regenerate", "--check", "--json").action("ndk-env") == "skip"
    assert run("regenerate", "--restore", "--yes").code == 0
    assert file.exists()
    gone = run("regenerate", "--set", "abis=arm64-v8a", "--yes", "--json")
    assert gone.action("ndk-env") == "delete"
    assert not file.exists()


def test_a_lock_that_puts_it_elsewhere_is_not_believed(project: Path, run: Run) -> None:
    assert run("init", "--defaults", "--set", f"ndk={R27}").code == 0
    lock = project / ".scaffold" / "lock.toml"
    lock.write_bytes(lock.read_bytes().replace(b'"ndk.env"', b'"local.properties"'))
    own = project / "local.properties"
    own.write_bytes((project / PATH).read_bytes())
    run("regenerate", "--set", "abis=arm64-v8a", "--yes")
    assert own.exists()
