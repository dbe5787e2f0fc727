"""What dlopen would find: symbols of neighbours and of Android, by API level."""

import pytest

from scaffold.findings import Severity
from scaffold.inspection import system
from scaffold.inspection.elf.source import MemorySource
from scaffold.inspection.judge import read_library
from scaffold.inspection.library import Kind, Library, Place
from scaffold.inspection.runtime import judge_together
from tests.inspection.elf.writer import ARM, WEAK, X86, Symbol, exported, undefined, write_elf

LIBCXX = "_ZNSt6__ndk113__hash_memoryEPKvm"


def library(
    name: str,
    data: bytes,
    *,
    kind: Kind = "apk",
    min_sdk: int | None = None,
    abi: str = "arm64-v8a",
) -> Library:
    place = Place("app", kind, min_sdk)
    unread = Library(f"app!/lib/{abi}/{name}", name, abi, place)
    return read_library(unread, MemorySource(data), 16384)


def needing(*names: str, needed: tuple[str, ...] = ("libc.so",), **rest: int) -> bytes:
    return write_elf(symbols=undefined(*names), needed=needed, **rest)  # type: ignore[arg-type]


def found(*libraries: Library, min_sdk: int | None = None) -> list[tuple[str, str, str]]:
    return [
        (lib.name, finding.code.value, finding.message)
        for lib in judge_together(libraries, min_sdk)
        for finding in lib.findings
    ]


def test_a_symbol_of_a_newer_android_is_foretold() -> None:
    data = needing("getrandom", "malloc", "stderr")
    [judged] = judge_together([library("liba.so", data, min_sdk=21)])
    [finding] = judged.findings
    assert (finding.code.value, finding.severity) == ("api-level", Severity.ERROR)
    assert finding.message.startswith("Needs API 28 (`getrandom`, `stderr`), minSdk is 21:")
    assert "28" in finding.hint


@pytest.mark.parametrize("min_sdk", [28, 36])
def test_a_symbol_that_every_device_has_is_fine(min_sdk: int) -> None:
    assert found(library("liba.so", needing("getrandom", "stderr"), min_sdk=min_sdk)) == []


def test_the_level_that_the_user_names_wins_over_the_manifest() -> None:
    newer = library("liba.so", needing("getrandom"), min_sdk=21)
    assert found(newer, min_sdk=28) == []
    assert len(found(library("liba.so", needing("getrandom"), min_sdk=28), min_sdk=24)) == 1
    assert found(library("liba.so", needing("getrandom"))) == []  # nobody named one


def test_levels_up_to_21_are_the_same_for_all() -> None:
    assert found(library("liba.so", needing("epoll_create1", "malloc"), min_sdk=16)) == []


def test_an_aar_is_warned_as_the_app_may_ask_for_more() -> None:
    [judged] = judge_together([library("liba.so", needing("stderr"), kind="aar", min_sdk=21)])
    assert [finding.severity for finding in judged.findings] == [Severity.WARNING]
    [judged] = judge_together([library("liba.so", needing("stderr"), kind="aar")], 21)
    assert [finding.severity for finding in judged.findings] == [Severity.ERROR]


def test_a_system_library_that_is_too_new_fails_as_a_whole() -> None:
    data = needing(needed=("libc.so", "libaaudio.so"))
    [(_, code, message)] = found(library("liba.so", data, min_sdk=21))
    assert code == "api-level"
    assert "API 26 (`libaaudio.so`)" in message


def test_levels_differ_by_abi() -> None:
    """__tls_get_addr came to 32-bit ARM with API 29, and to arm64 with 30."""
    arm = write_elf(machine=ARM, bits=32, symbols=undefined("__tls_get_addr"))
    arm64 = needing("__tls_get_addr")
    assert found(library("liba.so", arm, abi="armeabi-v7a", min_sdk=29)) == []
    assert len(found(library("liba.so", arm64, min_sdk=29))) == 1


def test_a_symbol_that_nothing_has_is_unresolved() -> None:
    [(_, code, message)] = found(library("liba.so", needing("no_such_function")))
    assert code == "symbol-unresolved"
    assert "no_such_function is undefined" in message


def test_private_symbols_of_an_abi_are_not_complained_of() -> None:
    old = write_elf(machine=X86, bits=32, symbols=undefined("__umoddi3"))
    assert found(library("liba.so", old, abi="x86", min_sdk=21)) == []
    other = write_elf(machine=ARM, bits=32, symbols=undefined("__umoddi3"))
    assert len(found(library("liba.so", other, abi="armeabi-v7a"))) == 1


