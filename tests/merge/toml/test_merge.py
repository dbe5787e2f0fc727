"""TOML three ways: what the text looks like afterwards, byte for byte."""

import time
import tomllib
from contextlib import suppress

import pytest

from scaffold.merge.result import Clash
from scaffold.merge.toml import merge_toml
from scaffold.syntax.cannot_merge import CannotMerge

MAX = "-Clink-arg=-Wl,-z,max-page-size=16384"
COMMON = "-Clink-arg=-Wl,-z,common-page-size=16384"
R26 = f"""\
# Written by scaffold.

# 16 KB pages, NDK r26
[target.aarch64-linux-android]
rustflags = [
    "{MAX}",
]
"""
R27 = R26.replace("r26", "r27").replace("]\n", f']\nrustflags = ["{MAX}", "{COMMON}"]\n', 1)
R27 = R27[: R27.index("rustflags = [\n")]
ENV = """\
[env]
# C code
CC_x = { value = ".cargo/zig/cc.sh", relative = true }
# oldest iOS
IPHONEOS_DEPLOYMENT_TARGET = "13.0"
"""


def merged(base: str, mine: str, theirs: str) -> str:
    """The text of a merge without a clash."""
    result = merge_toml(base, mine, theirs)
    assert not result.clashes
    return result.text


@pytest.mark.parametrize(
    ("mine", "expected"),
    [
        ("", "[a]\nb = 1 # one\n"),
        ("# only words", "# only words\n\n[a]\nb = 1 # one"),
        ("x = 1\n", "x = 1\n\n[a]\nb = 1 # one\n"),
        ("x = 1\n\n", "x = 1\n\n[a]\nb = 1 # one\n"),
        ("x = 1\n  \n", "x = 1\n  \n[a]\nb = 1 # one\n"),
        ("[a]", "[a]\nb = 1 # one"),
        ("[a] # mine\n# words\n\n[c]\n", "[a] # mine\nb = 1 # one\n# words\n\n[c]\n"),
        ("[a]\n\tc = 2 # two\n\n# end\n", "[a]\n\tc = 2 # two\n\tb = 1 # one\n\n# end\n"),
        ("['a']\nc = 2", "['a']\nc = 2\nb = 1 # one"),
        ("a = {}\n", "a = { b = 1 }\n"),
        ("a = { c = 2 } # x\n", "a = { c = 2, b = 1 } # x\n"),
        ("a.c = 2\n[d]\n", "a.c = 2\na.b = 1 # one\n[d]\n"),
        ("[a.c]\nd = 1\n", "[a.c]\nd = 1\n\n[a]\nb = 1 # one\n"),
        ("[[a.c]]\nd = 1\n", "[[a.c]]\nd = 1\n\n[a]\nb = 1 # one\n"),
        ("a.c.d = 1\n[z]\n", "a.c.d = 1\na.b = 1 # one\n[z]\n"),
        ("[[z]]\na.b = 2\n", "[[z]]\na.b = 2\n\n[a]\nb = 1 # one\n"),
        ('s = """\n[a]\n"""\n', 's = """\n[a]\n"""\n\n[a]\nb = 1 # one\n'),
        ("[a]\nb = 0x1\n", "[a]\nb = 0x1\n"),
        ("a = {'b' = 1}", "a = {'b' = 1}"),
        ('"\\u0061".b = 1', '"\\u0061".b = 1'),
    ],
)
def test_a_key_goes_where_its_table_is(mine: str, expected: str) -> None:
    assert merged("", mine, "[a]\nb = 1 # one\n") == expected


def test_a_new_table_brings_its_comments_and_stays_behind_root_dotted_keys() -> None:
    mine = "build.jobs = 2\nbuild.rustc = 'r' # tail"
    assert merged("", mine, R26) == mine + "\n\n" + R26.partition("\n\n")[2].rstrip("\n")


def test_keys_of_one_table_come_with_their_comments() -> None:
    mine = "[env]\nMINE = 1 # mine\n\n[build]\njobs = 1\n"
    own = ENV.removeprefix("[env]\n")
    assert merged("", mine, ENV) == f"[env]\nMINE = 1 # mine\n{own}\n[build]\njobs = 1\n"


def test_a_root_key_goes_above_the_first_table() -> None:
    assert merged("", "# top\n\n# of a\n[a]\n", "k = 1\n") == "# top\n\nk = 1\n\n# of a\n[a]\n"
    assert merged("", "x = [\n1]\n[a]\n", "k = 1\n") == "x = [\n1]\nk = 1\n[a]\n"


