"""The documentation is true: its commands run, its links resolve, its codes and options are those there are."""

import json
import os
import re
import tomllib
from pathlib import Path

import pytest
import yaml

from maintenance.code_pages import explain_page
from scaffold import errors
from scaffold.answers.keys import KEYS
from scaffold.cli.arguments import COMMANDS
from scaffold.cli.main import Parser, main
from scaffold.doctor.checks import CODES
from scaffold.findings import Code
from tests.doc_pages import Page
from tests.inspection.elf.writer import Range, exported, write_elf
from tests.inspection.packing import at, pack

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), ROOT / "README.md"])
TEXTS = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in PAGES}
RUN = [name for name, text in TEXTS.items() if re.search(r"<!-- (run|quiet) -->", text)]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def built(folder: Path, align: int = 0x4000) -> None:
    """What the tutorial's library leaves when it is built with NDK r28, in small."""
    files: dict[str, bytes] = {}
    for abi, machine, bits in (
        *(("arm64-v8a", 183, 64), ("armeabi-v7a", 40, 32)),
        *(("x86_64", 62, 64), ("x86", 3, 32)),
    ):
        runtime = write_elf(machine=machine, bits=bits, symbols=exported("__cxa_throw"))
        needed = ("libc.so", "libc++_shared.so")
        library = write_elf(machine=machine, bits=bits, needed=needed, relros=(), align=align)
        files |= {f"jni/{abi}/libmy_library.so": library, f"jni/{abi}/libc++_shared.so": runtime}
    at(folder / "build/outputs/aar/my-library-release.aar", pack(files))


def built_small(folder: Path) -> None:
    """The same with NDK r27 and no flags."""
    built(folder, align=0x1000)


def old_apk(folder: Path) -> None:
    """An app with a library for 4 KB pages, and one whose C++ runtime was left out."""
    old = write_elf(align=0x1000)
    alone = write_elf(needed=("libc.so", "libc++_shared.so"))
    files = {"lib/arm64-v8a/libold.so": old, "lib/arm64-v8a/libmy_app.so": alone}
    at(folder / "app.apk", pack(files))


def overrun(folder: Path) -> None:
    """What lld 14 makes of common-page-size=16384."""
    loads = (Range(0x8000, 0xA100),)
    at(folder / "liboverrun.so", write_elf(loads=loads, relros=(Range(0x8000, 0xC000, 1),)))


FIXTURES = {"built": built, "built-small": built_small, "old-apk": old_apk, "overrun": overrun}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "ANDROID_HOME", "ANDROID_SDK_ROOT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    # What init says next depends on the Rust targets of the machine: here nothing is known of them.
    monkeypatch.setenv("RUSTUP_HOME", str(tmp_path / "rustup"))
    at(tmp_path / "bin" / "cargo-ndk", b"")
    (tmp_path / "bin" / "cargo-ndk").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    return tmp_path


@pytest.mark.skipif(os.name == "nt", reason="the pages show a POSIX shell")
@pytest.mark.parametrize("name", RUN)
def test_commands_of_the_page_do_what_it_shows(
    name: str, home: Path, request: pytest.FixtureRequest
) -> None:
    page = Page(home, FIXTURES)
    text = page.run(TEXTS[name])
    codes = [(ran.command, ran.code, ran.output) for ran in page.ran if ran.code != ran.expected]
    assert codes == []
    assert page.missing == []
    if request.config.getoption("--regenerate-golden"):
        (ROOT / name).write_text(text, encoding="utf-8")
        return
    assert text == TEXTS[name]


def test_the_tutorial_and_the_reference_are_run() -> None:
    assert {"docs/tutorial.md", "docs/answers.md", "docs/upgrading.md", "docs/json.md"} <= set(RUN)


