"""The .sh wrappers with a recording zig, under every POSIX shell and awk of this machine."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.zig.arguments import HOSTILE, KEPT, REWRITTEN, cases
from tests.zig.rendered import (
    Call,
    call,
    rustc_response_file,
    write_recorder,
    write_wrappers,
)

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the .sh wrappers are for Unix")

SHELLS = {
    "sh": ["sh"],
    "dash": ["dash"],
    "bash": ["bash", "--posix"],
    "busybox": ["busybox", "sh"],
    "zsh": ["zsh", "--emulate", "sh"],
    "mksh": ["mksh"],
    "ksh": ["ksh"],
}
AWKS = {
    "awk": "awk",
    "mawk": "mawk",
    "gawk": "gawk --posix",
    "original-awk": "original-awk",
    "busybox": "busybox awk",
}


@pytest.fixture
def zig(tmp_path: Path) -> Callable[..., Call]:
    """Calls the cc wrapper of an architecture with the recorder in front of PATH."""
    folder = write_recorder(tmp_path / "bin")

    def run(*arguments: str, arch: str = "x86_64", **environment: str) -> Call:
        wrapper = write_wrappers(tmp_path / "a 'b' $c" / ".cargo", arch)["cc"]
        return call([wrapper, *arguments], tmp_path / "record", [folder], tmp_path, **environment)

    return run


@pytest.mark.parametrize(("arch", "given", "wanted"), cases(REWRITTEN))
@pytest.mark.parametrize("spelling", ["command line", "response file"])
def test_what_zig_refuses_is_put_in_its_words(
    zig: Callable[..., Call], tmp_path: Path, arch: str, given: str, wanted: str, spelling: str
) -> None:
    arguments = given.split()
    if spelling == "response file":
        (tmp_path / "list").write_text(rustc_response_file(arguments), encoding="utf-8")
        arguments = ["@list"]
    done = zig(*arguments, arch=arch)
    assert done == (0, ["cc", "-target", f"{arch}-linux-gnu", *wanted.split()], "")


@pytest.mark.parametrize("arguments", KEPT)
@pytest.mark.parametrize("arch", ["x86_64", "aarch64"])
def test_what_zig_knows_is_kept(zig: Callable[..., Call], arguments: str, arch: str) -> None:
    assert zig(*arguments.split(), arch=arch).arguments[3:] == arguments.split()


@pytest.mark.parametrize("awk", AWKS)
@pytest.mark.parametrize("shell", SHELLS)
def test_every_shell_and_awk_keeps_every_byte(tmp_path: Path, shell: str, awk: str) -> None:
    interpreter = AWKS[awk].split()
    if not shutil.which(SHELLS[shell][0]) or not shutil.which(interpreter[0]):
        pytest.skip(f"{shell} or {awk} is not installed")
    folder = write_recorder(tmp_path / "bin")
    program = " ".join([shutil.which(interpreter[0]) or "", *interpreter[1:]])
    (folder / "awk").write_text(f'#!/bin/sh\nexec {program} "$@"\n', encoding="ascii")
    (folder / "awk").chmod(0o755)
    (tmp_path / "list").write_bytes(
        os.fsencode(rustc_response_file(["in", "a b", "é", "-Wl,--icf=x"]))
    )
    wrapper = write_wrappers(tmp_path / "wrappers", glibc="2.17")["cxx"]
    command: list[str | Path] = [
        *SHELLS[shell],
        wrapper,
        "-Wl,--icf=all",
        *HOSTILE,
        "@list",
        "last",
    ]
    done = call(command, tmp_path / "record", [folder], tmp_path, STATUS="37")
    assert done == (
        37,
        ["c++", "-target", "x86_64-linux-gnu.2.17", *HOSTILE, "in", "a b", "é", "last"],
        "",
    )


def test_a_response_file_keeps_every_byte(zig: Callable[..., Call], tmp_path: Path) -> None:
    words = [word for word in HOSTILE if word and "\n" not in word and not set(word) & set("'\"\t")]
    (tmp_path / "list").write_bytes(os.fsencode(rustc_response_file(words)))
    assert zig("before", "@list", "after").arguments[3:] == ["before", *words, "after"]


def test_quotes_group_in_a_response_file(zig: Callable[..., Call], tmp_path: Path) -> None:
    text = '"a b" \'c "d\'\\ e\t"" f\\\'g "h\\"\\\\" \r\n\r\n  \'\' "two\nlines" -Dx=\\"y\\"'
    (tmp_path / "list").write_text(text, encoding="utf-8", newline="")
    wanted = ["a b", 'c "d e', "", "f'g", 'h"\\', "", "two\nlines", '-Dx="y"']
    assert zig("@list").arguments[3:] == wanted


def test_an_apostrophe_leaves_the_response_file(zig: Callable[..., Call], tmp_path: Path) -> None:
    words = ["a.o", "/home/o'neill/b.o", "/home/o'neill/c.o", "d.o"]
    (tmp_path / "list").write_text(rustc_response_file(words), encoding="utf-8")
    (tmp_path / "list").write_text("a.o\n\"/home/o'neill/b.o\"\n/home/o\\'neill/c.o\nd.o\n")
    assert zig("@list").arguments[3:] == words


def test_a_response_file_that_is_missing_or_named_in_another_is_left_to_zig(
    zig: Callable[..., Call], tmp_path: Path
) -> None:
    (tmp_path / "list").write_text("@other\n@missing\n")
    (tmp_path / "other").write_text("-Wl,--icf=all\n")
    assert zig("@list").arguments[3:] == ["@other", "@missing"]
    assert zig("@", "a").arguments[3:] == ["@", "a"]
    assert "missing" in zig("@missing").message  # the recorder could not open it


def test_a_value_may_stand_outside_the_response_file(
    zig: Callable[..., Call], tmp_path: Path
) -> None:
    (tmp_path / "list").write_text("a.o\n-Xlinker\n")
    assert zig("@list", "--icf=all", "b.o").arguments[3:] == ["a.o", "b.o"]


def test_l_with_a_file_name_is_looked_up_in_the_library_folders(
    zig: Callable[..., Call], tmp_path: Path
) -> None:
    for name in ("first", "second folder"):
        (tmp_path / name).mkdir()
    (tmp_path / "second folder" / "libz.a").write_bytes(b"\0binary\xff")
    found = f"{tmp_path}/second folder/libz.a"
    folders = ["-Lfirst", "-L", f"{tmp_path}/second folder"]
    for spelling in (["-l:libz.a"], ["-l", ":libz.a"], ["-Wl,-l:libz.a"], ["-Wl,-l,:libz.a"]):
        assert zig(*spelling, *folders).arguments[3:] == [found, *folders]
    (tmp_path / "list").write_text(rustc_response_file(["-l:libz.a", *folders]))
    assert zig("@list").arguments[3:] == [found, *folders]


def test_a_compilation_is_not_made_to_stop_at_undefined_behaviour(zig: Callable[..., Call]) -> None:
    assert zig("-c", "a.c").arguments[3:] == ["-fno-sanitize=undefined", "-c", "a.c"]
    own = ["-c", "a.c", "-fsanitize=undefined"]
    assert zig(*own).arguments[3:] == own


@pytest.mark.parametrize("status", [0, 1, 2, 77, 126, 255])
def test_the_exit_status_is_passed_on(
    zig: Callable[..., Call], tmp_path: Path, status: int
) -> None:
    (tmp_path / "list").write_text("a.o\n")
    assert zig("a.o", STATUS=str(status)).status == status
    assert zig("@list", STATUS=str(status)).status == status


def test_rewritten_files_are_removed(zig: Callable[..., Call], tmp_path: Path) -> None:
    (tmp_path / "list").write_text("a.o\n")
    (tmp_path / "own temp").mkdir()
    zig("@list", STATUS="1", TMPDIR=str(tmp_path / "own temp"))
    assert list((tmp_path / "own temp").iterdir()) == []
    assert "zig-arguments" in zig("@list", TMPDIR=str(tmp_path / "nowhere")).message


@pytest.mark.parametrize("shell", ["sh", "bash", "busybox", "zsh"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_rewritten_files_are_removed_when_interrupted(
    tmp_path: Path, shell: str, number: signal.Signals
) -> None:
    if not shutil.which(SHELLS[shell][0]):
        pytest.skip(f"{shell} is not installed")
    folder = write_recorder(tmp_path / "bin")
    (tmp_path / "list").write_text("a.o\n")
    (tmp_path / "own temp").mkdir()
    record = tmp_path / "record"
    environment = os.environ | {
        "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}",
        "RECORD": str(record),
        "LINGER": "20",
        "TMPDIR": str(tmp_path / "own temp"),
    }
    wrapper = write_wrappers(tmp_path / "wrappers")["cc"]
    with subprocess.Popen(
        [*SHELLS[shell], wrapper, "@list"], cwd=tmp_path, env=environment, start_new_session=True
    ) as process:
        deadline = time.monotonic() + 30
        while not record.exists() or b"a.o" not in record.read_bytes():
            assert time.monotonic() < deadline
            time.sleep(0.02)
        os.killpg(process.pid, number)
        assert process.wait(30) in (128 + number, -number)
    assert list((tmp_path / "own temp").iterdir()) == []


def test_zig_is_found_by_variable_then_on_path(tmp_path: Path) -> None:
    record, wrappers = tmp_path / "record", write_wrappers(tmp_path / "wrappers")
    folder = write_recorder(tmp_path / "own zig")
    assert call([wrappers["ar"], "t", "a b.a"], record, [folder]).arguments == ["ar", "t", "a b.a"]
    own = str(folder / "zig")
    assert call([wrappers["ar"], "t"], record, ZIG=own).arguments == ["ar", "t"]
    assert call([wrappers["cc"], "a"], record, ZIG=own).arguments[0] == "cc"


USUAL = (
    "/opt/homebrew/bin/zig",
    "/usr/local/bin/zig",
    "/home/linuxbrew/.linuxbrew/bin/zig",
    "/snap/bin/zig",
)


@pytest.mark.parametrize("tool", ["cc", "cxx", "ar"])
def test_a_missing_zig_is_named_with_how_to_install_it(tmp_path: Path, tool: str) -> None:
    if any(map(os.path.exists, USUAL)):
        pytest.skip("this machine has Zig in one of its usual places")
    (tmp_path / "empty").mkdir()
    wrapper = write_wrappers(tmp_path / "wrappers")[tool]
    sh = shutil.which("sh") or ""
    done = call([sh, wrapper, "a.c"], tmp_path / "record", PATH=str(tmp_path / "empty"))
    assert done.status == 127
    assert done.message.startswith(f"{wrapper.name}: zig was not found")
    assert "brew install zig" in done.message
    missing = call([wrapper, "a.c"], tmp_path / "record", ZIG=str(tmp_path / "no zig"))
    assert missing.status == 127
    assert str(tmp_path / "no zig") in missing.message


def test_a_wrapper_may_be_started_from_anywhere(tmp_path: Path) -> None:
    folder, record = write_recorder(tmp_path / "bin"), tmp_path / "record"
    wrapper = write_wrappers(tmp_path / "wrappers")["cc"]
    ways: list[tuple[list[str], Path]] = [
        ([f"./{wrapper.name}"], wrapper.parent),
        (["sh", wrapper.name], wrapper.parent),
        ([f"wrappers/{wrapper.name}"], tmp_path),
        ([wrapper.name], tmp_path),
    ]
    for command, cwd in ways:
        done = call([*command, "--target=x", "a"], record, [folder, wrapper.parent], cwd)
        assert done.arguments[3:] == ["a"], command


def test_shellcheck_is_content(tmp_path: Path) -> None:
    if not shutil.which("shellcheck"):
        pytest.skip("shellcheck is not installed")
    wrappers = [*write_wrappers(tmp_path).values(), *write_wrappers(tmp_path, "aarch64").values()]
    done = subprocess.run(["shellcheck", *wrappers], capture_output=True, text=True, timeout=60)
    assert done.stdout == ""
