"""The help texts as golden text (`--regenerate-golden` rewrites them); none is wider than a plain terminal."""

import re
from pathlib import Path

import pytest

from scaffold.cli.arguments import COMMANDS
from scaffold.cli.main import main
from scaffold.version import VERSION

HELP = Path(__file__).parent / "fixtures" / "help"
PAGES = {"scaffold": ["--help"], **{name: [name, "--help"] for name in COMMANDS}}


@pytest.mark.parametrize("page", PAGES)
def test_the_help_is_what_was_reviewed(
    page: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert main(PAGES[page]) == 0
    text = capsys.readouterr().out
    assert max(map(len, text.splitlines())) <= 80
    assert re.search(r"^examples:\n  (?:\S.*)?scaffold ", text, re.MULTILINE)
    if request.config.getoption("--regenerate-golden"):
        HELP.mkdir(parents=True, exist_ok=True)
        (HELP / f"{page}.txt").write_text(text, encoding="utf-8")
    expected = (HELP / f"{page}.txt").read_text(encoding="utf-8")
    # Releases of argparse break lines at different places, and 3.13 writes `-s, --long ARG` shorter.
    assert text.split() == expected.split()


@pytest.mark.parametrize("name", COMMANDS)
def test_every_example_names_options_that_exist(name: str) -> None:
    from scaffold.cli.main import Parser

    parser = Parser(prog=name)
    COMMANDS[name].declare(parser)
    text = COMMANDS[name].description.partition("examples:")[2]
    examples = re.findall(rf"scaffold {name}((?: \S+)*)", text)
    assert examples
    for example in examples:
        for option in re.findall(r"--[a-z-]+", example):
            assert option in parser._option_string_actions, example


def test_the_version_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"scaffold {VERSION}\n"


def test_no_command_at_all_shows_the_help_and_fails(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "commands:" in capsys.readouterr().out
