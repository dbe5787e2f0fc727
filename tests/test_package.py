"""What users install: the wheel in an empty environment, away from the source tree, and the sdist that makes it."""

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest
import yaml

from tests.inspection.elf.writer import write_elf

ROOT = Path(__file__).parent.parent
pytestmark = pytest.mark.toolchain


def run(*words: str | Path, cwd: Path, code: int = 0) -> str:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [str(word) for word in words],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


def program(environment: Path, name: str) -> Path:
    folder = environment / ("Scripts" if os.name == "nt" else "bin")
    return folder / (f"{name}.exe" if os.name == "nt" else name)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("package")


@pytest.fixture(scope="module")
def builder(place: Path) -> Path:
    """A Python with the build backend and nothing of ours."""
    venv.create(place / "builder", with_pip=True)
    python = program(place / "builder", "python")
    run(python, "-m", "pip", "install", "--quiet", "hatchling>=1.27", cwd=place)
    return python


@pytest.fixture(scope="module")
def sdist(place: Path, builder: Path) -> Path:
    run(builder, "-m", "hatchling", "build", "-t", "sdist", "-d", place / "sdist", cwd=ROOT)
    return next((place / "sdist").glob("gobley_scaffold-*.tar.gz"))


@pytest.fixture(scope="module")
def wheel(place: Path, builder: Path, sdist: Path) -> Path:
    """Built from the unpacked sdist, as an index's users without a wheel would."""
    with tarfile.open(sdist) as archive:
        archive.extractall(place / "unpacked", filter="data")
    tree = next((place / "unpacked").iterdir())
    words = ["-m", "pip", "wheel", ".", "--no-deps", "--no-build-isolation", "--quiet"]
    run(builder, *words, "-w", place / "wheel", cwd=tree)
    return next((place / "wheel").glob("gobley_scaffold-*-py3-none-any.whl"))


@pytest.fixture(scope="module")
def installed(place: Path, wheel: Path) -> Path:
    """The `scaffold` of an environment that holds the wheel and what it depends on."""
    venv.create(place / "user", with_pip=True)
    run(program(place / "user", "python"), "-m", "pip", "install", "--quiet", wheel, cwd=place)
    return program(place / "user", "scaffold")


def sources(folder: str, pattern: str = "*") -> set[str]:
    return {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / folder).rglob(pattern)
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_the_wheel_holds_the_package_its_data_and_the_templates(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    wanted = sources("scaffold") | {f"scaffold/{name}" for name in sources("templates")}
    assert wanted == {name for name in names if ".dist-info/" not in name}
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)


def test_the_sdist_holds_what_its_tests_read(sdist: Path) -> None:
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    wanted = sources("tests", "*.py") | sources("docs") | sources("maintenance", "*.py")
    assert wanted <= names
    assert {"CONTRIBUTING.md", "README.md", "LICENSE", "SECURITY.md", "action.yml"} <= names
    assert {".pre-commit-hooks.yaml", "mkdocs.yml", "docs/README.md"} <= names


