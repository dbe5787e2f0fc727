"""The C++ and C runtime rules over libraries that are installed side by side."""

import pytest

from scaffold.findings import Code, Severity
from scaffold.inspection.elf.read import read_elf
from scaffold.inspection.elf.source import MemorySource
from scaffold.inspection.judge import read_library
from scaffold.inspection.library import Kind, Library, Place
from scaffold.inspection.runtime import judge_together
from tests.inspection.elf.writer import (
    ARM,
    LOCAL,
    WEAK,
    X86_64,
    Symbol,
    exported,
    undefined,
    write_elf,
)

RUNTIME = ("__cxa_throw", "__cxa_begin_catch", "__gxx_personality_v0")
ANDROID_NOTE = b"\x08\0\0\0\x04\0\0\0\x01\0\0\0Android\0\x15\0\0\0"


def library(
    name: str, data: bytes, *, kind: Kind = "apk", folder_abi: str = "arm64-v8a"
) -> Library:
    unread = Library(f"app!/lib/{folder_abi}/{name}", name, folder_abi, Place("app", kind))
    return read_library(unread, MemorySource(data), 16384)


def found(*libraries: Library) -> dict[str, list[tuple[str, str]]]:
    """Library name → (code, severity) of its findings; the clean ones left out."""
    return {
        library.name: [(f.code.value, f.severity.value) for f in library.findings]
        for library in judge_together(libraries)
        if library.findings
    }


SHARED = library("libc++_shared.so", write_elf(symbols=exported(*RUNTIME)))
USER = library(
    "libuser.so", write_elf(needed=("libc.so", "libc++_shared.so"), symbols=undefined(*RUNTIME))
)
CPP = write_elf(needed=("libc.so", "libc++_shared.so"))


@pytest.mark.parametrize(
    ("kind", "severity"),
    [
        ("apk", "error"),
        ("aab", "error"),
        ("folder", "error"),
        ("aar", "warning"),
        ("jar", "warning"),
    ],
)
def test_a_runtime_that_is_needed_and_not_packaged_is_found(kind: Kind, severity: str) -> None:
    assert found(library("liba.so", CPP, kind=kind)) == {
        "liba.so": [("cpp-runtime-missing", severity)]
    }


@pytest.mark.parametrize("kind", ["", "flat"])
def test_a_single_library_is_not_asked_for_its_runtime(kind: Kind) -> None:
    assert found(library("liba.so", CPP, kind=kind)) == {}


def test_a_runtime_packaged_for_another_abi_does_not_count() -> None:
    other = library("libc++_shared.so", write_elf(machine=X86_64), folder_abi="x86_64")
    assert found(USER, other) == {"libuser.so": [("cpp-runtime-missing", "error")]}
    assert found(USER, SHARED) == {}


def test_cxa_symbols_without_a_runtime_are_found() -> None:
    data = write_elf(needed=("libc.so", "libm.so"), symbols=undefined(*RUNTIME))
    assert found(library("liba.so", data)) == {"liba.so": [("cpp-symbol-unresolved", "error")]}
    message = judge_together([library("liba.so", data)])[0].findings[0].message
    assert "__cxa_begin_catch, __cxa_throw" in message


def test_what_libc_brings_and_weak_symbols_are_not_unresolved() -> None:
    names = undefined("__cxa_atexit", "__cxa_finalize", "__cxa_thread_atexit_impl", "malloc")
    weak = Symbol("__cxa_throw", binding=WEAK)
    assert found(library("liba.so", write_elf(symbols=(*names, weak)))) == {}


def test_symbols_that_a_needed_library_brings_are_not_unresolved() -> None:
    needing = write_elf(
        needed=("libc.so", "libmiddle.so"), symbols=undefined("__cxa_throw", "mine")
    )
    middle = library("libmiddle.so", write_elf(needed=("libc.so", "libfar.so")))
    far = library("libfar.so", write_elf(symbols=exported("__cxa_throw", "mine")))
    assert found(library("liba.so", needing), middle, far) == {}
    nothing = library("libfar.so", write_elf(symbols=exported("other")))
    assert found(library("liba.so", needing), middle, nothing)["liba.so"] == [
        ("cpp-symbol-unresolved", "error"),
        ("symbol-unresolved", "error"),
    ]


def test_a_library_that_is_there_but_not_needed_brings_nothing() -> None:
    alone = library("liba.so", write_elf(symbols=undefined("__cxa_throw")))
    assert found(alone, SHARED)["liba.so"] == [("cpp-symbol-unresolved", "error")]


def test_libcpp_symbols_without_a_runtime_are_found() -> None:
    data = write_elf(
        symbols=undefined("_ZNKSt6__ndk120__vector_base_commonILb1EE20__throw_length_errorEv")
    )
    assert found(library("liba.so", data)) == {"liba.so": [("cpp-symbol-unresolved", "error")]}


@pytest.mark.parametrize("kind", ["", "aar", "flat", "apk"])
def test_where_a_needed_library_is_not_at_hand_nothing_is_said_of_symbols(kind: Kind) -> None:
    names = undefined("__cxa_throw", "mine")
    data = write_elf(needed=("libc.so", "libother.so"), symbols=names)
    codes = [code for code, _ in found(library("liba.so", data, kind=kind)).get("liba.so", [])]
    assert codes == (["needed-missing"] if kind == "apk" else [])