@pytest.mark.parametrize(
    ("mine", "expected"),
    [
        ("[1, 2]", "[1, 2, 9]"),
        ("[1,2,]", "[1,2,9,]"),
        ("[ 1, 2 ]", "[ 1, 2, 9 ]"),
        ("[1, 2, 3] # x", "[1, 2, 9, 3] # x"),
        ("[2, 1]", "[2, 9, 1]"),
        ("[\n  1,\n  2\n]", "[\n  1,\n  2,\n  9\n]"),
        ("[\n\t1, # one\n\t2, # two ]\n]", "[\n\t1, # one\n\t2, # two ]\n\t9,\n]"),
        ("[\n  1,\n  2 # two\n  # end ,\n]", "[\n  1,\n  2, # two\n  9\n  # end ,\n]"),
        ("[\n  1,\n  2\n  , # end ]\n]", "[\n  1,\n  2\n  , # end ]\n  9,\n]"),
        ("[1, 2 # two\n]", "[1, 2, # two\n  9\n]"),
        ("[1] # 2 taken out", "[1, 9] # 2 taken out"),
        ("[]", "[9]"),
        ("[ # none\n]", "[\n  9 # none\n]"),
        ("[1, 2, 2]", "[1, 2, 9, 2]"),
        ("[0x1, 0b10]", "[0x1, 0b10, 9]"),
    ],
)
def test_an_element_of_ours_is_added_and_the_layout_stays(mine: str, expected: str) -> None:
    result = merge_toml("k = [1, 2]\n", f"k = {mine}\n", "k = [1, 2, 9]\n")
    assert result.text == f"k = {expected}\n"
    assert not result.clashes


@pytest.mark.parametrize(
    ("mine", "expected"),
    [
        ("[1, 2]", "[2]"),
        ("[ 1, 2, 3 ]", "[ 2, 3 ]"),
        ("[3, 1]", "[3]"),
        ("[2, 3]", "[2, 3]"),
        ("[1, 1, 2]", "[1, 2]"),
        ("[\n  1, # mine\n  2,\n]", "[\n  # mine\n  2,\n]"),
        ("[\n  # mine\n  1,\n  2,\n]", "[\n  # mine\n  2,\n]"),
        ("[\n  2,\n  1 # mine\n]", "[\n  2\n  # mine\n]"),
        ("[ # mine\n  1, 2 ]", "[ # mine\n  2 ]"),
    ],
)
def test_an_element_of_ours_goes_and_comments_stay(mine: str, expected: str) -> None:
    assert merged("k = [1, 2]\n", f"k = {mine}\n", "k = [2]\n") == f"k = {expected}\n"


def test_a_changed_element_is_replaced_in_its_place() -> None:
    mine = "k = ['own', 'x=1', # note\n 'y']\n"
    assert merged("k = ['x=1', 'y']", mine, "k = ['x=2', 'y']") == mine.replace("'x=1'", "'x=2'")


def test_only_flags_are_taken_for_pairs() -> None:
    assert merged("k = ['-C']", "k = ['-C'] # x", "k = ['-Ca']") == "k = ['-Ca'] # x"


def test_an_element_that_both_changed_is_the_only_clash() -> None:
    result = merge_toml("k = [1, 2]", "k = [5, 2]\nu = 1", "k = [6, 2, 3]")
    assert result.text == "k = [5, 2, 3]\nu = 1"
    assert result.clashes == (Clash("k", "1", "5", "6"),)
    decided = merge_toml("k = [1, 2]", "k = [5, 2]\nu = 1", "k = [6, 2, 3]", prefer="theirs")
    assert decided.text == "k = [6, 2, 3]\nu = 1"
    assert decided.clashes == result.clashes


@pytest.mark.parametrize(
    "flags",
    [
        '["-C", "link-arg=-Wl,-z,max-page-size=16384"]',
        '["-C", "link-args=-Wl,-z,max-page-size=16384", "-Cx"]',
        '["--codegen=link-arg=-Wl,-z,max-page-size=16384"]',
        '["--codegen", "link-arg=-Wl,-z,max-page-size=16384"]',
        '["-Clink-arg=-z", "-Clink-arg=max-page-size=16384"]',
        '["-Clink-args=-z max-page-size=16384"]',
        '["-Clink-arg=-Wl,-z,max-page-size=16384,-z,now"]',
        '"-C link-arg=-Wl,-z,max-page-size=16384 -C opt-level=3"',
    ],
)
def test_a_flag_in_another_spelling_is_not_added_again(flags: str) -> None:
    mine = f"[target.aarch64-linux-android]\nrustflags = {flags}\n"
    assert merged("", mine, R26) == mine


