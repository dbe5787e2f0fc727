"""zig-linker.rs with real Rust compilers: its own tests, its style, and what it hands to Zig."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.toolchain.requirements import program, require
from tests.toolchain.zig_support import DEBIAN_RUSTC, linker_source
from tests.zig.test_wrappers import HOSTILE
from tests.zig.wrappers import ZIG, Call, call, write_program, write_wrappers

pytestmark = [
    pytest.mark.toolchain,
    pytest.mark.skipif(os.name == "nt", reason="the recording zig is a shell script"),
]
# Debian's compiler is the oldest that the program must be built by; the other is the project's.
RUSTCS = {"current": "rustc", "1.63": DEBIAN_RUSTC}
USUAL = [
    f"{folder}/zig"
    for folder in ("/opt/homebrew/bin", "/usr/local/bin", "/home/linuxbrew/.linuxbrew/bin", "/snap/bin")
]  # fmt: skip


def checked(*command: str | Path, cwd: Path) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("version", RUSTCS)
def test_its_own_tests_pass(tmp_path: Path, version: str) -> None:
    rustc = program(RUSTCS[version])
    options = ["--edition", "2021", "-Dwarnings", "--test", "-o", "tests"]
    checked(rustc, *options, linker_source(tmp_path), cwd=tmp_path)
    assert "0 failed" in checked(tmp_path / "tests", cwd=tmp_path)


def test_it_is_formatted_and_clippy_is_content(tmp_path: Path) -> None:
    source = linker_source(tmp_path)
    checked(program("rustfmt"), "--edition", "2021", "--check", source, cwd=tmp_path)
    lints = ["-Dwarnings", "-Wclippy::all", "--edition", "2021", "--test"]
    checked(program("clippy-driver"), *lints, source, "-o", "checked", cwd=tmp_path)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose wrappers have built the program."""
    program("rustc")
    folder = tmp_path_factory.mktemp("project o'neill")
    for arch in ("x86_64", "aarch64"):
        wrappers = write_wrappers(folder, arch, "2.17")
    subprocess.run([wrappers["ar"]], env=os.environ | {"ZIG": "/bin/true"}, check=True, timeout=120)
    return folder


@pytest.fixture
def zig(tmp_path: Path, project: Path) -> Callable[..., Call]:
    """Calls a wrapper with the recording zig in front of PATH."""
    folder = write_program(tmp_path / "bin", "zig", ZIG)

    def run(*arguments: str, name: str = "x86_64-unknown-linux-gnu-cc", **environment: str) -> Call:
        wrapper = project / f".cargo/zig/{name}.sh"
        return call([wrapper, *arguments], tmp_path / "record", [folder], tmp_path, **environment)

    return run


def test_each_wrapper_gives_its_command_and_target(zig: Callable[..., Call]) -> None:
    target = ["-target", "aarch64-linux-gnu.2.17"]
    assert zig("a.o", name="aarch64-unknown-linux-gnu-cc") == (0, ["cc", *target, "a.o"], "")
    assert zig("a.o", name="aarch64-unknown-linux-gnu-cxx") == (0, ["c++", *target, "a.o"], "")
    assert zig("t", "-c", name="aarch64-unknown-linux-gnu-ar").arguments == ["ar", "t", "-c"]


def test_every_byte_is_kept(zig: Callable[..., Call]) -> None:
    done = zig("a.o", *HOSTILE, STATUS="37")
    assert (done.status, done.arguments[3:], done.message) == (37, ["a.o", *HOSTILE], "")


@pytest.mark.parametrize("status", [0, 1, 2, 77, 126, 255])
def test_the_exit_status_is_passed_on(
    zig: Callable[..., Call], tmp_path: Path, status: int
) -> None:
    (tmp_path / "list").write_text("a.o\n" * 50_000)
    assert zig("a.o", STATUS=str(status)).status == status
    assert zig("@list", STATUS=str(status)).status == status


def test_a_long_command_line_goes_through_a_response_file(
    zig: Callable[..., Call], tmp_path: Path
) -> None:
    (tmp_path / "own temp").mkdir()
    words = [word for word in HOSTILE if word.isprintable()] + ["two\nlines\n", "tab\tbed"]
    words *= 1_000
    escaped = ("".join("\\" + char if char in "\\ '\"\t\n" else char for char in w) or '""' for w in words)  # fmt: skip
    (tmp_path / "list").write_text("\n".join(escaped), encoding="utf-8", newline="")
    done = zig("a.o", "@list", "-Wl,--icf=all", "last", TMPDIR=str(tmp_path / "own temp"))
    assert done.arguments[3:] == ["a.o", *words, "last"]
    assert list((tmp_path / "own temp").iterdir()) == []
    missing = zig("@list", TMPDIR=str(tmp_path / "nowhere"))
    assert (missing.status, missing.arguments) == (126, [])


