"""The .sh wrappers with a recording rustc and zig, under every POSIX shell of this machine; the texts of all."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.zig.wrappers import RUSTC, ZIG, Call, call, write_program, write_wrappers

on_unix = pytest.mark.skipif(os.name == "nt", reason="the .sh wrappers are for Unix")

SHELLS = {
    "sh": ["sh"],
    "dash": ["dash"],
    "bash": ["bash", "--posix"],
    "busybox": ["busybox", "sh"],
    "zsh": ["zsh", "--emulate", "sh"],
    "mksh": ["mksh"],
    "ksh": ["ksh"],
}
HOSTILE = [
    "a b", "it's", 'say "yes"', "$HOME `id` $(id)", "%PATH% !x! ^a & b | (c) <d>", "*", "?.c", "", "-n", "-e",
    "\\", "\\\\ \\n", 'ends in \\"\\', "#no comment", "grün/日本", "two\nlines\n", "tab\tbed", "--", "a,b=c;d", "~",
    "not utf-8 \udcff\udcfe",
]  # fmt: skip
Run = Callable[..., Call]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Calls a command with the recording rustc and zig in front of PATH; "builds" has a line for each build."""
    folder = write_program(tmp_path / "bin", "zig", ZIG)
    write_program(folder, "rustc", RUSTC)

    def started(*command: str | Path, **environment: str) -> Call:
        builds = {"BUILDS": str(tmp_path / "builds")}
        return call(command, tmp_path / "record", [folder], tmp_path, **builds, **environment)

    return started


def builds(tmp_path: Path) -> list[str]:
    return (tmp_path / "builds").read_text(encoding="utf-8").splitlines()


@on_unix
@pytest.mark.parametrize("shell", SHELLS)
def test_every_shell_keeps_every_byte_and_the_exit_status(
    tmp_path: Path, run: Run, shell: str
) -> None:
    if not shutil.which(SHELLS[shell][0]):
        pytest.skip(f"{shell} is not installed")
    wrapper = write_wrappers(tmp_path / "a 'b' $c", glibc="2.17")["cxx"]
    for status in (0, 1, 77, 255):
        done = run(*SHELLS[shell], wrapper, *HOSTILE, STATUS=str(status))
        assert done.status == status
        assert done.arguments == ["c++", "x86_64-linux-gnu.2.17", *HOSTILE]
    assert len(builds(tmp_path)) == 1


@on_unix
def test_the_program_is_built_once_for_this_host_in_a_folder_that_git_ignores(
    tmp_path: Path, run: Run
) -> None:
    wrappers = write_wrappers(tmp_path)
    for name in ("cc", "cxx", "ar", "cc"):
        assert run(wrappers[name]).status == 0
    assert len(builds(tmp_path)) == 1
    made = list((tmp_path / ".cargo/zig/build").iterdir())
    host = os.uname()
    assert re.fullmatch(
        rf"zig-linker-[0-9a-f]{{12}}-{host.sysname}-{host.machine}", "".join(p.name for p in made)
    )
    command = ["git", "-c", "core.excludesFile=", "check-ignore", "-q", str(made[0])]
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    assert subprocess.run(command, cwd=tmp_path).returncode == 0


@on_unix
def test_another_source_is_built_anew(tmp_path: Path, run: Run) -> None:
    wrapper = write_wrappers(tmp_path)["cc"]
    run(wrapper)
    text = wrapper.read_text(encoding="ascii")
    wrapper.write_text(re.sub(r"zig-linker-\w{12}", "zig-linker-0123456789ab", text))
    run(wrapper)
    assert len(builds(tmp_path)) == 2


@on_unix
def test_links_that_start_at_once_all_end_well(tmp_path: Path, run: Run) -> None:
    wrappers = write_wrappers(tmp_path)
    with ThreadPoolExecutor(6) as pool:
        done = pool.map(
            lambda name: run(wrappers[name], TOGETHER="3").status, ["cc", "cxx", "ar"] * 2
        )
        assert list(done) == [0] * 6
    assert len(builds(tmp_path)) >= 3
    assert len(list((tmp_path / ".cargo/zig/build").iterdir())) == 1