def anchors(text: str) -> set[str]:
    """The anchors that GitHub makes of headings."""
    heads = re.findall(r"^#+ (.+)$", FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("name", TEXTS)
def test_every_link_leads_somewhere(name: str) -> None:
    prose = FENCE.sub("", TEXTS[name])
    for target in re.findall(r"\]\(([^)\s]+)\)", prose):
        if target.startswith("https://"):
            continue
        path, _, anchor = target.partition("#")
        file = (ROOT / name).parent / path if path else ROOT / name
        assert file.exists(), target
        if anchor:
            assert anchor in anchors(file.read_text(encoding="utf-8")), target


def test_every_page_is_reached_from_the_index() -> None:
    seen, waiting = set(), [DOCS / "README.md"]
    while waiting:
        page = waiting.pop().resolve()
        if page in seen or page.suffix != ".md":
            continue
        seen.add(page)
        for target in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8")):
            if not target.startswith("https://"):
                waiting.append(page.parent / target)
    assert {path.resolve() for path in DOCS.rglob("*.md")} <= seen


def test_every_page_is_one_click_from_the_site_s_menu() -> None:
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    named = re.findall(r"^ +- [^\n]+: (\S+\.md)$", text, re.MULTILINE)
    assert sorted(named) == sorted(path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md"))


def test_pages_and_advice_use_usual_words() -> None:
    """Words of our own workshop, each with a usual one: fix, require, contain, package, be, report."""
    own = re.compile(r"\b(?:mend\w*|wants|stands|brings|at hand)\b")
    prose = [FENCE.sub("", text) for text in TEXTS.values()]
    assert [found for text in prose for found in own.findall(text)] == []


def sections(page: str) -> list[str]:
    return re.findall(r"^##+ `([\w-]+)`$", (DOCS / page).read_text(encoding="utf-8"), re.MULTILINE)


def test_every_finding_has_its_section_and_no_other() -> None:
    assert sections("findings.md") == [code.value for code in Code]


def test_every_explain_code_has_its_section_and_no_other() -> None:
    table = tomllib.loads((ROOT / "scaffold" / "data" / "signatures.toml").read_text("utf-8"))
    assert sections("explain-codes.md") == [row["code"] for row in table["signature"]]


def test_the_explain_page_is_rendered_from_the_table(request: pytest.FixtureRequest) -> None:
    file = DOCS / "explain-codes.md"
    if request.config.getoption("--regenerate-golden"):
        file.write_text(explain_page(), encoding="utf-8")
    assert file.read_text(encoding="utf-8") == explain_page()


def test_every_check_of_doctor_has_its_section_and_no_other() -> None:
    assert sections("doctor-codes.md") == list(CODES)


def test_every_answer_has_its_section() -> None:
    assert sections("answers.md") == list(KEYS)


def test_every_exit_code_is_documented() -> None:
    codes = {str(value) for name, value in vars(errors).items() if name.startswith("EXIT_")}
    rows = re.findall(r"^\| (\d+) \|", (DOCS / "exit-codes.md").read_text("utf-8"), re.MULTILINE)
    assert set(rows) == codes
    assert len(rows) == len(codes)


def parser(command: str) -> Parser:
    made = Parser(prog=f"scaffold {command}", add_help=False)
    COMMANDS[command].declare(made)
    return made


@pytest.mark.parametrize("command", COMMANDS)
def test_the_page_of_a_command_names_its_options_and_no_other(command: str) -> None:
    text = (DOCS / "commands" / f"{command}.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == [
        "Synopsis",
        "Description",
        "Options",
        "Exit codes",
        "Examples",
        "See also",
    ]
    options = text.partition("## Options")[2].partition("## Exit codes")[0]
    named = set(re.findall(r"^- `(--[a-z-]+)", options, re.MULTILINE))
    made = parser(command)
    assert named == {name for name in made._option_string_actions if name.startswith("--")}
    for action in made._actions:
        if not action.option_strings:
            assert re.search(rf"^- `{action.metavar}`", options, re.MULTILINE), action.metavar
        for choice in action.choices or ():
            assert f"`{choice}`" in options, choice


@pytest.mark.parametrize("name", TEXTS)
def test_every_option_in_an_example_exists(name: str) -> None:
    words = "|".join(COMMANDS)
    for _language, body in FENCE.findall(TEXTS[name]):
        for command, rest in re.findall(rf"\bscaffold ({words})\b([^\n|#]*)", body):
            for option in re.findall(r"(?<=\s)--[a-z-]+", rest):
                known = {*parser(command)._option_string_actions, "--help", "--debug"}
                assert option in known, f"{command} {option}"


def test_the_workflow_is_yaml_that_a_runner_would_take() -> None:
    found = re.findall(r"<!-- workflow -->\n```yaml\n(.*?)```", TEXTS["docs/ci.md"], re.DOTALL)
    assert found
    for text in found:
        workflow = yaml.safe_load(text)
        assert workflow["jobs"]
        for job in workflow["jobs"].values():
            assert "ubuntu" in job["runs-on"]
            assert all(("uses" in step) != ("run" in step) for step in job["steps"])


def test_the_hooks_run_commands_that_exist() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert [hook["id"] for hook in hooks] == ["scaffold-check", "scaffold-inspect"]
    for hook in hooks:
        words = [*hook["entry"].split(), *hook.get("args", [])]
        assert words[0] == "scaffold"
        assert hook["language"] == "python"
        options = {word for word in words if word.startswith("--")}
        assert options <= set(parser(words[1])._option_string_actions)
        assert f"`{hook['id']}`" in TEXTS["docs/ci.md"]


def test_the_library_example_runs(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = TEXTS["docs/library.md"]
    examples = re.findall(r"<!-- python -->\n```python\n(.*?)```", text, re.DOTALL)
    assert examples
    built(home)
    (home / "scaffold.yml").write_text("hosts: [linux]\nndk: 28.2.13676358\n", encoding="utf-8")
    monkeypatch.chdir(home)
    for example in examples:
        exec(compile(example, "docs/library.md", "exec"), {})


def test_the_library_page_names_all_that_there_is() -> None:
    import scaffold

    for name in scaffold.__all__:
        assert f"`{name}`" in TEXTS["docs/library.md"] or f"`{name}(" in TEXTS["docs/library.md"]


def test_the_example_of_doctor_has_the_members_of_the_document(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = re.search(r"<!-- example doctor -->\n```json\n(.*?)```", TEXTS["docs/json.md"], re.S)
    assert found
    shown = json.loads(found[1])
    monkeypatch.chdir(home)
    main(["doctor", "--json"])
    real = json.loads(capsys.readouterr().out)
    assert shown.keys() == real.keys()
    assert [list(check) for check in shown["checks"]] == [list(real["checks"][0])]
    assert {check["code"] for check in shown["checks"]} <= set(CODES)


def test_every_test_that_holds_a_promise_exists() -> None:
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([^|]+) \| ([^|]*`tests/[^|]+) \|$", text, re.MULTILINE)
    assert len(rows) >= 8
    for promise, named in rows:
        for path in re.findall(r"`(tests/[\w/.]+)`", named):
            assert (ROOT / path).is_file(), f"{promise}: {path}"
