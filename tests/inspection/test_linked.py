"""Libraries as clang and lld link them: what the rules say of them, and what another reader reads in them."""

import subprocess
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from elftools.elf.dynamic import DynamicSegment
from elftools.elf.elffile import ELFFile

from scaffold.inspection.elf.layout import read_sections
from scaffold.inspection.elf.read import read_elf
from scaffold.inspection.elf.source import MemorySource
from scaffold.inspection.scan import scan
from tests.toolchain.requirements import program, require

pytestmark = pytest.mark.toolchain
CODE = """
extern __attribute__((weak)) void outside(void);
int value = 5, empty[3000];
void exported(void) { outside(); }
void (*const table[])(void) = { exported, outside };
static void (*hidden)(void) = exported;
void (**take(void))(void) { return &hidden; }
"""
Link = Callable[..., bytes]
LARGE, COMMON = "-Wl,-z,max-page-size=16384", "-Wl,-z,common-page-size=16384"


TLS = "_Thread_local int set = 1; _Thread_local char room[600];\n"


@pytest.fixture
def link(tmp_path: Path) -> Link:
    """Links the code above with some lld and flags; returns the library."""

    def linked(
        *flags: str,
        lld: str = "ld.lld-19",
        target: str = "aarch64-linux-android23",
        code: str = CODE,
    ) -> bytes:
        (tmp_path / "a.c").write_text(code, encoding="ascii")
        common = [f"--target={target}", "-shared", "-fPIC", "-nostdlib", "-fuse-ld=lld"]
        where = [f"--ld-path={program(lld)}", "a.c", "-o", "libout.so"]
        command = [program("clang-19"), *common, "-Wl,-z,now", *where, *flags]
        done = subprocess.run(command, cwd=tmp_path, check=False, capture_output=True, text=True)
        require(done.returncode == 0, f"clang cannot link for {target}: {done.stderr[:200]}")
        return (tmp_path / "libout.so").read_bytes()

    return linked


def codes(tmp_path: Path, data: bytes, page_size: int = 16384) -> list[str]:
    path = tmp_path / "libjudged.so"
    path.write_bytes(data)
    [library] = scan([str(path)], page_size).libraries
    return [finding.code.value for finding in library.findings]


def test_4_kb_pages_fail_and_16_kb_pages_pass(tmp_path: Path, link: Link) -> None:
    small = link("-Wl,-z,max-page-size=4096")
    assert "load-alignment" in codes(tmp_path, small)
    assert codes(tmp_path, small, 4096) == []
    assert codes(tmp_path, link(LARGE, COMMON)) == []
    assert (
        codes(tmp_path, link("-Wl,-z,max-page-size=65536", "-Wl,-z,common-page-size=65536")) == []
    )
    assert codes(tmp_path, link(LARGE, COMMON), 65536)[0] == "load-alignment"


def test_the_platform_passes_what_googles_formula_refuses(tmp_path: Path, link: Link) -> None:
    """r27 with max-page-size alone: RELRO ends on a 4 KB step, with its own LOAD."""
    data = link(LARGE)
    [relro] = read_elf(MemorySource(data)).relros
    assert relro.end % 16384 != 0
    assert codes(tmp_path, data) == []


def test_common_page_size_with_an_old_lld_dies_on_4_kb_devices(tmp_path: Path, link: Link) -> None:
    assert codes(tmp_path, link(LARGE, COMMON, lld="ld.lld-16")) == ["relro-overrun"]
    assert codes(tmp_path, link(LARGE, lld="ld.lld-16")) == []


def test_a_32_bit_library_passes_with_4_kb_pages(tmp_path: Path, link: Link) -> None:
    target = "armv7a-linux-androideabi23"
    assert codes(tmp_path, link("-Wl,-z,max-page-size=4096", target=target)) == []


@pytest.mark.parametrize(("lld", "found"), [("ld.lld-16", ["relro-end"]), ("ld.lld-19", [])])
def test_thread_local_room_behind_relro_is_seen_by_the_sections(
    tmp_path: Path, link: Link, lld: str, found: list[str]
) -> None:
    """lld before 18: `.tbss` ends past the LOAD, so RELRO holds a section that its LOAD does not."""
    data = link(LARGE, lld=lld, target="aarch64-linux-android29", code=CODE + TLS)
    assert codes(tmp_path, data) == found


@pytest.mark.parametrize("lld", ["ld.lld-16", "ld.lld-19"])
def test_without_section_headers_the_verdict_is_the_same(
    tmp_path: Path, link: Link, lld: str
) -> None:
    for flags in ((LARGE,), (LARGE, COMMON), ("-Wl,-z,max-page-size=4096",)):
        data = bytearray(link(*flags, lld=lld))
        verdict = codes(tmp_path, bytes(data))
        data[40:48] = bytes(8)
        data[60:64] = bytes(4)
        assert codes(tmp_path, bytes(data)) == verdict


@pytest.mark.parametrize(
    "target", ["aarch64-linux-android23", "x86_64-linux-android23", "armv7a-linux-androideabi23"]
)
@pytest.mark.parametrize("style", ["gnu", "sysv", "both"])
def test_pyelftools_reads_the_same(link: Link, target: str, style: str) -> None:
    data = link(LARGE, f"-Wl,--hash-style={style}", "-Wl,-soname,libme.so", target=target)
    compare_with_pyelftools(data)


@pytest.mark.parametrize("name", ["libstdc++.so.6", "libc.so.6", "libm.so.6", "libgcc_s.so.1"])
def test_pyelftools_reads_the_same_in_the_hosts_libraries(name: str) -> None:
    found = list(Path("/usr/lib").glob(f"*-linux-gnu/{name}"))
    require(bool(found), f"{name} is not on this host")
    compare_with_pyelftools(found[0].read_bytes())


def compare_with_pyelftools(data: bytes) -> None:
    ours = read_elf(MemorySource(data))
    theirs = ELFFile(BytesIO(data))
    segments = list(theirs.iter_segments())
    assert [(s.address, s.memory_size, s.align) for s in ours.loads] == [
        (s["p_vaddr"], s["p_memsz"], s["p_align"]) for s in segments if s["p_type"] == "PT_LOAD"
    ]
    assert [(s.address, s.end) for s in ours.relros] == [
        (s["p_vaddr"], s["p_vaddr"] + s["p_memsz"])
        for s in segments
        if s["p_type"] == "PT_GNU_RELRO"
    ]
    assert [(s.address, s.size) for s in read_sections(MemorySource(data))] == [
        (s["sh_addr"], s["sh_size"]) for s in theirs.iter_sections()
    ]
    [dynamic] = [segment for segment in segments if isinstance(segment, DynamicSegment)]
    tags: list[Any] = list(dynamic.iter_tags())
    assert list(ours.needed) == [tag.needed for tag in tags if tag.entry.d_tag == "DT_NEEDED"]
    assert ours.soname in [tag.soname for tag in tags if tag.entry.d_tag == "DT_SONAME"]
    table: Any = theirs.get_section_by_name(".dynsym")
    symbols = list(table.iter_symbols())
    cxa = [symbol for symbol in symbols if symbol.name.startswith("__cxa_")]
    assert {name for name in ours.symbols.undefined if name.startswith("__cxa_")} == {
        s.name for s in cxa if s["st_shndx"] == "SHN_UNDEF" and s["st_info"]["bind"] == "STB_GLOBAL"
    }
    assert {name for name in ours.symbols.exported if name.startswith("__cxa_")} == {
        s.name for s in cxa if s["st_shndx"] != "SHN_UNDEF" and s["st_info"]["bind"] != "STB_LOCAL"
    }
