"""Every combination of answers renders, and what it renders parses; a pairwise sample goes through Cargo and lld."""

import itertools
import random
import subprocess
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scaffold.answers.contradictions import contradictions
from scaffold.answers.model import Answers
from scaffold.answers.reading import read_answers, read_settings, resolve
from scaffold.artifacts.answers_file import AnswersFile
from scaffold.artifacts.model import Artifact, Format
from scaffold.artifacts.project import Project
from scaffold.artifacts.render import render
from scaffold.facts import load_facts
from scaffold.gradle.found import Module
from scaffold.probe.crate import Crate
from scaffold.project.plan import make_plan
from scaffold.syntax.syntax import count_errors, parse
from tests.toolchain.crate_support import require_rust, run_cargo, write_crate
from tests.toolchain.generated import generate, gradle_environment
from tests.toolchain.linked import LARGE, SMALL, read_linked
from tests.toolchain.ndk_support import MAJORS, Ndk, gobley_environment, ndk_revision
from tests.toolchain.requirements import program

pytestmark = pytest.mark.toolchain

HOSTS = ("linux", "macos", "windows", "linux,macos", "linux,macos,windows")
MODULES = {
    "multiplatform": ("multiplatform", Module("build.gradle.kts")),
    "desktop only": ("multiplatform", Module("build.gradle.kts", android=False)),
    "android": ("android", Module("build.gradle.kts", jvm_source_set=None)),
    "jvm": ("jvm", Module("build.gradle.kts", android=False)),
}
# Each value that makes a difference, of every answer but `hosts` and `plugin`; folders with what hurts in them.
VALUES: dict[str, tuple[str, ...]] = {
    "ndk": tuple(map(ndk_revision, MAJORS)),
    "cpp_runtime": ("shared", "static", "none"),
    "page_size": ("auto", "ndk", "build-script", "cargo-config", "gradle", "off"),
    "abis": ("arm64-v8a,armeabi-v7a,x86_64,x86", "arm64-v8a", "armeabi-v7a,x86"),
    "linux_targets": ("", "x86_64", "aarch64", "x86_64,aarch64"),
    "glibc": ("default", "2.17"),
    "jna": ("default", "5.17.0"),
    "windows_arm64": ("build", "skip"),
    "ios_deployment_target": ("none", "13.0"),
    "rust_toolchain": ("none", "1.95.0"),
    "crate": (".", "rust core/$x & 'y'"),
}
# NDK × runtime × strategy × ABIs, less what is refused: `ndk` below r28, and r26's shared runtime with a 64-bit ABI and
# a strategy other than `off`; times the values of the other answers.
COUNT = (3 * 3 * 6 * 3 - 2 * 3 * 3 - 4 * 2) * 4 * 2 * 2 * 2 * 2
EVERY = (3 * 3 * 6 * 3) * 4 * 2 * 2 * 2 * 2
# Seen by one artifact only, which has no other input: it need not be multiplied with the rest.
ALONE = ("rust_toolchain", "crate")


def combinations(**fixed: str) -> Iterator[Answers]:
    """Every combination that is not refused; what stands ALONE changes with every other one."""
    names = [name for name in VALUES if name not in ALONE]
    base = resolve(read_settings([f"{name}={value}" for name, value in fixed.items()]))
    parsed = {
        name: [resolve(read_settings([*_safe(name), f"{name}={v}"])).values[name] for v in values]
        for name, values in VALUES.items()
    }
    for number, chosen in enumerate(itertools.product(*(parsed[name] for name in names))):
        values = dict(zip(names, chosen, strict=True))
        values |= {name: parsed[name][number % 2] for name in ALONE}
        values = {**base.values, **values}
        if not contradictions(values):
            yield Answers(**values)


def _safe(name: str) -> list[str]:
    """So that one value by itself contradicts nothing."""
    ndk = [] if name == "ndk" else [f"ndk={ndk_revision(28)}"]
    return ndk if name == "cpp_runtime" else [*ndk, "cpp_runtime=none"]


def check(artifact: Artifact) -> None:
    """Renders, and parses what came out by the parser of its language."""
    text = render(artifact)
    assert text.endswith("\n")
    assert "{{" not in text.replace("${{", "")
    if artifact.format is Format.TOML:
        assert tomllib.loads(text)
    elif artifact.format is Format.ANSWERS:
        assert isinstance(artifact.values, AnswersFile)
        answers = artifact.values.answers
        assert read_answers(text, "scaffold.yml") == answers.only(artifact.values.names)
    elif artifact.path.endswith(".kts"):
        assert count_errors(parse("kotlin", text)) == 0, text
    elif artifact.path.endswith(".rs"):
        assert count_errors(parse("rust", text)) == 0, text


