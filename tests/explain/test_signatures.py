"""The data file: what it must hold, and how the loader refuses what it must not."""

import re

import pytest

from scaffold.explain.log import _DROPPED, _LOWER
from scaffold.explain.signatures import (
    EVERYWHERE,
    SignatureError,
    around,
    compiled,
    load,
    parse,
    unspaced,
)

CONTRACT = """
apple-linker-for-linux linker-cc-not-found chkstk-darwin cxa-dlopen cxa-undefined libc-n-version msvc-arm64-missing
page-size-dlopen relro-page-size jna-page-size zig-bad-argument android-linker-not-found cpp-library-not-found
ndk-root-unset rust-target-missing play-16kb-rejected cpp-runtime-not-packaged rust-library-not-packaged
android-libgcc-missing clang-builtins-missing host-linker-for-target ndk-not-installed cargo-not-found msvc-missing
jna-r8-awt jna-r8-stripped jna-native-missing uniffi-checksum-mismatch
"""

VALID = """
schema = 1
roots = ["boom"]
[[signature]]
code = "boom"
title = "t"
cause = "c"
fix = ["f"]
mark = "M"
source = "s"
patterns = [{ anchors = ["boom"], match = 'boom' }]
"""


def test_every_code_of_the_contract_is_there() -> None:
    assert set(CONTRACT.split()) <= {signature.code for signature in load().signature}


def test_every_pattern_compiles_in_each_form() -> None:
    for signature in load().signature:
        for pattern in signature.patterns:
            for compile_ in (compiled, unspaced):
                compile_(pattern.match)
            for context in (pattern.before, pattern.not_before, pattern.near, pattern.not_near):
                around(context)


def test_anchors_are_written_as_the_search_sees_a_log() -> None:
    for signature in load().signature:
        for pattern in signature.patterns:
            for anchor in pattern.anchors:
                assert anchor.encode().translate(bytes(_LOWER), _DROPPED).decode() == anchor


def test_every_placeholder_is_captured_or_has_a_default() -> None:
    for signature in load().signature:
        texts = " ".join((signature.title, signature.cause, *(fix.say for fix in signature.fix)))
        wanted = set(re.findall(r"\{([a-z_]+)\}", texts))
        defaults = {*signature.defaults, *EVERYWHERE}
        for pattern in signature.patterns:
            assert wanted <= defaults | set(compiled(pattern.match).groupindex), (
                signature.code,
                pattern.match,
            )


def test_what_is_captured_for_a_command_cannot_end_the_command() -> None:
    for signature in load().signature:
        commands = re.findall(r"`[^`]*\{(\w+)\}[^`]*`", " ".join(fix.say for fix in signature.fix))
        for pattern in signature.patterns:
            for name in set(commands) & set(compiled(pattern.match).groupindex):
                group = re.search(rf"\(\?P<{name}>(.*?)\)", pattern.match)
                assert group is not None
                ranges = re.sub(r"\[(?!\^)[^\]]*\]", "x", group[1])
                assert not re.search(r"(?<!\\)\.[{*+]|\[\^|\\S", ranges), (
                    signature.code,
                    group[1],
                )


def test_gaps_are_bounded() -> None:
    for signature in load().signature:
        for pattern in signature.patterns:
            without_classes = re.sub(r"\[(?:\\.|[^\]\\])*\]", "[]", pattern.match)
            assert not re.search(r"(?<!\\)[.)\]][*+]", without_classes), pattern.match


def test_a_valid_table_is_read() -> None:
    assert parse(VALID).signature[0].patterns[0].before_bytes == 16384


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("schema = 1", "schema = 2", "schema"),
        ('code = "boom"', "code = 1", "code is not of type"),
        ('fix = ["f"]', "fix = []", "needs a mark"),
        ('mark = "M"', 'mark = "X"', "needs a mark"),
        ('mark = "M"', 'mark = "M"\nfollows = ["none"]', "unknown codes"),
        ('mark = "M"', 'mark = "M"\nlinkage = "yes"', "linkage is not of type"),
        ('mark = "M"', 'mark = "M"\nextra = 1', "unknown keys"),
        ('anchors = ["boom"]', 'anchors = ["other"]', "none of the roots"),
        ('anchors = ["boom"]', "anchors = []", "no anchor"),
        ("match = 'boom'", "match = 'boom', before_bytes = 'x'", "before_bytes is not of type"),
        ('roots = ["boom"]', "", "roots"),
        ('roots = ["boom"]', 'roots = ["boom"]\nother = 1', "unknown keys"),
        ("[[signature]]", "[signature", "declare"),
    ],
)
def test_a_table_that_is_not_in_order_is_refused_with_the_reason(
    old: str, new: str, complaint: str
) -> None:
    with pytest.raises(SignatureError, match=complaint if complaint != "declare" else "."):
        parse(VALID.replace(old, new))


def test_a_code_that_occurs_twice_is_refused() -> None:
    with pytest.raises(SignatureError, match="twice"):
        parse(VALID + VALID[VALID.index("[[signature]]") :])
