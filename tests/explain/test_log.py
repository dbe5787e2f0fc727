"""Where a log shows a failure: lines, encodings, chunks, long lines, hostile input."""

import random
import time
import tracemalloc
from collections.abc import Iterator

import pytest

from scaffold.explain.log import BLOCK, read_log
from scaffold.explain.signatures import load
from scaffold.explain.window import LONGEST_TEXT, Occurrence
from tests.explain.hard_logs import hard_logs

ERROR = b"error: linker `cc` not found\n"
PASSING = b"   Compiling serde v1.0.200\n"
LONG = b'"-L" "/home/u/app/target/aarch64-linux-android/debug/deps/libfoo-0123456789abcdef.rlib" '


def found(*chunks: bytes) -> list[tuple[int, str]]:
    return [(place.line, place.code) for place in read_log(chunks, load()).occurrences]


def places(data: bytes) -> tuple[Occurrence, ...]:
    return read_log([data], load()).occurrences


def test_a_line_number_is_that_of_the_raw_log() -> None:
    assert found(PASSING * 41 + ERROR) == [(42, "linker-cc-not-found")]


def test_a_progress_bar_does_not_count_as_lines() -> None:
    assert found(b"Downloading 1%\rDownloading 50%\rDone\n" * 9 + ERROR) == [
        (10, "linker-cc-not-found")
    ]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 4096])
def test_where_chunks_end_makes_no_difference(size: int) -> None:
    data = (
        PASSING * 3
        + b"\x1b[0m\x1b[1m\x1b[38;5;9merror\x1b[0m\x1b[1m: linker `cc` not found\x1b[0m\n"
        + PASSING
    )
    assert found(*(data[at : at + size] for at in range(0, len(data), size))) == [
        (4, "linker-cc-not-found")
    ]


def test_where_blocks_end_makes_no_difference() -> None:
    for shift in range(0, 60, 2):
        lines, rest = divmod(BLOCK - 8192 - shift, len(PASSING))
        data = PASSING * lines + b"x" * rest + b"\n" + ERROR + PASSING * 1000
        assert found(data) == [(lines + 2, "linker-cc-not-found")], shift


def test_a_failure_after_a_megabyte_long_linker_command_is_found_with_a_short_text() -> None:
    command = b"  = note: LC_ALL=C " + LONG * 12000 + b"ld: unknown option: --as-needed\n"
    (place,) = places(PASSING + command)
    assert (place.line, place.code) == (2, "apple-linker-for-linux")
    assert len(place.text) <= LONGEST_TEXT + 2
    assert "ld: unknown option: --as-needed" in place.text


def test_text_has_no_control_character_and_no_bidirectional_trick() -> None:
    (place,) = places(
        "\u202eerror: linker `cc` not found \x07\x08\u2066evil\x1b]0;title\x07\r\n".encode()
    )
    assert place.text.isprintable()
    assert "linker `cc` not found" in place.text


def test_quotes_may_be_typographic_or_lost() -> None:
    for quoted in ("‘cc’", "'cc'", '"cc"', "“cc”"):
        assert found(f"error: linker {quoted} not found\n".encode()) == [(1, "linker-cc-not-found")]
    assert found("error: linker ‘cc’ not found\n".encode("cp1252")) == [(1, "linker-cc-not-found")]


def test_source_code_and_warnings_that_mention_a_failure_are_none() -> None:
    for line in (
        '12 |     assert!(text.contains("error: linker `cc` not found"));',
        "warning: linker stderr: ld: unknown option: --as-needed",
        "// undefined reference to `__cxa_pure_virtual'",
        'throw RuntimeException("UniFFI API checksum mismatch: try cleaning")',
        "+ echo 'error: linker `cc` not found'",
        "test tests::linker_cc_not_found ... ok",
    ):
        assert found(line.encode() + b"\n") == [], line


@pytest.mark.parametrize(
    "unit",
    [
        b"undefined reference to ",
        b"error: linker ",
        b"cannot locate symbol \n",
        b"error: linker `" + b"a" * 300 + b"\n",
        b"UnsatisfiedLinkError " + b"(" * 50,
        b"UnsatisfiedLinkError: dlopen failed: library ",
        b"couldn't find lib",
        b"\x1b[",
        b"\x1b]a",
        b"\x1b",
        b"\0",
        b"\n",
        b"\r",
        b"\xff\xfe",
        b'{"rendered":"error: \\n',
        b"ANDROID_NDK_ROOT ",
        b"panicked at build.rs:1:1: called `Result::unwrap()` on an `Err` value: NotPresen ",
        b"your app does not support 16 K 16 KB",
        b"12 | ",
    ],
)
def test_no_input_makes_it_slow(unit: bytes) -> None:
    data = unit * (300_000 // len(unit))
    begin = time.process_time()
    read_log([data], load())
    # 0.3 MB: an expression that backtracks would need minutes.
    assert time.process_time() - begin < 5


@pytest.mark.parametrize("part", range(4))
def test_logs_made_from_our_own_patterns_cost_bounded_work(part: int) -> None:
    table = load()
    for log in list(hard_logs(table))[part * 7 :: 28]:
        data = b"".join(log.texts(8_000))
        begin = time.process_time()
        reading = read_log([data], table)
        # Characters that patterns are tried on; and no expression that backtracks: 8 KB need some milliseconds.
        assert reading.work <= 24 * len(data), log.name
        assert time.process_time() - begin < 2, log.name


def test_the_work_on_a_log_ends_at_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scaffold.explain.log.MOST_WORK", 50_000)
    name = "msvc-missing 0 numbered in one line"
    log = next(log for log in hard_logs(load()) if log.name == name)
    reading = read_log(log.texts(400_000), load())
    assert 50_000 < reading.work < 150_000
    assert reading.stopped == 1
    assert read_log([PASSING * 9 + ERROR], load()).stopped == 0


def test_an_expression_around_a_match_is_looked_for_once_in_each_part() -> None:
    name = "msvc-missing 0 as source"
    log = next(log for log in hard_logs(load()) if log.name == name)
    begin = time.process_time()
    read_log(log.texts(400_000), load())
    # Looked for anew at each match, it took more than a second for so much.
    assert time.process_time() - begin < 2


def test_what_stands_around_a_match_is_found_wherever_blocks_end() -> None:
    near, error = b"--target aarch64-pc-windows-msvc\n", b"error: linker `link.exe` not found\n"
    for between in (0, 3_000, 15_000, 17_000):
        filling = PASSING * (between // len(PASSING))
        expected = "msvc-arm64-missing" if between < 16_000 else "msvc-missing"
        for ahead in (0, BLOCK - 12_000, BLOCK - 2_000, 2 * BLOCK):
            data = PASSING * (ahead // len(PASSING)) + near + filling + error + PASSING * 1000
            assert [code for _, code in found(data)] == [expected], (between, ahead)


def test_random_bytes_are_only_a_log_without_a_known_failure() -> None:
    noise = random.Random(7)
    for _ in range(20):
        assert found(noise.randbytes(20_000)) == []


def test_a_failure_that_repeats_is_reported_and_memory_stays_small() -> None:
    def chunks() -> Iterator[bytes]:
        for number in range(400):
            yield (ERROR + PASSING * 1000) if number % 2 else LONG * 700

    tracemalloc.start()
    first = read_log(chunks(), load()).occurrences[0]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert first.code == "linker-cc-not-found"
    assert peak < 30_000_000


def test_an_empty_log_holds_nothing() -> None:
    assert found() == []
    assert found(b"") == []