def test_the_same_sources_make_the_same_bytes(
    place: Path, builder: Path, sdist: Path, wheel: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the umask, the times and the folder are; SOURCE_DATE_EPOCH alone dates the files."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    made = []
    for mode, dated in ((0o600, 1_000_000_000), (0o644, 1_500_000_000)):
        tree = place / f"tree-{mode:o}"
        shutil.copytree(wheel.parent.parent / "unpacked", tree)
        for path in tree.rglob("*"):
            if path.is_file():
                path.chmod(mode)
                os.utime(path, (dated, dated))
        run(builder, "-m", "hatchling", "build", "-d", tree / "out", cwd=next(tree.iterdir()))
        made.append({path.name: path.read_bytes() for path in (tree / "out").iterdir()})
    assert set(made[0]) == {sdist.name, wheel.name}
    assert made[0] == made[1]


def test_a_project_is_set_up_outside_the_source_tree(installed: Path, tmp_path: Path) -> None:
    document = json.loads(run(installed, "init", "x", "--defaults", "--json", cwd=tmp_path))
    assert {change["action"] for change in document["changes"]} == {"create"}
    assert (tmp_path / "x" / "build.gradle.kts").is_file()
    assert run(installed, "regenerate", "x", "--check", cwd=tmp_path).startswith("No drift: ")
    words = ("--set", "linux_targets=x86_64,aarch64", "--set", "page_size=cargo-config", "--yes")
    run(installed, "regenerate", "x", *words, cwd=tmp_path)
    assert (tmp_path / "x" / ".cargo" / "zig").is_dir()


def test_every_other_command_finds_its_data(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "libgood.so").write_bytes(write_elf())
    (tmp_path / "build.log").write_text("error: linker `cc` not found\n", encoding="utf-8")
    assert "Supports 16 KB pages: yes" in run(installed, "inspect", "libgood.so", cwd=tmp_path)
    assert "linker-cc-not-found" in run(installed, "explain", "build.log", cwd=tmp_path)
    assert json.loads(run(installed, "schema", cwd=tmp_path))["properties"]["ndk"]
    assert run(installed, "--version", cwd=tmp_path).startswith("scaffold ")


def test_build_scripts_import_it_with_its_types(installed: Path, tmp_path: Path) -> None:
    python = installed.with_name(f"python{installed.suffix}")
    code = "import scaffold, os; print(os.path.dirname(scaffold.__file__)); scaffold.inspect"
    package = Path(run(python, "-c", code, cwd=tmp_path).strip())
    assert (package / "py.typed").is_file()
    assert ROOT not in package.parents


@pytest.mark.parametrize("tool", ["uv", "pipx"])
def test_the_tools_that_people_install_with_take_it(
    tool: str, builder: Path, wheel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(builder, "-m", "pip", "install", "--quiet", tool, cwd=tmp_path)
    for name in ("UV_TOOL_DIR", "PIPX_HOME", "UV_CACHE_DIR"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    for name in ("UV_TOOL_BIN_DIR", "PIPX_BIN_DIR"):
        monkeypatch.setenv(name, str(tmp_path / "bin"))
    program_ = builder.with_name(f"{tool}{builder.suffix}")
    python = f"--python={sys.executable}"
    run(
        program_,
        *{"uv": ["tool", "install"], "pipx": ["install"]}[tool],
        python,
        wheel,
        cwd=tmp_path,
    )
    scaffold = tmp_path / "bin" / f"scaffold{builder.suffix}"
    assert run(scaffold, "--version", cwd=tmp_path).startswith("scaffold ")
    once = {"uv": f"tool run --from={wheel}", "pipx": f"run --spec={wheel}"}[tool].split()
    said = run(program_, *once, python, "gobley-scaffold", "--version", cwd=tmp_path)
    assert said.startswith("scaffold ")


def test_the_action_installs_itself(sdist: Path, wheel: Path, tmp_path: Path) -> None:
    """The first step of action.yml; the others are run in test_action.py."""
    (tree,) = (wheel.parent.parent / "unpacked").iterdir()
    step = yaml.safe_load((tree / "action.yml").read_text(encoding="utf-8"))["runs"]["steps"][0]
    given = {"RUNNER_TEMP": tmp_path, "GITHUB_ACTION_PATH": tree, "GITHUB_PATH": tmp_path / "path"}
    words = ["env", *(f"{name}={value}" for name, value in given.items()), step["shell"]]
    run(*words, "-eo", "pipefail", "-c", step["run"], cwd=tmp_path)
    folder = Path((tmp_path / "path").read_text(encoding="utf-8").strip())
    assert run(folder / "scaffold", "--version", cwd=tmp_path).startswith("scaffold ")


def test_pre_commit_runs_both_hooks(
    builder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(builder, "-m", "pip", "install", "--quiet", "pre-commit", cwd=tmp_path)
    monkeypatch.setenv("PRE_COMMIT_HOME", str(tmp_path / "home"))
    project = tmp_path / "project"
    project.mkdir()
    (project / "scaffold.yml").write_text("hosts: [linux]\nrust_toolchain: stable\n", "utf-8")
    (project / "libold.so").write_bytes(write_elf(align=0x1000))
    run("git", "init", "--quiet", cwd=project)
    run("git", "add", "-A", cwd=project)
    words = ["try-repo", str(ROOT), "--all-files", "--color", "never"]
    said = run(builder.with_name(f"pre-commit{builder.suffix}"), *words, cwd=project, code=1)
    assert re.search(r"^scaffold regenerate --check\.+Failed$", said, re.MULTILINE)
    assert "+ create     rust-toolchain.toml" in said
    assert re.search(r"^scaffold inspect\.+Failed$", said, re.MULTILINE)
    assert "libold.so" in said.partition("load-alignment")[2]


def test_the_lowest_versions_that_ci_runs_are_those_that_are_allowed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lowest = (ROOT / "maintenance" / "lowest.txt").read_text(encoding="utf-8")
    pinned = dict(re.findall(r"^([\w-]+)==(\S+)$", lowest, re.MULTILINE))
    allowed = dict(re.match(r"([\w-]+)>=([\d.]+)", line).groups() for line in project["dependencies"])  # type: ignore[union-attr,misc]
    assert {name: allowed[name] for name in pinned} == pinned
    assert set(allowed) == set(pinned)
    assert all("<" in line for line in project["dependencies"])
