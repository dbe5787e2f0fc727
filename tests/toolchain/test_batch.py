"""The .bat wrappers under Wine's cmd, with a zig.exe or zig.cmd that records."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.toolchain.zig_support import call_batch, recorder_exe
from tests.zig.rendered import Call, rustc_response_file, write_wrappers

pytestmark = pytest.mark.toolchain

IGNORED = "-DSCAFFOLD_IGNORED_"
# What goes in, what comes out. Nothing can be taken out of a line: it becomes something without effect.
REWRITTEN = [
    ("-Wl,--fix-cortex-a53-843419", "-Wl,--eh-frame-hdr"),
    ("-Wl,--as-needed,--fix-cortex-a53-843419,-O1", "-Wl,--as-needed,--eh-frame-hdr,-O1"),
    ("-Xlinker --fix-cortex-a53-843419", "-Xlinker --eh-frame-hdr"),
    ("--target=x86_64-unknown-linux-gnu", f"{IGNORED}TARGET=x86_64-unknown-linux-gnu"),
    ("-Wl,--dynamic-list=C:\\x\\list", "-Wl,-O=C:\\x\\list"),
    ("-Wl,--dynamic-list,C:\\x\\list", "-Wl,-O,C:\\x\\list"),
    ("-Xlinker --dynamic-list -Xlinker C:\\x", "-Xlinker -O -Xlinker C:\\x"),
    ("-Wl,-znostart-stop-gc", "-Wl,-znoexecstack"),
    ("-Wl,-z,nostart-stop-gc", "-Wl,-z,noexecstack"),
    ("-Xlinker -z -Xlinker nostart-stop-gc", "-Xlinker -z -Xlinker noexecstack"),
    ("-Wl,-plugin-opt=O3 -Wl,--plugin-opt,x", "-Wl,-O=O3 -Wl,-O,x"),
    ("-Wl,--push-state,-Bstatic -lz", "-Wl,--eh-frame-hdr,-Bstatic -lz"),
    ("-Wl,--pop-state", "-Wl,-Bdynamic,--no-whole-archive"),
    ("-Xlinker --pop-state", "-Wl,-Bdynamic,--no-whole-archive"),
    ("-Wl,--icf=all -Wl,--exclude-libs,ALL", "-Wl,-O=all -Wl,-O,ALL"),
    ("-Wl,--undefined=main -Wl,--undefined,main", "-Wl,-u=main -Wl,-u,main"),
    ("-Wl,-Map=map -Wl,-Map,map -Wl,--Map=map", "-Wl,-O=map -Wl,-O,map -Wl,-O=map"),
    ("-Xlinker -Map -Xlinker map", "-Xlinker -O -Xlinker map"),
    ("-Wl,--threads=4 -Wl,--threads,-O1 -Wl,--no-threads", "-Wl,-O=4 -Wl,--eh-frame-hdr,-O1 -Wl,--eh-frame-hdr"),
    ("-Wl,--error-limit=0", "-Wl,-O=0"),
    ("-Wl,--no-rosegment,--rosegment", "-Wl,--eh-frame-hdr,--eh-frame-hdr"),
    ("-Wl,--allow-multiple-definition", "-Wl,--eh-frame-hdr"),
    ("-Wp,-DA=1 -Wp,-UB", "-DA=1 -UB"),
    ("-mtune=cortex-a53", f"{IGNORED}MTUNE=cortex-a53"),
]  # fmt: skip
PROCESSORS = [
    ("-march=armv8-a+crc", "-mcpu=generic+crc"),
    ("-march=armv8.2-a+fp16", "-mcpu=generic+v8_2a+fullfp16"),
    ("-mcpu=cortex-a53", f"{IGNORED}MCPU=cortex-a53"),
]
KEPT = [
    "-lgcc_s", "-Wl,--no-undefined-version", "-Wl,--undefined-version", "-fuse-ld=lld", "-BC:\\x\\gcc-ld",
    "-Wl,-z,relro,-z,now", "-L", "C:\\x;y", "-Wl,-soname=libx.so", "-ffile-prefix-map=a=b", "-march=x86-64",
]  # fmt: skip
HOSTILE = [
    "a b", "", "-n", "a,b=c;d", "e^f (g)", "h & i", "j | k", "l < m > n", "o!p!", "r's t", "*", "?.c",
    "grün 日本", "(x)", "[y]", "~", "`z`", "$HOME", "C:\\a b\\c.o", "#1", '"in" quotes',
]  # fmt: skip


def words(text: str) -> list[str]:
    return text.split()


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Call]:
    """Calls the cc wrapper of an architecture with the recording zig.exe in the searched folder."""

    def run_wrapper(
        *arguments: str,
        arch: str = "x86_64",
        tool: str = "cc",
        path: Path | None = None,
        **environment: str,
    ) -> Call:
        wrapper = write_wrappers(tmp_path / "wrappers", arch, "2.17", "bat")[tool]
        folder = recorder_exe() if path is None else path
        return call_batch(wrapper, arguments, folder, tmp_path / "temp", **environment)

    return run_wrapper


@pytest.fixture
def zig_cmd(tmp_path: Path) -> Path:
    """A folder with a zig.cmd, as package managers make them, that starts the recorder."""
    (tmp_path / "shims").mkdir()
    exe = "Z:" + str(recorder_exe() / "zig.exe").replace("/", "\\")
    (tmp_path / "shims" / "zig.cmd").write_text(
        f'@"{exe}" %*\n@exit /b %errorlevel%\n', encoding="ascii", newline="\r\n"
    )
    return tmp_path / "shims"


def test_what_zig_refuses_is_renamed(run: Callable[..., Call]) -> None:
    given = [word for before, _ in REWRITTEN for word in words(before)]
    wanted = [word for _, after in REWRITTEN for word in words(after)]
    done = run("first.o", *given, *KEPT, "last.o")
    assert done.arguments == [
        "cc", "-target", "x86_64-linux-gnu.2.17", "first.o", *wanted, *KEPT, "last.o"
    ]  # fmt: skip
    assert (done.status, done.message) == (0, "")


def test_a_whole_archive_is_an_input_file(run: Callable[..., Call]) -> None:
    done = run(
        "-Wl,--whole-archive",
        "-Wl,C:\\x y\\a.rlib",
        "-Wl,d:\\b.a",
        "-Wl,--no-whole-archive",
        "c^d e",
    )
    assert done.arguments[3:] == [
        "-Wl,--whole-archive", "C:\\x y\\a.rlib", "D:\\b.a", "-Wl,--no-whole-archive", "c^d e"
    ]  # fmt: skip


def test_the_processors_of_aarch64_are_put_in_zigs_words(run: Callable[..., Call]) -> None:
    given = [word for before, _ in PROCESSORS for word in words(before)]
    wanted = [word for _, after in PROCESSORS for word in words(after)]
    done = run(
        "-target", "aarch64-unknown-linux-gnu", *given, "-Ix\\armv9", arch="aarch64", tool="cxx"
    )
    target = f"{IGNORED}TARGET"
    assert done.arguments == [
        "c++",
        "-target",
        "aarch64-linux-gnu.2.17",
        target,
        *wanted,
        "-Ix\\armv9",
    ]


def test_a_response_file_gets_quotes_and_the_same_names(
    run: Callable[..., Call], tmp_path: Path
) -> None:
    kept = [
        "-o",
        "C:\\a b\\out",
        "e^f (g)",
        "h & i",
        "o!p!",
        "grün",
        "-L",
        "a,b=c;d",
        "-Wl,--undefined-version",
    ]
    whole = ["-Wl,--whole-archive", "-Wl,C:\\x y\\a.rlib", "-Wl,--no-whole-archive"]
    given = [word for before, _ in REWRITTEN for word in words(before) if " " not in before]
    wanted = [word for before, after in REWRITTEN for word in words(after) if " " not in before]
    (tmp_path / "own args").write_text(
        rustc_response_file([*kept, *whole, *given]) + '"C:\\old style\\x.o"\n', encoding="utf-8"
    )
    done = run(f"@Z:{tmp_path}/own args".replace("/", "\\"))
    whole[1] = "C:/x y/a.rlib"
    expected = [word.replace("\\", "/") for word in [*kept, *whole, *wanted]]
    assert done.arguments[3:] == [*expected, "C:\\old style\\x.o"]
    assert (done.status, done.message) == (0, "")
    assert list((tmp_path / "temp").iterdir()) == []


def test_response_files_may_stand_among_other_arguments(
    run: Callable[..., Call], tmp_path: Path
) -> None:
    for name in ("one", "two words"):
        (tmp_path / name).write_text(f"{name[0]}.o\n-Wl,--icf=all\n")
    lists = [f"@Z:{tmp_path}/{name}".replace("/", "\\") for name in ("one", "two words")]
    done = run("a b.o", lists[0], "-o", "c^d e", lists[1], "--target=x", "@nowhere", STATUS="9")
    assert done.arguments[3:] == [
        "a b.o", "o.o", "-Wl,-O=all", "-o", "c^d e", "t.o", "-Wl,-O=all", f"{IGNORED}TARGET=x", "@nowhere"
    ]  # fmt: skip
    assert done.status == 9
    assert list((tmp_path / "temp").iterdir()) == []


def test_an_apostrophe_in_a_response_file_stops_with_its_line(
    run: Callable[..., Call], tmp_path: Path
) -> None:
    (tmp_path / "args").write_text("a.o\nC:\\\\O'Neill\\\\b.o\n")
    done = run(f"@Z:{tmp_path}/args".replace("/", "\\"))
    assert (done.status, done.arguments) == (1, [])
    assert "O'Neill" in done.message


def test_every_character_is_kept(run: Callable[..., Call]) -> None:
    assert run(*HOSTILE).arguments[3:] == HOSTILE
    assert run("--target=x", *HOSTILE).arguments[4:] == HOSTILE


def test_a_zig_cmd_is_started_as_well(
    run: Callable[..., Call], zig_cmd: Path, tmp_path: Path
) -> None:
    done = run("a b", "c^d e", "f!g", "-Wl,--icf=all,x", path=zig_cmd, STATUS="37")
    assert done.arguments[3:] == ["a b", "c^d e", "f!g", "-Wl,-O=all,x"]
    assert done.status == 37
    (tmp_path / "args").write_text("a.o\n")
    listed = run(f"@Z:{tmp_path}/args".replace("/", "\\"), path=zig_cmd, STATUS="37")
    assert (listed.status, listed.arguments[3:]) == (37, ["a.o"])
    assert list((tmp_path / "temp").iterdir()) == []


@pytest.mark.parametrize("status", [0, 1, 255])
@pytest.mark.parametrize("tool", ["cc", "cxx", "ar"])
def test_the_exit_status_is_passed_on(run: Callable[..., Call], tool: str, status: int) -> None:
    done = run("t", "a b", tool=tool, STATUS=str(status))
    assert (done.status, done.arguments[-2:]) == (status, ["t", "a b"])


def test_a_compilation_is_not_made_to_stop_at_undefined_behaviour(run: Callable[..., Call]) -> None:
    assert run("-c", "a.c").arguments[3:] == ["-fno-sanitize=undefined", "-c", "a.c"]


def test_no_arguments_are_no_arguments(run: Callable[..., Call]) -> None:
    assert run().arguments == ["cc", "-target", "x86_64-linux-gnu.2.17"]


def test_zig_is_found_by_variable_too(run: Callable[..., Call], tmp_path: Path) -> None:
    own = "Z:" + str(recorder_exe() / "zig.exe").replace("/", "\\")
    assert run("t", tool="ar", path=tmp_path, ZIG=own).arguments == ["ar", "t"]


@pytest.mark.parametrize("tool", ["cc", "ar"])
def test_a_missing_zig_is_named_with_how_to_install_it(
    run: Callable[..., Call], tmp_path: Path, tool: str
) -> None:
    done = run("a.c", tool=tool, path=tmp_path)
    assert done.status == 127
    assert f"x86_64-unknown-linux-gnu-{tool}.bat: zig was not found" in done.message
    assert "winget install" in done.message