@pytest.mark.parametrize(
    ("flags", "without"),
    [
        ('["-C", "link-arg=-Wl,-z,max-page-size=16384", "-C", "x"]', '["-C", "x"]'),
        ('["-C", "x", "-C", "link-args=-Wl,-z,max-page-size=16384"]', '["-C", "x"]'),
        ('"-C link-arg=-Wl,-z,max-page-size=16384  -C x"', '"-C x"'),
        ("'''\n-Cx -Clink-arg=-Wl,-z,max-page-size=16384 '''", "'''\n-Cx '''"),
        ('"-C\\u0020x -Clink-arg=-Wl,-z,max-page-size=16384"', '"-C x"'),
    ],
)
def test_our_flag_goes_in_any_spelling_and_pairs_stay_whole(flags: str, without: str) -> None:
    mine = f"[target.aarch64-linux-android]\nrustflags = {flags} # mine\n"
    assert merged(R26, mine, "") == mine.replace(flags, without)


def test_flags_of_ours_said_together_are_taken_apart_when_one_goes() -> None:
    both = f'"{MAX},-z,common-page-size=16384"'
    mine = f"[target.aarch64-linux-android]\nrustflags = ['-Cx', {both}]\n"
    assert merged(R27, mine, R26) == mine.replace(both, f'"{MAX}"')
    assert merged(R27, mine, "") == mine.replace(f", {both}", "")
    held = mine.replace("-z,common", "-z,now,-z,common")
    assert [clash.where for clash in merge_toml(R27, held, R26).clashes] == [
        "target.aarch64-linux-android.rustflags"
    ]


def test_a_changed_flag_keeps_the_users_way_of_writing_it() -> None:
    mine = "[build]\nrustflags = ['-Cx', '-C', 'link-arg=-Wl,-z,max-page-size=1']\n"
    base = "[build]\nrustflags = ['-Clink-arg=-Wl,-z,max-page-size=1']\n"
    theirs = base.replace("size=1", "size=2")
    wanted = ["-Cx", "-C", "link-arg=-Wl,-z,max-page-size=2"]
    assert tomllib.loads(merged(base, mine, theirs))["build"]["rustflags"] == wanted
    apart = mine.replace("'-C', 'link-arg=-Wl,-z,", "'-Clink-arg=-z', '-Clink-arg=")
    wanted = ["-Cx", "-Clink-arg=-Wl,-z,max-page-size=2"]
    assert tomllib.loads(merged(base, apart, theirs))["build"]["rustflags"] == wanted


@pytest.mark.parametrize(
    ("entry", "updated"),
    [
        ("'13.0' # mine", '"14.0" # mine'),
        ("{ value = '13.0', force = true }", '{ value = "14.0", force = true }'),
        ("{value='13.0',relative=false}", '{value="14.0",relative=false}'),
    ],
)
def test_a_variable_of_cargo_is_updated_in_either_form(entry: str, updated: str) -> None:
    mine = ENV.replace('"13.0"', entry)
    assert merged(ENV, mine, ENV.replace("13.0", "14.0")) == ENV.replace('"13.0"', updated)


def test_a_variable_with_a_header_of_its_own_is_updated_there() -> None:
    mine = "[env.CC_x]\nvalue = '.cargo/zig/cc.sh' # v\nrelative = true\n"
    theirs = '[env]\nCC_x = "zig-cc"\n'
    expected = '[env.CC_x]\nvalue = "zig-cc" # v\n'
    assert merged(ENV.replace("IPHONEOS", "#"), mine, theirs) == expected


def test_value_and_relative_are_one_thing() -> None:
    mine = "[env]\nCC_x = 'zig-cc'\n"
    result = merge_toml("", mine, ENV)
    assert result.text.startswith(mine)
    ours = '{ value = ".cargo/zig/cc.sh", relative = true }'
    assert result.clashes == (Clash("env.CC_x", "", '"zig-cc"', ours),)
    assert merge_toml("", mine, ENV, prefer="theirs").text.startswith(f"[env]\nCC_x = {ours}\n")


