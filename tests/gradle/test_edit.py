"""A new NDK goes where the user wrote the old one, and nowhere else."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from scaffold.gradle.edit import edited
from scaffold.gradle.module import read_module

OLD, NEW = "27.2.12479018", "28.2.13676358"
PLUGINS = 'plugins { id("com.android.library") }\n'
CATALOGUE = f'# Ndk {OLD}\n[versions]\nagp = "8.13.0" # {OLD}\nndk = "{OLD}" # NDK\n'


def write(root: Path, files: Mapping[str, str], newline: str = "\n", mark: bytes = b"") -> None:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(mark + text.replace("\n", newline).encode())


FORMS: dict[str, tuple[dict[str, str], str]] = {
    "Kotlin": (
        {"build.gradle.kts": f'// {OLD} ü\n{PLUGINS}android {{ ndkVersion = "{OLD}" }} // "{OLD}"\n'},
        "build.gradle.kts",
    ),
    "Groovy": (
        {"build.gradle": f"/* {OLD} */\napply plugin: 'com.android.library'\nandroid {{ ndkVersion '{OLD}' }}\n"},
        "build.gradle",
    ),
    "a name in the script": (
        {"build.gradle.kts": f'val v = "{OLD}"\n{PLUGINS}android {{ ndkVersion = v }}\n'},
        "build.gradle.kts",
    ),
    "catalogue": (
        {
            "build.gradle.kts": PLUGINS + "android { ndkVersion = libs.versions.ndk.get() }\n",
            "gradle/libs.versions.toml": CATALOGUE,
        },
        "gradle/libs.versions.toml",
    ),
    "gradle.properties": (
        {
            "build.gradle.kts": PLUGINS + 'android { ndkVersion = project.property("ndk") as String }\n',
            "gradle.properties": f"# {OLD}\norg.gradle.caching=true\nndk = {OLD}\n",
        },
        "gradle.properties",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize(
    ("newline", "mark"), [("\n", b""), ("\r\n", b""), ("\r\n", b"\xef\xbb\xbf")]
)
def test_the_literal_changes_and_no_other_byte(
    name: str, newline: str, mark: bytes, tmp_path: Path
) -> None:
    files, path = FORMS[name]
    write(tmp_path, files, newline, mark)
    found = read_module(str(tmp_path), ".")
    assert found
    assert found.ndk
    before = (tmp_path / path).read_bytes()
    edit = edited(found.ndk, NEW, before)
    assert edit.path == path
    assert edit.data, edit.reason
    assert len(edit.data) == len(before)
    assert edit.data.count(NEW.encode()) == 1
    (tmp_path / path).write_bytes(edit.data)
    again = read_module(str(tmp_path), ".")
    assert again
    assert again.ndk
    assert again.ndk.value == NEW
    back = edited(again.ndk, OLD, edit.data)
    assert back.data == before


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("ndkVersion = somewhere()", "is an expression: somewhere()"),
        ('ndkVersion = "27.${minor()}"', "is an expression"),
    ],
)
def test_an_expression_is_left_alone_with_the_reason(
    script: str, reason: str, tmp_path: Path
) -> None:
    write(tmp_path, {"build.gradle.kts": PLUGINS + f"android {{ {script} }}\n"})
    found = read_module(str(tmp_path), ".")
    assert found
    assert found.ndk
    edit = edited(found.ndk, NEW, (tmp_path / "build.gradle.kts").read_bytes())
    assert edit.data is None
    assert reason in edit.reason


def test_a_literal_outside_of_the_folder_is_named_and_not_edited(tmp_path: Path) -> None:
    files = dict(FORMS["catalogue"][0])
    script = files.pop("build.gradle.kts")
    write(
        tmp_path, {**files, "app/build.gradle.kts": script, "settings.gradle.kts": "", ".git/x": ""}
    )
    found = read_module(str(tmp_path / "app"), ".")
    assert found
    assert found.ndk
    assert found.ndk.value == OLD
    edit = edited(found.ndk, NEW, CATALOGUE.encode())
    assert (edit.path, edit.data) == ("../gradle/libs.versions.toml", None)
    assert "outside this folder" in edit.reason


@pytest.mark.parametrize("value", ['1"; evil()', "$x", "", "a\nb", "1\\"])
def test_a_value_that_would_need_escapes_is_refused(value: str, tmp_path: Path) -> None:
    write(tmp_path, FORMS["Kotlin"][0])
    found = read_module(str(tmp_path), ".")
    assert found
    assert found.ndk
    assert edited(found.ndk, value, (tmp_path / "build.gradle.kts").read_bytes()).data is None


def test_a_file_that_changed_since_is_left_alone(tmp_path: Path) -> None:
    write(tmp_path, FORMS["Kotlin"][0])
    found = read_module(str(tmp_path), ".")
    assert found
    assert found.ndk
    assert edited(found.ndk, NEW, b"// all new\n").data is None
    assert edited(found.ndk, NEW, None).data is None
