"""What a shell offers after <Tab>, by the way each shell asks."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scaffold.answers.keys import KEYS
from scaffold.cli.completion import settings
from scaffold.cli.main import COMMANDS
from tests.toolchain.requirements import program, require

ROOT = Path(__file__).parents[2]
FISH = {"_ARGCOMPLETE_SHELL": "fish", "_ARGCOMPLETE_DFS": "\t", "_ARGCOMPLETE_SUPPRESS_SPACE": "1"}
POWERSHELL = {"_ARGCOMPLETE_SHELL": "powershell", "_ARGCOMPLETE_SUPPRESS_SPACE": "0"}


def offered(line: str, folder: Path, shell: dict[str, str] | None = None) -> list[str]:
    """What the command answers to a shell that asks about `line`."""
    answer = folder / "answer"
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "_ARGCOMPLETE": "1",
        "_ARGCOMPLETE_IFS": "\n",
        "_ARGCOMPLETE_STDOUT_FILENAME": str(answer),
        "_ARGCOMPLETE_COMP_WORDBREAKS": "",
        "COMP_LINE": line,
        "COMP_POINT": str(len(line)),
        "COMP_TYPE": "9",
        **(shell or {}),
    }
    words = [sys.executable, "-m", "scaffold"]
    done = subprocess.run(words, env=environment, cwd=folder, capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    return [word.rstrip(" ") for word in answer.read_text(encoding="utf-8").splitlines()]


def test_every_command_is_offered(tmp_path: Path) -> None:
    assert set(COMMANDS) <= set(offered("scaffold ", tmp_path))


def test_a_begun_command_is_finished(tmp_path: Path) -> None:
    assert offered("scaffold reg", tmp_path) == ["regenerate"]


def test_the_options_of_a_command_are_offered(tmp_path: Path) -> None:
    assert {"--check", "--conflict", "--ndk"} <= set(offered("scaffold regenerate --", tmp_path))


def test_answers_files_are_offered_and_other_files_are_not(tmp_path: Path) -> None:
    for name in ("answers.yml", "other.yaml", "notes.txt"):
        (tmp_path / name).write_text("")
    assert offered("scaffold init --answers ", tmp_path) == ["answers.yml", "other.yaml"]


def test_ndk_revisions_are_offered_newest_first(tmp_path: Path) -> None:
    assert offered("scaffold regenerate --ndk 28", tmp_path)[0] == "28.2.13676358"


def test_fish_is_told_what_each_command_does(tmp_path: Path) -> None:
    assert f"init\t{COMMANDS['init']}" in offered("scaffold in", tmp_path, FISH)


def test_powershell_gets_values_after_the_equals_sign(tmp_path: Path) -> None:
    line = "scaffold regenerate --set cpp_runtime=s"
    assert offered(line, tmp_path, POWERSHELL) == ["cpp_runtime=shared", "cpp_runtime=static"]


def test_every_key_but_the_form_is_offered_with_its_equals_sign() -> None:
    assert settings("") == [f"{key.name}=" for key in KEYS[1:]]


def test_a_list_offers_what_is_not_in_it_yet() -> None:
    assert settings("abis=x86,x86_64,") == [
        "abis=x86,x86_64,arm64-v8a",
        "abis=x86,x86_64,armeabi-v7a",
    ]


def test_an_unknown_key_has_no_values() -> None:
    assert settings("jnaa=") == []


@pytest.mark.skipif(os.name == "nt", reason="bash's own protocol")
def test_the_line_for_bashrc_works_in_bash(tmp_path: Path) -> None:
    """The function that the documentation has people load, called as bash calls it."""
    bash = shutil.which("bash")
    register = Path(sys.executable).with_name("register-python-argcomplete")
    if not bash or not register.exists():
        pytest.skip("needs bash, and argcomplete's script beside Python")
    command = tmp_path / "scaffold"
    command.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m scaffold "$@"\n')
    command.chmod(0o755)
    line = "scaffold regenerate --set page_size=bu"
    script = f"""
        eval "$("{register}" scaffold)"
        COMP_LINE='{line}' COMP_POINT={len(line)} COMP_TYPE=9 COMP_WORDS=({line}) COMP_CWORD=3
        _python_argcomplete scaffold 2>/dev/null
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    environment = {**os.environ, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        [bash, "--norc", "-c", script], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["build-script"]


@pytest.fixture
def shell_home(tmp_path: Path) -> dict[str, str]:
    """The environment of a person who has `scaffold` and argcomplete's script on the PATH."""
    programs = tmp_path / "bin"
    programs.mkdir()
    command = programs / "scaffold"
    command.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m scaffold "$@"\n')
    command.chmod(0o755)
    places = [str(programs), str(Path(sys.executable).parent), os.defpath]
    home = {"HOME": str(tmp_path), "TMUX_TMPDIR": str(tmp_path), "TERM": "xterm-256color"}
    return {**home, "LANG": "C.UTF-8", "PATH": os.pathsep.join(places)}


@pytest.mark.toolchain
def test_the_file_for_fish_works_in_fish(tmp_path: Path, shell_home: dict[str, str]) -> None:
    fish = program("fish")
    register = [program_of_python("register-python-argcomplete"), "--shell", "fish", "scaffold"]
    folder = tmp_path / ".config" / "fish" / "completions"
    folder.mkdir(parents=True)
    with (folder / "scaffold.fish").open("wb") as file:
        subprocess.run(register, stdout=file, check=True)
    for line, wanted in (
        ("scaffold reg", f"regenerate\t{COMMANDS['regenerate']}"),
        ("scaffold regenerate --set cpp_runtime=st", "cpp_runtime=static"),
    ):
        words = [fish, "-c", f"complete -C '{line}'"]
        done = subprocess.run(words, env=shell_home, capture_output=True, text=True, check=True)
        assert done.stdout.splitlines() == [wanted]


@pytest.mark.toolchain
def test_the_lines_for_zshrc_work_in_zsh(tmp_path: Path, shell_home: dict[str, str]) -> None:
    """Typed on a terminal, since zsh completes only there."""
    tmux, zsh = program("tmux"), program("zsh")
    lines = ["PS1='z> '", "autoload -U compinit && compinit -u"]
    lines.append(f'eval "$("{program_of_python("register-python-argcomplete")}" scaffold)"')
    (tmp_path / ".zshrc").write_text("\n".join(lines) + "\n")

    def on(*words: str) -> str:
        command = [tmux, "-f", os.devnull, *words]
        return subprocess.run(
            command, env=shell_home, capture_output=True, text=True, check=True
        ).stdout

    def wait(text: str) -> None:
        for _ in range(200):
            if text in on("capture-pane", "-p"):
                return
            time.sleep(0.1)
        pytest.fail(f"{text!r} did not appear: {on('capture-pane', '-p').strip()}")

    on("new-session", "-d", "-x", "100", "-y", "20", zsh, "-i")
    try:
        wait("z>")
        for typed, wanted in (
            ("scaffold reg", "scaffold regenerate "),
            ("--set page_", "--set page_size="),
            ("bu", "page_size=build-script"),
        ):
            on("send-keys", "-l", "--", typed)
            on("send-keys", "Tab")
            wait(wanted.rstrip())
    finally:
        on("kill-server")


def program_of_python(name: str) -> str:
    """A script that was installed beside this Python."""
    found = Path(sys.executable).with_name(name)
    require(found.exists(), f"{name} is not beside Python")
    return str(found)
