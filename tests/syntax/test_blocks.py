import pytest
from hypothesis import given
from hypothesis import strategies as st

from scaffold.syntax.blocks import Blank, append_block, cut_block, find_blocks
from scaffold.syntax.cannot_merge import CannotMerge
from scaffold.syntax.comments import Language, line_comments
from scaffold.syntax.syntax import count_errors, parse, walk

BLOCK = ["// >>> scaffold:a", "x", "// <<< scaffold:a"]


def comments(language: Language, text: str) -> list[str]:
    return [comment.text for comment in line_comments(language, text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("// a\nx // b\n", ["// a", "// b"]),
        ("/* // a /* // b */ // c */ // d", ["// d"]),
        ('"// a" // b', ["// b"]),
        ('"\\"// a" // b', ["// b"]),
        ('"""\n// a\n"// b""" // c', ["// c"]),
        ('"""// a"""" // b', ["// b"]),
        ('"${x // a\n} // b" // c', ["// a", "// c"]),
        ('"${ { "}" } } // b" // c', ["// c"]),
        ('"""${ "\n', []),
        ("'\"' // a", ["// a"]),
        ("'\\'' // a", ["// a"]),
        ("`// a` // b", ["// b"]),
        ('"open\n// a', ["// a"]),
        ("#!/usr//bin\n// a", ["// a"]),
        ("#!//x", []),
        ('$$"""${ // a""" // b', ['// a""" // b']),
    ],
)
def test_kotlin_comments_are_told_from_strings(text: str, found: list[str]) -> None:
    assert comments("kotlin", text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("// a\nx // b\n", ["// a", "// b"]),
        ("/* // a /* // b */ // c */ // d", ["// d"]),
        ('"\n// a\\"\n" // b', ["// b"]),
        ('r#"// a" // b"# // c', ["// c"]),
        ('br"\\" // a', ["// a"]),
        ("'\"' // a", ["// a"]),
        ("b'\\'' // a", ["// a"]),
        ("'\\u{22}' // a", ["// a"]),
        ("fn f<'a>(x: &'a str) {} // a", ["// a"]),
        ('let r#type = "// a"; // b', ["// b"]),
        ("#!/bin//x\n// a", ["// a"]),
        ("#![x] // a", ["// a"]),
        ('r#"// a', []),
    ],
)
def test_rust_comments_are_told_from_strings(text: str, found: list[str]) -> None:
    assert comments("rust", text) == found


PIECES = ["// a", "/* b */", '"c"', '"// d"', "\n", "\n", "x", " ", "{", "}", "'f'", "'\"'", "("]
PIECES += [")", ";"]
OWN: dict[Language, list[str]] = {
    "kotlin": ['"""// e"""', '"${g}"', '"${"// i"}"', "`h`", "fun m()", "val n = "],
    "rust": ['r#"// i"#', 'b"// j"', "&'a ", "fn m()", "let o = "],
}
LANGUAGES: list[Language] = ["kotlin", "rust"]


@given(st.sampled_from(LANGUAGES), st.data())
def test_the_grammar_sees_the_same_comments_in_what_it_understands(
    language: Language, data: st.DataObject
) -> None:
    pieces = st.sampled_from([*PIECES, *OWN[language]])
    text = "".join(data.draw(st.lists(pieces, max_size=12)))
    root = parse(language, text)
    if not count_errors(root):
        seen = [node for node in walk(root) if node.type == "line_comment"]
        rows = [comment.row for comment in line_comments(language, text)]
        assert rows == [node.start_point.row for node in seen]


def test_blocks_are_found_at_any_indentation_and_with_a_note() -> None:
    text = "a\n  // >>> scaffold:x-1 (note)\n\t//<<<scaffold:x-1 bye\n// >>> scaffold:y\n// <<< scaffold:y"
    assert {id_: block[1:] for id_, block in find_blocks("rust", text).items()} == {
        "x-1": (1, 2),
        "y": (3, 4),
    }


@pytest.mark.parametrize(
    "text",
    [
        '"""\n// >>> scaffold:a\n"""',
        "/*\n// >>> scaffold:a\n*/",
        "// // >>> scaffold:a",
        "/// >>> scaffold:a",
    ],
)
def test_what_only_looks_like_a_marker_is_none(text: str) -> None:
    assert find_blocks("kotlin", text) == {}


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("// >>> scaffold:a\n// <<< scaffold:a\n" * 2, 3, "twice, also at line 1"),
        ("\n// >>> scaffold:a\n", 2, "no end"),
        ("\n// <<< scaffold:a\n", 2, "no beginning"),
        ("// >>> scaffold:a\n// >>> scaffold:b\n", 1, "no end"),
        ("// >>> scaffold:a\n// <<< scaffold:b\n", 1, "no end"),
        ("x // >>> scaffold:a\n// <<< scaffold:a\n", 1, "line of its own"),
    ],
    ids=["twice", "no end", "no beginning", "nested", "crossing", "behind code"],
)
def test_damaged_blocks_are_refused_with_line_and_way_out(text: str, line: int, says: str) -> None:
    with pytest.raises(CannotMerge, match=says) as refused:
        find_blocks("rust", text)
    assert refused.value.line == line


@pytest.mark.parametrize("language", ["kotlin", "rust"])
def test_a_comment_without_an_end_is_refused_with_its_line(language: Language) -> None:
    for read in (find_blocks, parse):
        with pytest.raises(CannotMerge, match="never closed") as refused:
            read(language, "// scaffold:\n/* a /* b */\n" + "/*" * 40_000)
        assert refused.value.line == 2


@given(st.text("a \n", max_size=12))
def test_an_appended_block_is_cut_without_a_trace(text: str) -> None:
    appended = append_block(text, BLOCK)
    block = find_blocks("rust", appended)["a"]
    assert cut_block(appended, block, blank="above") == text


@pytest.mark.parametrize(
    ("blank", "text", "cut"),
    [
        ("above", "a\n\n#\n\nb\n", "a\n\nb\n"),
        ("above", "a\n\n#\nb\n", "a\n\nb\n"),
        ("above", "a\n#\n\nb\n", "a\n\nb\n"),
        ("above", "#\n\nb\n", "b\n"),
        ("below", "#\n\nb\n", "b\n"),
        ("below", "a\n#\n\nb\n", "a\nb\n"),
        ("below", "a\n\n#\n", "a\n"),
        ("none", "a\n#\n\nb\n", "a\n\nb\n"),
    ],
)
def test_one_blank_line_goes_with_the_block(blank: Blank, text: str, cut: str) -> None:
    full = text.replace("#", "\n".join(BLOCK))
    block = find_blocks("rust", full)["a"]
    assert cut_block(full, block, blank=blank) == cut
