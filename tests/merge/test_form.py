import pytest
from hypothesis import given
from hypothesis import strategies as st

from scaffold.merge.form import Form, read_form, write_form
from scaffold.syntax.cannot_merge import CannotMerge

ENDINGS = ("\n", "\r\n")
texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=60) | st.lists(
    st.sampled_from(["a\n", "a\r\n", "\r", "b", "\n", "\r\n", "\ufeff", "\u2028"])
).map("".join)


@given(texts, st.booleans())
def test_unchanged_text_gives_the_same_bytes_back(text: str, bom: bool) -> None:
    data = (b"\xef\xbb\xbf" if bom else b"") + text.encode()
    read, form = read_form(data)
    assert "\r\n" not in read.replace("\r\r\n", "") or "\r\r\n" in text
    assert write_form(read, form) == data


def test_text_comes_out_with_lf_and_without_bom() -> None:
    assert read_form(b"\xef\xbb\xbfa\r\nb\r\n") == ("a\nb\n", Form(bom=True, newline="\r\n"))


@pytest.mark.parametrize("data", [b"", b"a", b"a\n", b"a\nb"])
def test_a_plain_file_has_the_default_form(data: bytes) -> None:
    assert read_form(data) == (data.decode(), Form())


def test_new_lines_take_the_ending_of_most_lines() -> None:
    text, form = read_form(b"a\r\nb\r\nc\n")
    assert write_form(text.replace("b\n", "b\nnew\n"), form) == b"a\r\nb\r\nnew\r\nc\n"


def test_lines_of_a_mixed_file_keep_their_own_ending_when_others_go() -> None:
    text, form = read_form(b"a\r\nb\nc\r\nd\n")
    assert text == "a\nb\nc\nd\n"
    assert write_form("a\nc\nd\ne\n", form) == b"a\r\nc\r\nd\ne\n"


@pytest.mark.parametrize(
    ("data", "line"),
    [(b"a\nb\xff\n", 2), (b"\xef\xbb\xbf\na\nb\x80", 3), (b"a\n\n\0", 3), (b"\xff\xfea\0", 1)],
)
def test_what_is_no_text_is_refused_with_its_line(data: bytes, line: int) -> None:
    with pytest.raises(CannotMerge) as refused:
        read_form(data)
    assert refused.value.line == line
