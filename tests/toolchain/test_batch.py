"""The .bat wrappers and zig-linker.exe under Wine, with a zig.exe or zig.cmd that records.

rustc.exe is a stand-in that copies a zig-linker.exe made here: no rustc for Windows comes from a registry.
"""

import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.toolchain.zig_support import (
    call_batch,
    linker_exe,
    recorder_folder,
    windows_path,
    wine_environment,
)
from tests.zig.wrappers import Call, rustc_response_file, write_wrappers

pytestmark = pytest.mark.toolchain

TARGET = ["-target", "x86_64-linux-gnu.2.17"]
HOSTILE = [
    "a b", "", "-n", "a,b=c;d", "e^f (g)", "h & i", "j | k", "l < m > n", "o!p!", "r's t", "*", "?.c",
    "grün 日本", "(x)", "[y]", "~", "`z`", "$HOME", "C:\\a b\\c.o", "#1", '"in" quotes',
]  # fmt: skip
Run = Callable[..., Call]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Calls a wrapper with the recording zig.exe in the searched folder."""
    wrappers = write_wrappers(tmp_path, glibc="2.17", extension="bat")

    def run_wrapper(
        *arguments: str, tool: str = "cc", path: Path | None = None, **environment: str
    ) -> Call:
        folder = recorder_folder() if path is None else path
        return call_batch(wrappers[tool], arguments, folder, tmp_path / "temp", **environment)

    return run_wrapper


@pytest.fixture
def zig_cmd(tmp_path: Path) -> Path:
    """A folder with a zig.cmd, as package managers make them, that starts the recorder."""
    (tmp_path / "shims").mkdir()
    exe = windows_path(recorder_folder() / "zig.exe")
    text = f'@"{exe}" %*\n@exit /b %errorlevel%\n'
    (tmp_path / "shims" / "zig.cmd").write_text(text, encoding="ascii", newline="\r\n")
    (tmp_path / "shims" / "rustc.exe").symlink_to(recorder_folder() / "rustc.exe")
    return tmp_path / "shims"


def response_file(path: Path, words: list[str]) -> str:
    path.write_text(rustc_response_file(words), encoding="utf-8")
    return f"@{windows_path(path)}"


def test_the_programs_own_tests_pass_on_windows() -> None:
    done = subprocess.run(
        ["wine", linker_exe("--test")],
        env=wine_environment(),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert "0 failed" in done.stdout, done.stdout + done.stderr


def test_each_wrapper_gives_its_command_and_target_and_builds_once(
    run: Run, tmp_path: Path
) -> None:
    assert run("a.o", "-Wl,--icf=all") == (0, ["cc", *TARGET, "a.o"], "")
    assert run("-?", tool="cxx").arguments == ["c++", "-target", "x86_64-linux-gnu", "-?"]
    assert run("t", "a b", tool="ar").arguments == ["ar", "t", "a b"]
    assert run() == (0, ["cc", "-target", "x86_64-linux-gnu"], "")
    builds = (tmp_path / "temp.builds").read_text(encoding="utf-8").split("\0")[:-1]
    assert builds == [windows_path(recorder_folder() / "rustc.exe")]
    (made,) = (tmp_path / ".cargo/zig/build").iterdir()
    assert made.name.endswith("-AMD64.exe")


def test_the_rustc_beside_cargo_builds_it(run: Run, tmp_path: Path) -> None:
    own = tmp_path / "tool chain"
    own.mkdir()
    (own / "rustc.exe").write_bytes((recorder_folder() / "rustc.exe").read_bytes())
    assert run("a.o", CARGO=windows_path(own / "cargo.exe")).status == 0
    assert (tmp_path / "temp.builds").read_text(encoding="utf-8") == windows_path(own / "rustc.exe") + "\0"  # fmt: skip


def test_a_failed_build_says_so_and_leaves_nothing(run: Run, tmp_path: Path) -> None:
    done = run("a.o", PREBUILT="Z:\\nowhere")
    assert (done.status, done.arguments) == (1, [])
    assert "x86_64-unknown-linux-gnu-cc.bat: rustc cannot build zig-linker.rs" in done.message
    assert list((tmp_path / ".cargo/zig/build").iterdir()) == []


def test_links_that_start_at_once_all_end_well(run: Run, tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda name: run("t", tool=name), ["cc", "cxx", "ar", "ar"]))
    assert [one.status for one in done] == [0] * 4, done
    assert len(list((tmp_path / ".cargo/zig/build").iterdir())) == 1


def test_every_character_is_kept(run: Run, tmp_path: Path) -> None:
    assert run("a.o", *HOSTILE).arguments[3:] == ["a.o", *HOSTILE]
    assert run(response_file(tmp_path / "own args", HOSTILE[2:-1])).arguments[3:] == HOSTILE[2:-1]


def test_a_long_link_goes_through_a_response_file(run: Run, tmp_path: Path, zig_cmd: Path) -> None:
    words = [f"C:\\o'neill {number}\\{number}.o" for number in range(9)]
    words += [f"C:\\a b\\{number}.o" for number in range(900)]
    given = response_file(tmp_path / "args", ["-Wl,--icf=all", *words])
    assert run(given, "last").arguments[3:] == [*words, "last"]
    assert run(given, "last", path=zig_cmd).arguments[3:] == [*words, "last"]
    assert list((tmp_path / "temp").iterdir()) == []


def test_a_zig_cmd_is_started_as_well(run: Run, zig_cmd: Path) -> None:
    done = run("a b", "c^d e", "f!g", "-Wl,--icf=all,-x", path=zig_cmd, STATUS="37")
    assert (done.status, done.arguments[3:]) == (37, ["a b", "c^d e", "f!g", "-Wl,-x"])


@pytest.mark.parametrize(("tool", "status"), [("cc", 1), ("cc", 255), ("ar", 7)])
def test_the_exit_status_is_passed_on(run: Run, tool: str, status: int) -> None:
    done = run("t", "a b", tool=tool, STATUS=str(status))
    assert (done.status, done.arguments[-2:]) == (status, ["t", "a b"])


def test_zig_is_found_by_variable_and_where_winget_puts_it(run: Run, tmp_path: Path) -> None:
    only_rustc = tmp_path / "rust"
    links = tmp_path / "local/Microsoft/WinGet/Links"
    for folder, name in ((only_rustc, "rustc.exe"), (links, "zig.exe")):
        folder.mkdir(parents=True)
        (folder / name).symlink_to(recorder_folder() / name)
    local = windows_path(tmp_path / "local")
    assert run("t", tool="ar", path=only_rustc, LOCALAPPDATA=local).arguments == ["ar", "t"]
    named = windows_path(links / "zig.exe")
    assert run("t", tool="ar", path=only_rustc, ZIG=f'"{named}"').arguments == ["ar", "t"]
    done = run("t", path=only_rustc)
    assert done.status == 127
    assert "zig-linker: zig was not found on PATH" in done.message
    assert "winget install" in done.message