@on_unix
def test_the_rustc_beside_cargo_builds_it(tmp_path: Path, run: Run) -> None:
    own = write_program(tmp_path / "tool chain/bin", "rustc", RUSTC)
    assert run(write_wrappers(tmp_path / "a")["cc"], CARGO=str(own / "cargo")).status == 0
    assert run(write_wrappers(tmp_path / "b")["cc"], CARGO=str(tmp_path / "cargo")).status == 0
    first, second = builds(tmp_path)
    assert first.startswith(f"{own}/rustc --edition 2021 -O")
    assert second.startswith(f"{tmp_path}/bin/rustc --edition 2021 -O")


@on_unix
def test_a_failed_build_says_so_and_leaves_nothing(tmp_path: Path, run: Run) -> None:
    wrapper = write_wrappers(tmp_path)["cc"]
    done = run(wrapper, BROKEN="linker `cc` not found")
    assert (done.status, done.arguments) == (101, [])
    assert "error: linker `cc` not found" in done.message
    assert f"{wrapper.name}: rustc cannot build zig-linker.rs" in done.message
    assert list((tmp_path / ".cargo/zig/build").iterdir()) == []


@on_unix
def test_a_wrapper_may_be_started_from_anywhere(tmp_path: Path, run: Run) -> None:
    wrapper = write_wrappers(tmp_path)["cc"]
    shutil.copytree(wrapper.parent, tmp_path, dirs_exist_ok=True)
    for command in (["sh", wrapper.name], [f"./{wrapper.name}"], [f".cargo/zig/{wrapper.name}"]):
        assert run(*command, "a").arguments == ["cc", "x86_64-linux-gnu", "a"], command


@on_unix
def test_shellcheck_is_content(tmp_path: Path) -> None:
    if not shutil.which("shellcheck"):
        pytest.skip("shellcheck is not installed")
    wrappers = [write_wrappers(tmp_path)[name] for name in ("cc", "cxx", "ar")]
    done = subprocess.run(["shellcheck", *wrappers], capture_output=True, text=True, timeout=60)
    assert done.stdout == ""


@pytest.mark.parametrize("extension", ["sh", "bat"])
def test_every_file_says_whose_it_is_and_nothing_of_this_machine(
    tmp_path: Path, extension: str
) -> None:
    for name, path in write_wrappers(tmp_path, "aarch64", "2.17", extension).items():
        text = path.read_text(encoding="ascii")
        artifact = f"zig-aarch64-unknown-linux-gnu-{name}-{extension}"
        if path.suffix != f".{extension}":
            artifact = f"zig-{path.stem.removeprefix('.').removeprefix('zig-')}"
        assert f"Written by scaffold (artifact {artifact}); change scaffold.yml" in text
        assert str(tmp_path) not in text
        assert not re.search(r"\b20\d\d-\d\d|\{%", text)
        assert text.endswith("\n")
        assert not text.endswith("\n\n")


def test_batch_lines_end_as_cmd_needs_them(tmp_path: Path) -> None:
    for name in ("cc", "cxx", "ar"):
        path = write_wrappers(tmp_path, extension="bat")[name]
        lines = path.read_bytes().split(b"\r\n")
        assert not any(b"\n" in line or b"\r" in line for line in lines)
        labels = {line[1:] for line in lines if line.startswith(b":")}
        used = set(re.findall(rb"(?:goto |call :)(\w+)", path.read_bytes()))
        assert used == labels


@on_unix
def test_a_clone_gets_the_line_ends_that_each_host_needs(tmp_path: Path) -> None:
    write_wrappers(tmp_path / "here")
    write_wrappers(tmp_path / "here", extension="bat")
    git = ["git", "-c", "core.autocrlf=true", "-c", "user.name=a", "-c", "user.email=a@b"]
    commands = (["init", "-q"], ["add", "."], ["commit", "-qm", "x"])
    for command in commands:
        subprocess.run([*git, "-C", tmp_path / "here", *command], check=True, capture_output=True)
    subprocess.run([*git, "clone", "-q", tmp_path / "here", tmp_path / "there"], check=True)
    folder = tmp_path / "there/.cargo/zig"
    for path in folder.iterdir():
        if path.suffix in (".sh", ".bat", ".rs"):
            assert (b"\r\n" in path.read_bytes()) == (path.suffix == ".bat"), path