@pytest.mark.parametrize(
    ("mine", "clash"),
    [
        ("target = 5\n", ("target", "5")),
        ("[[target]]\na = 1\n", ("target", "[{ a = 1 }]")),
        ("[target]\naarch64-linux-android = [1]\n", ("target.aarch64-linux-android", "[1]")),
        ("target.aarch64-linux-android.rustflags.a = 1\n", (None, "{ a = 1 }")),
    ],
)
def test_a_value_where_ours_is_a_table_clashes(mine: str, clash: tuple[str | None, str]) -> None:
    result = merge_toml("", mine, R26)
    assert result.text == mine
    where = clash[0] or "target.aarch64-linux-android.rustflags"
    assert [(one.where, one.mine) for one in result.clashes] == [(where, clash[1])]
    decided = merge_toml("", mine, R26, prefer="theirs").text
    assert tomllib.loads(decided) == tomllib.loads(R26)


def test_what_the_user_took_out_stays_out_and_is_said() -> None:
    mine = ENV.replace('IPHONEOS_DEPLOYMENT_TARGET = "13.0"\n', "")
    result = merge_toml(ENV, mine, ENV.replace("cc.sh", "c.sh"))
    assert result.text == mine.replace("cc.sh", "c.sh")
    assert result.notes == ("you removed env.IPHONEOS_DEPLOYMENT_TARGET; it stays removed",)
    emptied = R27.replace(f'"{MAX}", ', "")
    result = merge_toml(R27, emptied, R27.replace(f'"{COMMON}"', f'"{COMMON}", "-Cnew"'))
    assert f'["{COMMON}", "-Cnew"]' in result.text
    where = "target.aarch64-linux-android.rustflags"
    assert result.notes == (f'you removed "{MAX}" from {where}; it stays removed',)
    gone = merge_toml(R27, "# nothing\n", R26)
    assert (gone.text, gone.clashes) == ("# nothing\n", ())


def test_what_the_user_took_out_and_the_render_changed_clashes() -> None:
    mine = ENV.replace('IPHONEOS_DEPLOYMENT_TARGET = "13.0"\n', "")
    theirs = ENV.replace("13.0", "14.0")
    result = merge_toml(ENV, mine, theirs)
    assert result.text == mine
    assert result.clashes == (Clash("env.IPHONEOS_DEPLOYMENT_TARGET", '"13.0"', "", '"14.0"'),)
    decided = merge_toml(ENV, mine, theirs, prefer="theirs").text
    assert tomllib.loads(decided) == tomllib.loads(theirs)


@pytest.mark.parametrize("mine", ["# mine\n[build]\njobs = 1\n", "[target.x]\nlinker = 'l'", "[a]"])
def test_all_of_ours_can_go_again(mine: str) -> None:
    put_in = merged("", mine, R27 + "\n" + ENV)
    assert merged(R27 + "\n" + ENV, put_in, "") == mine


def test_our_title_goes_with_the_last_of_ours() -> None:
    assert merged(R26, R26 + "\n[build]\njobs = 1\n", "") == "[build]\njobs = 1\n"


def test_comments_inside_what_goes_are_kept_on_lines_of_their_own() -> None:
    mine = R26.replace("[\n", "[ # why\n").replace('",\n', '", # two\n') + "# end\n"
    assert merged(R26, mine, "") == "# why\n# two\n# end\n"


def test_our_comment_follows_a_changed_value_unless_the_user_changed_it() -> None:
    mine = R27 + "\n[build]\njobs = 1\n"
    assert "# 16 KB pages, NDK r26\n[target" in merged(R27, mine, R26)
    edited = mine.replace("# 16 KB pages", "# My 16 KB pages")
    assert "# My 16 KB pages, NDK r27\n[target" in merged(R27, edited, R26)
    respoken = R27.replace("r27", "r27d")
    assert merged(R27, mine, respoken) == mine


def test_our_comment_goes_when_only_the_users_keys_are_left_below_it() -> None:
    mine = R26.replace("# 16 KB", "# mine\n# 16 KB")
    left = "# mine\n[target.aarch64-linux-android]\nrunner = 'r'\n"
    assert merged(R26, mine + "runner = 'r'\n", "") == left


def test_a_comment_of_ours_that_belongs_elsewhere_now_is_kept() -> None:
    x86 = R26.partition("# 16")[2].partition("\n")[2].replace("aarch64", "x86_64")
    both, one = f"{R26}\n{x86}", R26.replace("aarch64", "x86_64")
    mine = both.replace("[\n", "[ # mine\n", 1).replace("# Written", "# Mine. Written")
    assert merged(both, mine, one) == (
        f"# Mine. Written by scaffold.\n\n# 16 KB pages, NDK r26\n# mine\n\n{x86}"
    )


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a = 1\nb = \n", 2),
        ("a = 1\n\na = 2\n", 3),
        ("a = [1,\n2\n", 3),
        ("a = 1\rb = 2\n", 1),
        ("<<<<<<< HEAD\na = 1\n", 1),
        ("\ufeffa = 1\n", 1),
        ("a = " + "9" * 5000, None),
        ("a = " + "[" * 5000 + "]" * 5000, None),
    ],
)
def test_a_text_that_is_no_toml_is_refused_with_its_line(text: str, line: int | None) -> None:
    with pytest.raises(CannotMerge) as refused:
        merge_toml("", text, R26)
    assert refused.value.line == line