def test_a_response_file_in_another_or_none_is_left_to_zig(
    zig: Callable[..., Call], tmp_path: Path
) -> None:
    (tmp_path / "list").write_text("@other\n-Wl,--dynamic-list\n")
    (tmp_path / "other").write_text("-Wl,--icf=all\n")
    assert zig("@list", "-Wl,/x", "a.o").arguments[3:] == ["-Wl,--icf=all", "a.o"]
    assert zig("@", "a").arguments[3:] == ["@", "a"]
    assert "missing" in zig("@missing").message  # the recorder could not open it


def test_zig_is_stopped_with_its_wrapper(tmp_path: Path, project: Path) -> None:
    folder = write_program(tmp_path / "bin", "zig", "#!/bin/sh\necho $$\nexec sleep 60\n")
    environment = os.environ | {"PATH": f"{folder}:{os.environ['PATH']}"}
    wrapper = project / ".cargo/zig/x86_64-unknown-linux-gnu-cc.sh"
    with subprocess.Popen([wrapper, "a.o"], env=environment, stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert int(process.stdout.readline()) == process.pid
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == -signal.SIGTERM


def test_zig_is_found_by_variable_then_on_path(
    zig: Callable[..., Call], tmp_path: Path, project: Path
) -> None:
    own = write_program(tmp_path / "own zig", "zig-0.15", ZIG)
    nothing = write_program(tmp_path / "nothing", "zig", "#!/bin/sh\nexit 9\n")
    wrapper = project / ".cargo/zig/x86_64-unknown-linux-gnu-ar.sh"
    record = tmp_path / "record"
    assert call([wrapper, "t"], record, [nothing]).status == 9
    assert call([wrapper, "t"], record, [nothing], ZIG=str(own / "zig-0.15")).arguments == [
        "ar",
        "t",
    ]
    assert call([wrapper, "t"], record, [nothing, own], ZIG="zig-0.15").arguments == ["ar", "t"]


@pytest.mark.parametrize("tool", ["cc", "cxx", "ar"])
def test_a_missing_zig_is_named_with_how_to_install_it(
    tmp_path: Path, project: Path, tool: str
) -> None:
    require(not any(map(os.path.exists, USUAL)), "this machine has Zig in one of its usual places")
    (tmp_path / "zig").mkdir()
    (tmp_path / "searched").mkdir()
    (tmp_path / "searched/zig").write_text("not executable")
    for name in ("sh", "uname"):
        (tmp_path / "searched" / name).symlink_to(shutil.which(name) or "")
    wrapper = project / f".cargo/zig/x86_64-unknown-linux-gnu-{tool}.sh"
    # A program in the folder that is built must not be what runs.
    write_program(tmp_path / "built", "zig", ZIG)
    path = f".:{tmp_path}/searched:"
    done = call([wrapper, "a.c"], tmp_path / "record", cwd=tmp_path / "built", PATH=path)
    assert (done.status, done.arguments) == (127, [])
    assert done.message.startswith("zig-linker: zig was not found on PATH")
    assert "brew install zig" in done.message
    command = [sys.executable, "-m", "scaffold", "explain", "--json"]
    said = subprocess.run(command, input=done.message, capture_output=True, text=True, timeout=60)
    assert '"zig-not-found"' in said.stdout
    named = call([wrapper], tmp_path / "record", PATH=path, ZIG=f"{tmp_path}/no zig")
    assert named.status == 127
    assert f"ZIG={tmp_path}/no zig is not a program" in named.message


def test_an_edit_of_the_source_is_noticed(tmp_path: Path) -> None:
    wrapper = write_wrappers(tmp_path)["cc"]
    folder = write_program(tmp_path / "bin", "zig", ZIG)
    assert call([wrapper, "a.o"], tmp_path / "record", [folder]).status == 0
    source = wrapper.with_name("zig-linker.rs")
    source.write_text(source.read_text(encoding="utf-8") + "// mine\n", encoding="utf-8")
    done = call([wrapper, "a.o"], tmp_path / "record", [folder])
    assert (done.status, done.arguments) == (1, [])
    assert "delete the folder build" in done.message
    shutil.rmtree(wrapper.parent / "build")
    assert call([wrapper, "a.o"], tmp_path / "record", [folder]).status == 0
