"""Compiles build scripts as Gradle would, and evaluates them in real Gradle projects.

The Kotlin compilers, Gradle's API, the Kotlin Gradle plugin and ktlint come from Maven's registry,
pinned by hash. No such registry has Gradle's Kotlin DSL and the Android plugin, so `stubs/` declares
what the scripts use of them; and Gobley's plugins, for registries that lack those too.
"""

import hashlib
import json
import os
import re
import subprocess
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from scaffold.facts import load_facts
from tests.toolchain.requirements import cache_folder, program, require

HERE = Path(__file__).parent
STUBS = HERE / "stubs"
PINS = HERE / "jars.sha256"

KGP = "2.1.10"
GRADLE = "8.11.1"
KTLINT = "1.8.0"
DECLARED = "declared"

# What Gradle generates accessors for, by the plugins that a module applies.
ACCESSORS = {
    "multiplatform": ("multiplatform", "android", "cargo", "uniffi"),
    "multiplatform-desktop": ("multiplatform", "cargo", "uniffi"),
    "android": ("androidkotlin", "android", "cargo", "uniffi"),
    "jvm": ("jvm", "application", "cargo", "uniffi"),
    "agp8-app": ("androidkotlin", "agp8app"),
    "agp8-library": ("androidkotlin", "agp8library"),
    # AGP 9 brings Kotlin itself.
    "agp9-app": ("agp9app",),
    "agp9-library": ("agp9library",),
    "agp8-multiplatform": ("multiplatform", "agp8library"),
    "agp9-multiplatform": ("multiplatform", "agp9multiplatform"),
    "plain-jvm": ("jvm", "application"),
}


# A short run is over before the second compiler and parallel collection pay: a third of the CPU time.
JAVA_OPTIONS = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx2g")


class Compiler(NamedTuple):
    """A Kotlin compiler and the language version that it is told to take."""

    version: str
    language: str


# Gradle 8 compiles build scripts as Kotlin 1.8 whatever its compiler, Gradle 9 as 2.2.
GRADLE_8 = Compiler("2.1.10", "1.8")
GRADLE_9 = Compiler("2.2.21", "2.2")
NEWEST = Compiler("2.4.21", "2.4")


class Script(NamedTuple):
    """A whole `build.gradle.kts` of a module of this kind (a key of ACCESSORS)."""

    kind: str
    text: str


class Diagnostic(NamedTuple):
    severity: str
    message: str


def _kotlin(artifact: str, version: str, classifier: str = "") -> str:
    return f"org.jetbrains.kotlin:{artifact}:{version}:{classifier}"


def _coordinates(name: str) -> list[str]:
    """What a set of jars starts from; what those depend on comes with them."""
    tool, _, version = name.partition("-")
    if tool == "kotlin":
        plugins = ("assignment", "sam-with-receiver")
        embedded = [f"kotlin-{plugin}-compiler-plugin-embeddable" for plugin in plugins]
        names = ["kotlin-compiler-embeddable", *embedded]
        return [_kotlin(artifact, version) for artifact in names]
    if tool == "gradle":
        api = f"dev.gradleplugins:gradle-api:{version}:"
        return [
            api,
            _kotlin("kotlin-gradle-plugin", KGP, "gradle85"),
            _kotlin("kotlin-reflect", KGP),
        ]
    if tool == "app":
        # What Gobley's UniFFI plugin and the starter's test bring.
        return [
            _kotlin("kotlin-stdlib", version),
            _kotlin("kotlin-test-junit", version),
            f"net.java.dev.jna:jna:{load_facts().gobley[-1].jna}:",
            "org.jetbrains.kotlinx:atomicfu-jvm:0.27.0:",
        ]
    if tool == "ktlint":
        return [f"com.pinterest.ktlint:ktlint-cli:{version}:all"]
    return [f"dev.gobley.gradle:gobley-gradle-{part}:{version}:" for part in ("cargo", "uniffi")]


@cache
def jars(name: str) -> tuple[str, ...]:
    """The jars of `kotlin-2.1.10`, `gradle-8.11.1`, `app-2.3.21` or `ktlint-1.8.0`; skips or fails without them."""
    program("java")
    found = _resolved(name)
    require(bool(found), f"Maven finds no {name}")
    return found