def test_a_damaged_base_counts_as_none() -> None:
    mine = "[build]\njobs = 1\n"
    assert merged("= broken", mine, R26) == merged("", mine, R26)


def test_carriage_returns_before_newlines_do_not_matter() -> None:
    mine = "[env]\r\nA = 1\r\n"
    assert merged(ENV, mine.replace("A", "B"), ENV) == "[env]\nB = 1\n"
    assert "\r" not in merged("", mine, R26)


def test_a_key_of_extreme_depth_is_merged_or_refused() -> None:
    deep = ".".join(["a"] * 3000) + " = 1\n"
    with pytest.raises(CannotMerge, match="nested too deeply"):
        merge_toml("a.a.b = 1\n", deep, "a.a.b = 2\n")


def test_a_large_file_takes_seconds_at_most() -> None:
    table = "[t.'{0}']\n# words\nrustflags = ['-Ca', # x\n '-Cb']\n"
    mine = "".join(table.format(number) for number in range(800))
    assert merged("", mine, R26) == mine + "\n" + R26.partition("\n\n")[2]


@pytest.mark.parametrize(
    ("mine", "expected"),
    [
        (
            "a = {\n  c = [1, # one\n  2], # two\n}\n",
            "a = {\n  c = [1, # one\n  2], b = 1, # two\n}\n",
        ),
        ("a = { c = 2, }\n", "a = { c = 2, b = 1, }\n"),
        ("x = [{\nq = 1,\n}]\n", "x = [{\nq = 1,\n}]\n\n[a]\nb = 1 # one\n"),
    ],
)
def test_inline_tables_may_take_several_lines_as_in_toml_1_1(mine: str, expected: str) -> None:
    assert merged("", mine, "[a]\nb = 1 # one\n") == expected


@pytest.mark.parametrize("text", ["a = {\nb = 1\nc = 2 }", "a = { , }", "a = { b = 1,, }", "a = {"])
def test_what_is_wrong_in_toml_1_1_too_is_refused(text: str) -> None:
    with pytest.raises(CannotMerge):
        merge_toml("", text, R26)


def test_arrays_of_any_length_are_merged_without_a_table_of_all_pairs() -> None:
    base = f"k = [{'1, 2, ' * 600}]\n"
    mine = base.replace("[1", "[ # mine\n7, 1", 1)
    wanted = [7, *[1, 2] * 600, 3]
    assert tomllib.loads(merged(base, mine, base.replace("]", "3]")))["k"] == wanted


FLAGS = "[target.aarch64-linux-android]\nrustflags = "
HOSTILE = {
    "elements": FLAGS + "[" + '"-Ca", ' * 40_000 + f'"{MAX}"]\n',
    "elements with comments": FLAGS + "[" + '"-Ca", # c\n' * 30_000 + f'"{MAX}"]\n',
    "flags in a string": FLAGS + '"' + "-Ca " * 80_000 + MAX + '"\n',
    "words in one flag": FLAGS + '["-Clink-arg=-Wl' + ",-z,now" * 40_000 + '"]\n',
    "comments of ours": "# Written by scaffold.\n" * 15_000 + R26,
    "blank lines": "\n" * 400_000 + R26,
    "tables": "".join(f"[t.a{number}]\nx=1\n" for number in range(20_000)),
    "a long string": 'a = "' + "x" * 400_000 + '"\n',
    "an open string": 'a = """' + "\\" * 400_000,
    "brackets": "a = " + "[" * 200_000 + "]" * 200_000,
    "dots": ".".join("a" * 200_000) + " = 1\n",
    "quoted dots": ".".join(["'a'"] * 100_000) + " = 1\n",
    "a long word": "a = 1\n" + "x" * 400_000,
    "too long": "# c\n" * 200_000,
}


@pytest.mark.parametrize("mine", HOSTILE.values(), ids=HOSTILE)
def test_no_text_below_half_a_megabyte_takes_long(mine: str) -> None:
    started = time.process_time()
    with suppress(CannotMerge):
        tomllib.loads(merge_toml(R26, mine, R27).text)
        tomllib.loads(merge_toml(R26, mine, "").text)
    assert time.process_time() - started < 20
