"""Builds a project with the real Gradle, whose runtime is the API jar; the Kotlin DSL and the plugins are stand-ins.

The API jar holds all of Gradle's classes. A home of empty module jars makes it find itself, and `gradle/launcher.kt`
starts a build in its own process. Build scripts are compiled as in kotlin_support, and called by a script in Groovy.
"""

import hashlib
import os
import re
import subprocess
import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tests.toolchain.kotlin_support import (
    GRADLE,
    GRADLE_9,
    HERE,
    JAVA_OPTIONS,
    KGP,
    Compiler,
    Script,
    compile_kotlin,
    compile_scripts,
    jars,
    library,
)
from tests.toolchain.requirements import cache_folder, program
from tests.toolchain.starter_support import VERSIONS, bindgen, cargo_environment, run

BUILD = """
def type(String name) {{ ClassLoader.systemClassLoader.loadClass(name) }}
type('{plugins}').getMethod('apply', Project).invoke(null, project)
type('s00000.S00000Kt').getMethod('script', Project).invoke(null, project)
"""
# Libraries of others that Gradle looks for by name; they, too, are on the class path of its process.
OTHERS = """
    ant ant-launcher asm asm-commons asm-tree annotations bsh commons-io commons-lang failureaccess fastutil
    groovy groovy-ant groovy-astbuilder groovy-json groovy-nio groovy-sql groovy-templates groovy-xml guava
    javax.inject jsr305 jul-to-slf4j kotlin-reflect kotlin-stdlib kryo log4j-over-slf4j native-platform
    objenesis slf4j-api
"""
# As for Gradle's own process; the second is for the configuration cache.
OPENED = [f"--add-opens=java.base/{name}=ALL-UNNAMED" for name in ("java.lang", "java.lang.invoke")]
SETTINGS = """
rootProject.name = 'proof'
rootProject.projectDir = file({folder})
rootProject.buildFileName = {build}
"""


@cache
def gradle_home() -> Path:
    """Module jars that name nothing: every class is in the API jar already."""
    home = cache_folder("gradle") / f"home-{GRADLE}"
    modules = home / "lib"
    if not modules.is_dir():
        api = next(one for one in jars(f"gradle-{GRADLE}") if "gradle-api-" in one)
        with tempfile.TemporaryDirectory(dir=home.parent) as scratch:
            made = Path(scratch) / "home"
            (made / "lib" / "plugins").mkdir(parents=True)
            with zipfile.ZipFile(api) as archive:
                names = [one for one in archive.namelist() if one.endswith("-classpath.properties")]
            for name in names:
                module = name.removesuffix("-classpath.properties")
                with zipfile.ZipFile(made / "lib" / f"{module}-{GRADLE}.jar", "w") as jar:
                    jar.writestr(name, "projects=\nruntime=\n")
            for name in OTHERS.split():
                with zipfile.ZipFile(made / "lib" / f"{name}-1.0.jar", "w"):
                    pass
            made.rename(home)
    return home


@cache
def programs() -> Path:
    """The launcher and the stand-in plugins, compiled once for their text."""
    sources = sorted((HERE / "gradle").glob("*.kt"))
    digest = hashlib.sha256(b"".join(one.read_bytes() for one in sources)).hexdigest()[:16]
    jar = cache_folder("kotlin") / f"gradle-{digest}.jar"
    if not jar.exists():
        said = compile_kotlin(Compiler(KGP, "2.1"), sources, library(), jar)
        assert jar.exists(), said
    return jar


def gradle(
    folder: Path,
    *tasks: str,
    tests: str = "",
    dry: bool = False,
    variables: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Runs tasks of the JVM module in `folder`, which keeps no other trace of it than Gradle's `build` folder.

    `tests` is a class with tests for `check`; a `dry` run only names the tasks.
    """
    with tempfile.TemporaryDirectory() as scratch:
        started = Started("jvm", "standin.StandinKt", folder, Path(scratch))
        environment = {**cargo_environment(), **(variables or {})}
        return run_gradle(started, tasks, _properties(tests, dry), environment)


class Started(NamedTuple):
    """A module of this kind (of ACCESSORS), whose plugins a stand-in applies; Gradle's own files go to `scratch`."""

    kind: str
    plugins: str
    folder: Path
    scratch: Path


def run_gradle(
    started: Started,
    tasks: Iterable[str],
    properties: Mapping[str, str],
    variables: Mapping[str, str],
) -> subprocess.CompletedProcess[str]:
    """Runs tasks; `properties` are what the stand-ins and the launcher know of the machine."""
    text = (started.folder / "build.gradle.kts").read_text(encoding="utf-8")
    scripts = compile_scripts(GRADLE_9, {"script": Script(started.kind, text)})
    assert scripts.errors() == {}
    build = started.scratch / "build"
    build.mkdir(exist_ok=True)
    module = BUILD.format(plugins=started.plugins)
    (build / "module.gradle").write_text(module, encoding="utf-8")
    name = os.path.relpath(build / "module.gradle", started.folder)
    settings = SETTINGS.format(folder=_quoted(started.folder), build=_quoted(name))
    (build / "settings.gradle").write_text(settings, encoding="utf-8")
    return run(
        *(program("java"), *JAVA_OPTIONS, *OPENED),
        *(f"-Dproof.{name}={value}" for name, value in properties.items()),
        *("-cp", os.pathsep.join(map(str, (programs(), scripts.jar, *library())))),
        *("launcher.LauncherKt", str(gradle_home()), f"{started.scratch}/user", str(build), *tasks),
        folder=build,
        variables=variables,
        limit=1800,  # a first build of UniFFI and its bindings generator, beside other proofs
    )


def _properties(tests: str, dry: bool) -> dict[str, str]:
    return {
        "cargo": program("cargo"),
        "bindgen": str(bindgen()),
        "kotlinc": os.pathsep.join(jars(f"kotlin-{VERSIONS.kotlin}")),
        "app": os.pathsep.join(jars(f"app-{VERSIONS.kotlin}")),
        "tests": tests,
        "dry": str(dry).lower(),
    }


def _quoted(path: Path | str) -> str:
    """A Groovy string literal that no `$` opens."""
    return "'" + re.sub(r"(['\\])", r"\\\1", str(path)) + "'"