@cache
def gobley_jars(version: str) -> tuple[str, ...]:
    """Gobley's real plugins; empty where the registry lacks them. Not pinned: none has been seen here."""
    return _resolved(f"gobley-{version}", pinned=False)


def _resolved(name: str, *, pinned: bool = True) -> tuple[str, ...]:
    listing = cache_folder("maven") / f"{name}.classpath"
    with alone(cache_folder("maven") / "lock"):
        if not listing.exists():
            _ask_maven(name, listing)
            if pinned and listing.exists():
                _verify(listing)
    if not listing.exists():
        return ()
    found = listing.read_text(encoding="utf-8").strip().split(os.pathsep)
    return tuple(found) if all(Path(one).is_file() for one in found) else ()


def _ask_maven(name: str, listing: Path) -> None:
    maven = program("mvn")
    dependencies = "".join(_dependency(one, name) for one in _coordinates(name))
    project = (
        '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>'
        "<groupId>proof</groupId><artifactId>proof</artifactId><version>1</version>"
        f"<dependencies>{dependencies}</dependencies></project>"
    )
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "pom.xml").write_text(project, encoding="utf-8")
        goal = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath"
        subprocess.run(
            [
                *(maven, "-q", "-B", goal, f"-Dmdep.outputFile={listing}"),
                f"-Dmaven.repo.local={cache_folder('maven') / 'repository'}",
            ],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=500,
        )


def _dependency(coordinate: str, name: str) -> str:
    group, artifact, version, classifier = coordinate.split(":")
    # ktlint's "all" jar holds what its POM names once more.
    alone = "<exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions>"
    return (
        f"<dependency><groupId>{group}</groupId><artifactId>{artifact}</artifactId>"
        f"<version>{version}</version><classifier>{classifier}</classifier>"
        f"{alone if name.startswith('ktlint') else ''}</dependency>"
    )