@pytest.mark.parametrize(
    "name",
    [
        *("__start_mine", "__stop_mine", "_GLOBAL_OFFSET_TABLE_", "_DYNAMIC", "__dso_handle"),
        *("__asan_init", "__hwasan_init", "__ubsan_handle_add", "__sanitizer_x", "__tsan_init"),
    ],
)
def test_what_the_linker_or_a_sanitizer_brings_is_not_asked_for(name: str) -> None:
    assert found(library("liba.so", needing(name))) == []


def test_weak_symbols_may_stay_undefined() -> None:
    data = write_elf(symbols=(Symbol("no_such_function", binding=WEAK),))
    assert found(library("liba.so", data)) == []


def test_what_a_needed_system_library_needs_in_turn_does_not_count() -> None:
    """libandroid.so needs liblog.so on every device, and a library that names only the first does not see it."""
    data = needing("__android_log_print", needed=("libc.so", "libandroid.so"))
    assert [code for _, code, _ in found(library("liba.so", data))] == ["symbol-unresolved"]
    both = needing("__android_log_print", needed=("libc.so", "liblog.so"))
    assert found(library("liba.so", both)) == []


def test_a_system_library_that_a_neighbour_names_counts() -> None:
    data = needing("__android_log_print", needed=("libc.so", "libb.so"))
    neighbour = library("libb.so", write_elf(needed=("libc.so", "liblog.so")))
    assert found(library("liba.so", data), neighbour) == []


def test_a_neighbour_that_exports_it_comes_before_a_newer_android() -> None:
    data = needing("_Unwind_Resume", needed=("libc.so", "libjsc.so"))
    jsc = library("libjsc.so", write_elf(symbols=exported("_Unwind_Resume")))
    assert found(library("liba.so", data, min_sdk=21), jsc) == []
    bare = library("libjsc.so", write_elf())
    assert [code for _, code, _ in found(library("liba.so", data, min_sdk=21), bare)] == [
        "api-level"
    ]


def test_an_older_shared_runtime_is_a_mix_of_versions() -> None:
    data = needing(LIBCXX, needed=("libc.so", "libc++_shared.so"))
    shared = library("libc++_shared.so", write_elf(symbols=exported("__cxa_throw")))
    [judged, _] = judge_together([library("liba.so", data), shared])
    [finding] = judged.findings
    assert finding.code.value == "cpp-symbol-unresolved"
    assert "older than the one that it was linked with" in finding.hint


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("_Znwm", "cpp-symbol-unresolved"),
        ("_ZdlPv", "cpp-symbol-unresolved"),
        ("__gxx_personality_v0", "cpp-symbol-unresolved"),
        ("_ZTVN10__cxxabiv117__class_type_infoE", "cpp-symbol-unresolved"),
        ("_ZNSt6__ndk112basic_stringIcEC1Ev", "cpp-symbol-unresolved"),
        ("_ZSt9terminatev", "cpp-symbol-unresolved"),
        ("_ZTISt9exception", "cpp-symbol-unresolved"),
        ("_ZN3foo3barENSt6__ndk112basic_stringIcEE", "symbol-unresolved"),
        ("__emutls_get_address", "symbol-unresolved"),
    ],
)
def test_symbols_of_the_cpp_runtime_have_a_code_of_their_own(name: str, code: str) -> None:
    assert [found_code for _, found_code, _ in found(library("liba.so", needing(name)))] == [code]


def test_a_neighbour_with_the_older_hash_table_is_looked_into() -> None:
    data = needing("mine", needed=("libc.so", "libb.so"))
    old = library("libb.so", write_elf(symbols=exported("mine"), gnu_hash=False))
    assert found(library("liba.so", data), old) == []


def test_every_row_of_the_table_can_be_read() -> None:
    for abi in ("arm64-v8a", "armeabi-v7a", "x86", "x86_64"):
        assert system.symbol_level("libc.so", "malloc", abi) == 21
        assert system.symbol_level("libc.so", "getrandom", abi) == 28
    assert system.symbol_level("libc.so", "no_such_function", "x86") is None
    assert system.library_level("libaaudio.so") == 26
    assert not system.is_system_library("libssl.so")
    names = [name for name in system._sections() if system._symbols(name, "arm64") is not None]
    assert len(names) == 25
