"""What a shell offers after <Tab>, by the way each shell asks."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scaffold.answers.keys import KEYS
from scaffold.cli.arguments import COMMANDS, SHELLS
from scaffold.cli.completion import settings
from scaffold.cli.main import main
from tests.toolchain.requirements import program

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


def test_answers_files_and_folders_are_offered_and_other_files_are_not(tmp_path: Path) -> None:
    for name in ("answers.yml", "other.yaml", "notes.txt", ".hidden.yml"):
        (tmp_path / name).write_text("")
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "a b.yml").write_text("")
    for shell in ({}, POWERSHELL):
        line = "scaffold init --answers "
        assert offered(line, tmp_path, shell) == ["answers.yml", "more/", "other.yaml"]
        assert [
            word.replace("\\", "").replace("`", "")
            for word in offered(f"{line}more/", tmp_path, shell)
        ] == ["more/a b.yml"]


def test_a_folder_that_is_not_there_offers_nothing(tmp_path: Path) -> None:
    assert offered("scaffold init --answers nowhere/", tmp_path) == []


@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_of_each_shell_completes_both_names(
    shell: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["completion", shell]) == 0
    script = capsys.readouterr().out
    assert "gobley-scaffold" in script
    assert "_ARGCOMPLETE" in script


def test_an_unknown_shell_is_refused_with_those_there_are(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["completion", "tcsh"]) == 2
    assert "powershell" in capsys.readouterr().err


def test_ndk_revisions_are_offered_newest_first(tmp_path: Path) -> None:
    assert offered("scaffold regenerate --ndk 28", tmp_path)[0] == "28.2.13676358"


def test_fish_is_told_what_each_command_does(tmp_path: Path) -> None:
    assert f"init\t{COMMANDS['init'].about}" in offered("scaffold in", tmp_path, FISH)


def test_powershell_gets_values_after_the_equals_sign(tmp_path: Path) -> None:
    line = "scaffold regenerate --set cpp_runtime=s"
    assert offered(line, tmp_path, POWERSHELL) == ["cpp_runtime=shared", "cpp_runtime=static"]


def test_every_key_but_the_form_is_offered_with_its_equals_sign() -> None:
    assert settings("") == [f"{key}=" for key in list(KEYS)[1:]]


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
    if not bash:
        pytest.skip("bash is not installed")
    command = tmp_path / "scaffold"
    command.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m scaffold "$@"\n')
    command.chmod(0o755)
    line = "scaffold regenerate --set page_size=bu"
    script = f"""
        eval "$("{command}" completion bash)"
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
    """The environment of a person who has `scaffold` on the PATH, and nothing else of it."""
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
    register = [sys.executable, "-m", "scaffold", "completion", "fish"]
    folder = tmp_path / ".config" / "fish" / "completions"
    folder.mkdir(parents=True)
    with (folder / "scaffold.fish").open("wb") as file:
        subprocess.run(register, stdout=file, check=True, cwd=ROOT)
    for line, wanted in (
        ("scaffold reg", f"regenerate\t{COMMANDS['regenerate'].about}"),
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
    lines.append('eval "$(scaffold completion zsh)"')
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