@pytest.mark.parametrize("kind", MODULES)
@pytest.mark.parametrize("hosts", HOSTS)
def test_every_combination_renders_and_parses(kind: str, hosts: str, tmp_path: Path) -> None:
    plugin, module = MODULES[kind]
    project = Project(crate=Crate("Cargo.toml"), module=module)
    seen: set[str] = set()
    scripts: dict[str, list[Path]] = {".rs": [], ".sh": []}
    count = 0
    for answers in combinations(plugin=plugin, hosts=hosts, ndk=ndk_revision(28)):
        count += 1
        for artifact in make_plan(answers, project).artifacts:
            key = f"{artifact.id} {artifact.values}"
            if (artifact.format is Format.ANSWERS and count % 97) or key in seen:
                continue
            seen.add(key)
            check(artifact)
            suffix = Path(artifact.path).suffix
            if suffix in scripts:
                scripts[suffix].append(tmp_path / f"{len(seen)}{suffix}")
                scripts[suffix][-1].write_text(render(artifact), encoding="utf-8")
    # What contradicts itself on Android is no answer of a desktop module.
    assert count == (EVERY if plugin == "jvm" else COUNT)
    command = [program("rustfmt"), "--check", "--edition", "2021", *map(str, scripts[".rs"])]
    done = subprocess.run(command, capture_output=True)
    assert scripts[".rs"]
    assert done.returncode == 0, done.stdout
    for path in scripts[".sh"]:
        assert subprocess.run([program("sh"), "-n", str(path)]).returncode == 0


def pairwise() -> list[dict[str, str]]:
    """Rows in which every two values of two answers meet, unless they contradict each other; always the same ones."""
    axes = {**VALUES, "hosts": HOSTS, "plugin": ("multiplatform", "android", "jvm")}
    # rustup would look for that toolchain; its file is parsed above.
    del axes["rust_toolchain"]
    chance = random.Random(4)
    open_pairs = {
        frozenset({(a, x), (b, y)})
        for a, b in itertools.combinations(axes, 2)
        for x, y in itertools.product(axes[a], axes[b])
        if not refused({a: x, b: y} if {a, b} & {"ndk"} else {})
    }
    rows: list[dict[str, str]] = []
    while open_pairs:
        wanted = dict(sorted(min(open_pairs, key=sorted)))
        tries = [
            {name: chance.choice(values) for name, values in axes.items()} | wanted
            for _ in range(60)
        ]
        row = max((t for t in tries if not refused(t)), key=lambda t: len(pairs(t) & open_pairs))
        open_pairs -= pairs(row)
        rows.append(row)
    return rows


def pairs(row: dict[str, str]) -> set[frozenset[tuple[str, str]]]:
    return {frozenset(two) for two in itertools.combinations(row.items(), 2)}


def refused(row: dict[str, str]) -> bool:
    """The contradictions of the contract."""
    old = row.get("ndk", ndk_revision(28)) != ndk_revision(28)
    small = row.get("ndk") == ndk_revision(26) and row.get("cpp_runtime") == "shared"
    wide = "64" in row.get("abis", "")
    if row.get("page_size") == "ndk" and old:
        return True
    return small and wide and row.get("page_size") not in (None, "off")


@pytest.mark.parametrize("row", pairwise())
def test_a_pairwise_sample_links_as_promised(
    row: dict[str, str], ndk: Callable[[int], Ndk], tmp_path: Path
) -> None:
    require_rust()
    project = tmp_path / "my project"
    crate = project / row["crate"]
    write_crate(crate)
    lists = ("abis", "hosts", "linux_targets")
    generate(project, {k: f"[{v}]" if k in lists else v for k, v in row.items()})
    if row["plugin"] == "jvm":
        # Nothing about Android is written into a desktop module.
        assert not (crate / "build.rs").exists()
        assert "android" not in (project / "build.gradle.kts").read_text(encoding="utf-8")
        return
    made = ndk(int(row["ndk"].split(".")[0]))
    abis = tuple(abi for abi in load_facts().abis if abi.abi in row["abis"].split(","))
    done = run_cargo(
        crate,
        "build",
        *(f"--target={abi.rust_target}" for abi in abis),
        *(() if row["cpp_runtime"] == "none" else ("--features=cpp",)),
        variables={
            **gobley_environment(made, abis),
            **gradle_environment(project),
            "RUSTC_BOOTSTRAP": "1",
            # Where Zig links for the host's own triple, it links build scripts too: not today's question.
            "CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER": program("cc"),
        },
    )
    assert done.returncode == 0, done.stderr
    for abi in abis:
        linked = read_linked(crate / "target" / abi.rust_target / "debug" / "libapp.so")
        assert "libc.so" in linked.needed
        assert ("libc++_shared.so" in linked.needed) == (row["cpp_runtime"] == "shared")
        assert not any(name.startswith("__cxa") for name in linked.undefined)
        # No Android library is made by a module without Android, nor a Gradle block for it.
        without_flags = row["page_size"] == "off" or (row["page_size"], row["plugin"]) == (
            "gradle",
            "jvm",
        )
        large = abi.bits == 64 and (made.major >= 28 or not without_flags)
        assert linked.load_align == (LARGE if large else SMALL)
        assert not linked.relro_overruns