def test_a_library_that_neither_the_app_nor_android_has_is_a_warning() -> None:
    data = write_elf(needed=("libc.so", "libother.so", "libRS.so", "libaaudio.so"))
    [judged] = judge_together([library("liba.so", data)])
    assert [(f.code, f.severity) for f in judged.findings] == [
        (Code.NEEDED_MISSING, Severity.WARNING)
    ]
    assert "libother.so, which" in judged.findings[0].message
    assert found(library("liba.so", data, kind="split")) == {}


def test_androids_own_libstdcxx_brings_only_guards_and_pure_virtual() -> None:
    needed = ("libc.so", "libstdc++.so")
    small = write_elf(needed=needed, symbols=undefined("__cxa_guard_acquire", "__cxa_pure_virtual"))
    large = write_elf(needed=needed, symbols=undefined("__cxa_throw"))
    assert found(library("liba.so", small)) == {}
    assert "liba.so" in found(library("liba.so", large))


def test_runtimes_that_never_meet_are_fine() -> None:
    static = library("libstatic.so", write_elf(symbols=exported(*RUNTIME)))
    other = library("libother.so", write_elf(symbols=exported(*RUNTIME)))
    old = library("libold.so", write_elf(needed=("libc.so", "libgnustl_shared.so")))
    gnustl = library("libgnustl_shared.so", write_elf(symbols=exported(*RUNTIME)))
    assert found(USER, SHARED, static, other, old, gnustl) == {}


def test_two_runtimes_in_one_library_meet() -> None:
    both = write_elf(needed=("libc.so", "libc++_shared.so"), symbols=exported("__cxa_throw"))
    assert found(library("libboth.so", both), SHARED) == {
        "libboth.so": [("cpp-runtime-mixed", "error")]
    }


def test_runtimes_that_meet_along_needed_libraries_are_told_where_they_meet() -> None:
    static = library("libstatic.so", write_elf(symbols=exported("__cxa_throw")))
    meeting = write_elf(needed=("libc.so", "libstatic.so", "libuser.so"))
    above = write_elf(needed=("libc.so", "libmeeting.so"))
    libraries = [library("libmeeting.so", meeting), library("libabove.so", above), static]
    assert found(USER, SHARED, *libraries) == {"libmeeting.so": [("cpp-runtime-mixed", "error")]}


@pytest.mark.parametrize(
    "symbol",
    [
        Symbol("__cxa_throw", defined=True, visibility=2),
        Symbol("__cxa_throw", defined=True, binding=LOCAL),
        Symbol("_ZNSt6__ndk112basic_stringIcED1Ev", defined=True, binding=WEAK),
    ],
)
def test_a_hidden_static_runtime_and_template_instances_are_fine(symbol: Symbol) -> None:
    static = library("libstatic.so", write_elf(symbols=(symbol,)))
    assert found(USER, SHARED, static) == {}


def test_a_library_with_libc_inside_is_static_bionic() -> None:
    visible = write_elf(needed=("liblog.so",), symbols=exported("malloc", "free", "__errno"))
    assert found(library("liba.so", visible)) == {"liba.so": [("static-bionic", "error")]}
    stripped = write_elf(needed=(), note=ANDROID_NOTE, text=b"x" * 900 + b"/dev/socket/logdw\0")
    assert found(library("liba.so", stripped)) == {"liba.so": [("static-bionic", "error")]}


@pytest.mark.parametrize(
    "data",
    [
        write_elf(needed=()),
        write_elf(needed=("liblog.so",), symbols=undefined("__android_log_print")),
        write_elf(needed=(), symbols=exported("memcpy", "strlen", "Java_a_b")),
        write_elf(needed=("libc.so",), symbols=exported("malloc", "free", "__errno")),
        write_elf(needed=(), text=b"/dev/socket/logdw\0"),
    ],
)
def test_a_library_without_libc_that_has_none_inside_is_fine(data: bytes) -> None:
    assert found(library("liba.so", data)) == {}


def test_a_library_in_another_abis_folder_is_found() -> None:
    wrong = library("liba.so", write_elf(machine=X86_64), folder_abi="arm64-v8a")
    assert found(wrong) == {"liba.so": [("abi-mismatch", "error")]}
    both_arm = library("liba.so", write_elf(machine=ARM, bits=32), folder_abi="armeabi")
    assert found(both_arm) == {}
    assert both_arm.abi == "armeabi"


@pytest.mark.parametrize(
    "needed", ["libc.so.6", "ld-linux-aarch64.so.1", "libc.musl-x86_64.so.1", "libc.so.7"]
)
def test_desktop_libraries_are_listed_and_not_judged(needed: str) -> None:
    data = write_elf(align=0x1000, needed=(needed,), symbols=undefined("__cxa_throw"))
    assert found(library("liba.so", data, kind="jar", folder_abi="")) == {}
    assert read_elf(MemorySource(data)).needed == (needed,)


def test_an_extension_module_of_python_is_a_desktop_library_though_it_needs_nothing() -> None:
    data = write_elf(machine=X86_64, align=0x1000, needed=())
    assert (
        found(library("_md5.cpython-311-x86_64-linux-gnu.so", data, kind="flat", folder_abi=""))
        == {}
    )


def test_order_and_number_of_libraries_stay() -> None:
    given = [USER, SHARED, Library("app", "", "", Place("app", "apk"))]
    assert [library.path for library in judge_together(given)] == [
        library.path for library in given
    ]
    assert Severity.ERROR not in {f.severity for lib in judge_together(given) for f in lib.findings}
