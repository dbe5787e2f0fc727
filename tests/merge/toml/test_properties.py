"""What holds for every text: nothing of the user's is lost, and one side's silence gives the other."""

import tomllib
from typing import Any, NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scaffold.merge.toml import merge_toml
from scaffold.merge.toml.scan import scan
from scaffold.merge.toml.value import meaning
from scaffold.syntax.cannot_merge import CannotMerge
from tests.merge.toml.texts import changed, tables, texts

quick = settings(
    max_examples=25,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


class Texts(NamedTuple):
    """Three texts; the comments in each are numbered and name their owner."""

    base: str
    mine: str
    theirs: str


@st.composite
def trios(draw: st.DrawFn) -> Texts:
    """Mine and theirs each grown out of the base."""
    table = draw(tables)
    return Texts(
        draw(texts(table, "base")),
        draw(texts(draw(changed(table)), "mine")),
        draw(texts(draw(changed(table)), "theirs")),
    )


def without_flags(value: Any) -> Any:
    """Without what Cargo gives a meaning of its own, beyond that of TOML."""
    if isinstance(value, dict):
        left = {k: without_flags(v) for k, v in value.items() if k not in ("rustflags", "env")}
        return meaning({key: item for key, item in left.items() if item != {}})
    return value


@quick
@given(trios())
def test_a_render_that_stays_as_it_was_leaves_every_byte(trio: Texts) -> None:
    assert merge_toml(trio.base, trio.mine, trio.base) == (trio.mine, (), ())
    merged = merge_toml(trio.base, trio.mine, "# another title\n" + trio.base)
    assert trio.mine == trio.base or (merged.text, merged.clashes) == (trio.mine, ())


@quick
@given(trios())
def test_what_the_user_has_already_is_left_alone(trio: Texts) -> None:
    assert merge_toml(trio.base, trio.mine, trio.mine) == (trio.mine, (), ())
    merged = merge_toml(trio.base, trio.mine, "# another title\n" + trio.mine)
    assert trio.mine == trio.base or (merged.text, merged.clashes) == (trio.mine, ())


@quick
@given(trios(), st.data())
def test_a_user_who_only_rewrote_gets_the_values_of_the_render(
    trio: Texts, data: st.DataObject
) -> None:
    mine = data.draw(texts(tomllib.loads(trio.base), "mine"))
    merged = merge_toml(trio.base, mine, trio.theirs)
    assert not merged.clashes
    expected = without_flags(tomllib.loads(trio.theirs))
    assert without_flags(tomllib.loads(merged.text)) == expected


@quick
@given(trios())
def test_every_comment_of_the_user_survives(trio: Texts) -> None:
    merged = merge_toml(trio.base, trio.mine, trio.theirs)
    tomllib.loads(merged.text)
    before = scan(trio.mine).comment_texts()
    after = scan(merged.text).comment_texts()
    assert trio.mine == trio.base or [c for c in before if c not in after] == []


@quick
@given(trios())
def test_the_users_own_keys_keep_their_bytes_and_order(trio: Texts) -> None:
    ours = tomllib.loads(trio.base).keys() | tomllib.loads(trio.theirs).keys()
    merged = merge_toml(trio.base, trio.mine, trio.theirs)
    kept = [
        [doc.text[e.start : e.value.end] for e in doc.entries if e.path[0] not in ours]
        for doc in (scan(trio.mine), scan(merged.text))
    ]
    assert trio.mine == trio.base or kept[0] == kept[1]


@quick
@given(trios())
def test_the_next_run_changes_nothing(trio: Texts) -> None:
    merged = merge_toml(trio.base, trio.mine, trio.theirs).text
    assert merge_toml(trio.theirs, merged, trio.theirs).text == merged
    respaced = "# another title\n" + trio.theirs
    assert merge_toml(trio.theirs, merged, respaced).text == (
        respaced if merged == trio.theirs else merged
    )


@quick
@given(trios())
def test_preferences_decide_the_clashes_that_are_reported_anyway(trio: Texts) -> None:
    merged = merge_toml(*trio)
    assert merge_toml(*trio, prefer="mine") == merged
    decided = merge_toml(*trio, prefer="theirs")
    assert decided.clashes == merged.clashes
    assert merged.clashes or decided.text == merged.text
    if trio.mine != trio.base:
        again = merge_toml(trio.theirs, decided.text, trio.theirs)
        assert not again.clashes


@quick
@given(st.data())
def test_what_was_put_in_can_be_taken_out(data: st.DataObject) -> None:
    mine, theirs = data.draw(tables), data.draw(tables)
    theirs = {f"ours-{key}": value for key, value in theirs.items()}
    text, render = data.draw(texts(mine, "mine")), data.draw(texts(theirs, "theirs"))
    merged = merge_toml("", text, render)
    assert not merged.clashes
    assert meaning(tomllib.loads(merged.text)) == meaning({**mine, **theirs})
    if mine and theirs and not text.endswith("\n\n"):
        assert merge_toml(render, merged.text, "").text == text


@quick
@given(st.text(alphabet="a.=[]{}\"'\\#,\n\r\t 1é\0", max_size=40), trios())
def test_any_text_is_merged_or_refused(noise: str, trio: Texts) -> None:
    for sides in (
        (noise, trio.mine, trio.theirs),
        (trio.base, noise, trio.theirs),
        (trio.base, trio.mine, noise),
        (trio.base, trio.mine + noise, trio.theirs),
    ):
        try:
            text = merge_toml(*sides).text
        except CannotMerge:
            continue
        tomllib.loads(text)
