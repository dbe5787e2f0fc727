import pytest

from scaffold.answers.key import Key, Kind, Targets
from scaffold.answers.keys import KEYS, applying, default_of
from scaffold.answers.reading import read_answers, read_settings, resolve
from scaffold.answers.schema import json_schema
from scaffold.answers.writing import change_answers, write_answers
from scaffold.cli.completion import settings

NEW = Key(
    "linker",
    Kind.CHOICE,
    "The linker on Linux: {words}.",
    lambda _facts: "mold",
    "Which linker?",
    "mold is faster.",
    words=lambda _facts: {"mold": "the fast one", "lld": ""},
    applies=lambda situation: situation.targets.desktop,
)


@pytest.fixture
def new_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KEYS, NEW.name, NEW)


@pytest.mark.usefixtures("new_key")
def test_a_key_that_only_has_a_row_is_read_written_in_the_schema_and_set() -> None:
    answers = read_answers("linker: lld\n", "f")
    assert answers.values["linker"] == "lld"
    assert read_answers("", "f").values["linker"] == "mold"
    text = write_answers(answers)
    assert "\n# The linker on Linux: mold, lld.\nlinker: lld\n" in text
    assert change_answers("linker: lld # mine\n", answers.changed(linker="mold")) == (
        "linker: mold # mine\n"
    )
    assert json_schema()["properties"]["linker"]["enum"] == ["mold", "lld"]
    assert resolve(read_settings(["linker=lld"])).values["linker"] == "lld"
    assert read_settings(["linker=gold"]).problems
    assert settings("linker=") == ["linker=mold", "linker=lld"]


@pytest.mark.usefixtures("new_key")
def test_a_new_key_applies_where_its_row_says() -> None:
    values = {name: default_of(key) for name, key in KEYS.items()}
    assert "linker" in applying(values, Targets(android=True, desktop=True, ios=False))
    assert "linker" not in applying(values, Targets(android=True, desktop=False, ios=False))


@pytest.mark.parametrize(
    ("given", "absent"),
    [
        ("plugin: jvm", {"abis", "ndk", "cpp_runtime", "page_size", "ios_deployment_target"}),
        ("plugin: android", {"linux_targets", "glibc", "windows_arm64", "ios_deployment_target"}),
        ("rust_build: none", {"gobley", "jna", "windows_arm64"}),
        ("rust_build: cargo-ndk", {"gobley", "linux_targets", "windows_arm64"}),
        ("hosts: [linux]", {"windows_arm64"}),
    ],
)
def test_keys_apply_by_plugin_builder_and_hosts(given: str, absent: set[str]) -> None:
    answers = read_answers(f"{given}\nlinux_targets: [x86_64]\n", "f")
    assert absent.isdisjoint(applying(answers.values))
    every = read_answers("hosts: [macos, windows]\nlinux_targets: [x86_64]\n", "f")
    assert set(applying(every.values)) == set(KEYS)


def test_a_contradiction_of_keys_that_do_not_apply_is_none() -> None:
    text = "plugin: jvm\nndk: 26.3.11579264\ncpp_runtime: shared\npage_size: ndk\n"
    assert read_answers(text, "f").plugin == "jvm"