def _verify(listing: Path) -> None:
    """Every jar is the one that was reviewed; SCAFFOLD_PIN_JARS writes down those that are new."""
    lines = PINS.read_text(encoding="utf-8").splitlines()
    pins = {name: digest for digest, name in (line.split() for line in lines)}
    for jar in listing.read_text(encoding="utf-8").strip().split(os.pathsep):
        with open(jar, "rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        name = Path(jar).name
        if os.environ.get("SCAFFOLD_PIN_JARS"):
            pins.setdefault(name, digest)
        if pins.get(name) != digest:
            listing.unlink()
            raise AssertionError(f"{name} is not the pinned one: {digest}")
    if os.environ.get("SCAFFOLD_PIN_JARS"):
        text = "".join(f"{digest}  {name}\n" for name, digest in sorted(pins.items()))
        PINS.write_text(text, encoding="utf-8")


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Parallel test processes download one after the other."""
    with path.open("w") as stream:
        try:
            import fcntl
        except ImportError:
            yield
            return
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def library(gobley: str = DECLARED) -> tuple[str, ...]:
    """What scripts are compiled against; `gobley` is DECLARED or the version of real plugins."""
    real = gobley_jars(gobley) if gobley != DECLARED else ()
    return (str(_stubs(real)), *real, *jars(f"gradle-{GRADLE}"))


@cache
def _stubs(real: tuple[str, ...]) -> Path:
    """The declarations as a jar, compiled once for their content; `real` replaces those of Gobley."""
    sources = sorted(STUBS.rglob("*.kt"))
    if real:
        sources = [one for one in sources if "gobley" not in one.parts and one.stem != "evaluate"]
    digest = hashlib.sha256(repr(real).encode())
    for source in sources:
        digest.update(source.read_bytes())
    jar = cache_folder("kotlin") / f"stubs-{digest.hexdigest()[:16]}.jar"
    if not jar.exists():
        with tempfile.TemporaryDirectory(dir=jar.parent) as folder:
            made = Path(folder, jar.name)
            classpath = (*real, *jars(f"gradle-{GRADLE}"))
            output = compile_kotlin(Compiler(KGP, "2.1"), sources, classpath, made)
            assert made.exists(), output
            made.replace(jar)
    return jar


def compile_kotlin(
    compiler: Compiler, sources: Iterable[Path], classpath: Iterable[str], output: Path
) -> str:
    tools = jars(f"kotlin-{compiler.version}")
    plugins = [one for one in tools if "compiler-plugin" in Path(one).name]
    arguments = [
        *("-no-stdlib", "-no-reflect", "-jvm-target", "17"),
        *("-language-version", compiler.language, "-api-version", compiler.language),
        *(f"-Xplugin={one}" for one in plugins),
        # As Gradle compiles scripts: `a = b` on properties, and receivers for its actions.
        "-P",
        "plugin:org.jetbrains.kotlin.assignment:annotation="
        "org.gradle.api.SupportsKotlinAssignmentOverloading",
        "-P",
        "plugin:org.jetbrains.kotlin.samWithReceiver:annotation=org.gradle.api.HasImplicitReceiver",
        *("-cp", os.pathsep.join(classpath), "-d", str(output)),
        *map(str, sources),
    ]
    listing = output.with_suffix(".arguments")
    quoted = ('"' + one.replace("\\", "\\\\").replace('"', '\\"') + '"' for one in arguments)
    listing.write_text("\n".join(quoted), encoding="utf-8")
    done = subprocess.run(
        [
            *(program("java"), *JAVA_OPTIONS, "-cp", os.pathsep.join(tools)),
            *("org.jetbrains.kotlin.cli.jvm.K2JVMCompiler", f"@{listing}"),
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        timeout=500,
        text=True,
    )
    return done.stdout


class Compiled(NamedTuple):
    """What the compiler said of each script, and the jar of their classes (where nothing was wrong)."""

    said: dict[str, list[Diagnostic]]
    jar: Path

    def errors(self) -> dict[str, list[str]]:
        """The scripts that do not compile."""
        found = {
            name: [one.message for one in said if one.severity == "error"]
            for name, said in self.said.items()
        }
        return {name: messages for name, messages in found.items() if messages}


def compile_scripts(
    compiler: Compiler, scripts: Mapping[str, Script], gobley: str = DECLARED
) -> Compiled:
    """All scripts in one run of the compiler; the same scripts are not compiled twice."""
    classpath = library(gobley)
    key = repr((compiler, sorted(scripts.items()), classpath[:1], HERE)).encode()
    digest = hashlib.sha256(key + Path(__file__).read_bytes()).hexdigest()[:16]
    jar = cache_folder("kotlin") / f"scripts-{digest}.jar"
    with alone(jar.with_suffix(".lock")):
        if not jar.with_suffix(".txt").exists():
            said = _compiled(compiler, scripts, classpath, jar)
            jar.with_suffix(".txt").write_text(said, encoding="utf-8")
    found: dict[str, list[Diagnostic]] = {name: [] for name in scripts}
    said = jar.with_suffix(".txt").read_text(encoding="utf-8")
    for file, severity, message in re.findall(r"(s\d{5})\.kt:\d+:\d+: (\w+): (.*)", said):
        found[list(scripts)[int(file[1:])]].append(Diagnostic(severity, message))
    return Compiled(found, jar)


def _compiled(
    compiler: Compiler, scripts: Mapping[str, Script], classpath: Iterable[str], jar: Path
) -> str:
    with tempfile.TemporaryDirectory(dir=jar.parent) as folder:
        sources = []
        for at, script in enumerate(scripts.values()):
            sources.append(Path(folder, f"{_file(at)}.kt"))
            sources[-1].write_text(wrapped(_file(at), script), encoding="utf-8")
        made = Path(folder, jar.name)
        said = compile_kotlin(compiler, sources, classpath, made)
        assert made.exists() or ": error: " in said, said
        if made.exists():
            made.replace(jar)
        return said


def _file(at: int) -> str:
    return f"s{at:05}"


def wrapped(package: str, script: Script) -> str:
    """The script as a function of a project, its imports below Gradle's own.

    Its classes stand outside of that function: Gradle makes no task of a class that uses anything of the script.
    """
    imports, body = split_imports(script.text)
    classes = "".join(CLASS.findall(body))
    ours = [f"import accessors.{one}.*" for one in ACCESSORS[script.kind]]
    head = [f"package {package}", *implicit_imports(), *ours, imports, classes]
    return "\n".join((*head, "fun Project.script() {", CLASS.sub("", body), "}", ""))


# A class of the script from its first column to its closing brace, with its documentation.
CLASS = re.compile(r"^(?:/\*\*.*\*/\n)?(?:abstract )?class .*?^}\n", re.MULTILINE | re.DOTALL)

JAVA_IMPORTS = (
    *("java.math.BigDecimal", "java.math.BigInteger"),
    *("java.util.concurrent.Callable", "java.util.concurrent.TimeUnit"),
)


@cache
def implicit_imports() -> tuple[str, ...]:
    """What Gradle imports into every Kotlin script: its API, as the API jar lists it, and these few.

    Gradle's TestKit is listed, and is a jar of its own.
    """
    api = next(one for one in jars(f"gradle-{GRADLE}") if "gradle-api-" in one)
    with zipfile.ZipFile(api) as archive:
        listed = archive.read("default-imports.txt").decode("utf-8").splitlines()
    others = ("org.gradle.kotlin.dsl.*", "java.io.File", "javax.inject.Inject", *JAVA_IMPORTS)
    listed = [line for line in listed if ".testkit." not in line]
    return (*listed, *(f"import {name}" for name in others))


def split_imports(text: str) -> tuple[str, str]:
    """(everything up to the last import, the rest); an import below a statement is an error in Kotlin."""
    lines = text.splitlines()
    last = max((at for at, line in enumerate(lines) if line.startswith("import ")), default=-1)
    head = lines[: last + 1]
    assert all(not line or line.startswith(("import ", "//")) for line in head), head
    return "\n".join(head), "\n".join(lines[last + 1 :])


class Evaluation(NamedTuple):
    """A script to evaluate: which one, in which folder, on which host (`Linux/X64`)."""

    script: str
    folder: Path
    host: str = "Linux/X64"


def evaluate(
    scripts: Mapping[str, Script], compiled: Path, wanted: Mapping[str, Evaluation], work: Path
) -> dict[str, dict[str, Any]]:
    """What each evaluation leaves in its project, in one process; scripts as given to compile_scripts."""
    order = list(scripts)
    lines = []
    for name, one in wanted.items():
        file = _file(order.index(one.script))
        kind = scripts[one.script].kind
        type_ = f"{file}.{file.capitalize()}Kt"
        lines.append("\t".join((name, type_, kind, str(one.folder), one.host)))
    cases = work / "cases.txt"
    cases.write_text("\n".join(lines), encoding="utf-8")
    classpath = os.pathsep.join((str(compiled), *library()))
    done = subprocess.run(
        [
            *(program("java"), *JAVA_OPTIONS, "--add-opens", "java.base/java.lang=ALL-UNNAMED"),
            *("-Dfile.encoding=UTF-8", "-cp", classpath, "evaluate.EvaluateKt", str(cases)),
        ],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=300,
    )
    said = [json.loads(line) for line in done.stdout.splitlines() if line.startswith(b'{"name"')]
    assert len(said) == len(wanted), done.stderr.decode("utf-8", "replace")[-3000:]
    return {one.pop("name"): one for one in said}


def ktlint(folder: Path) -> list[str]:
    """What ktlint has against the Kotlin files of a folder, by Kotlin's conventions, in 140 columns."""
    rules = "root = true\n[*.{kt,kts}]\nktlint_code_style = intellij_idea\nmax_line_length = 140\n"
    (folder / ".editorconfig").write_text(rules, encoding="utf-8")
    done = subprocess.run(
        [
            *(program("java"), *JAVA_OPTIONS, "-jar", *jars(f"ktlint-{KTLINT}")),
            *("--log-level=error", "**/*.kts"),
        ],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=300,
        text=True,
    )
    return [line for line in done.stdout.splitlines() if re.search(r"\.kts:\d+", line)]
