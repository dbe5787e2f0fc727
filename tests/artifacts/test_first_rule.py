"""The first rule, over repositories put together from parts: what is written follows what the build really does."""

import json
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scaffold.cli.main import main
from scaffold.facts import load_facts, version_key

OF_GOBLEY = re.compile(r"gobley\.gradle|\bembedRustLibrary\b|\bdynamicLibraries\b|^cargo \{", re.M)
BLOCK = re.compile(r"// >>> scaffold:gradle\n.*// <<< scaffold:gradle\n", re.S)
CATALOGUE = "gradle/libs.versions.toml"
BUILDERS = {
    "gobley": "dev.gobley.cargo",
    "gobley-rust-alone": "dev.gobley.rust",
    "rust-android-gradle": "org.mozilla.rust-android-gradle.rust-android",
    "nothing": "",
}
LOCKS = {
    "absent": None,
    "plain": "version = 3\n",
    "links-static": 'version = 3\n\n[[package]]\nname = "oboe-sys"\nversion = "0.6.1"\n',
    "links-shared": (
        'version = 3\n\n[[package]]\nname = "link-cplusplus"\nversion = "1.0.9"\n\n'
        '[[package]]\nname = "cxx"\nversion = "1.0.130"\n'
    ),
    "damaged": "<<<<<<< HEAD\n",
}
BUILD_SCRIPTS = {
    "absent": None,
    "own": 'fn main() {\n    println!("cargo:rerun-if-changed=build.rs");\n}\n',
    "links-itself": 'fn main() {\n    println!("cargo:rustc-link-lib=c++_shared");\n}\n',
    "no-main": "const X: u8 = 1;\n",
}
NDKS = tuple(row.revision for row in load_facts().ndk)


class Repository(NamedTuple):
    """The parts: who builds, where its plugin is applied, where the NDK is said, where the crate lies, and more."""

    kotlin: str
    builder: str
    plugin_in: str
    ndk_in: str
    ndk: str
    crate: str
    lock: str
    build_script: str
    groovy: bool
    answers: tuple[tuple[str, str], ...]

    @property
    def build_file(self) -> str:
        return "app/build.gradle" if self.groovy else "app/build.gradle.kts"

    @property
    def applies_gobley(self) -> bool:
        return self.builder == "gobley"

    def files(self) -> Iterator[tuple[str, str]]:
        plugins = ["org.jetbrains.kotlin.jvm"]
        if self.kotlin == "android":
            plugins = ["com.android.library", "org.jetbrains.kotlin.android"]
        elif self.kotlin == "multiplatform":
            plugins = ["org.jetbrains.kotlin.multiplatform", "com.android.library"]
        own = f'id("{BUILDERS[self.builder]}")' if BUILDERS[self.builder] else ""
        yield "settings.gradle.kts", 'includeBuild("build-logic")\ninclude(":app")\n'
        versions = f'[versions]\nandroid-ndk = "{self.ndk}"\n\n[plugins]\n'
        if own:
            versions += f'rust-it = {{ id = "{BUILDERS[self.builder]}", version = "0.3.7" }}\n'
        yield CATALOGUE, versions
        if own and self.plugin_in == "convention":
            yield "build-logic/build.gradle.kts", "plugins {\n    `kotlin-dsl`\n}\n"
            convention = "build-logic/src/main/kotlin/our.rust.gradle.kts"
            yield convention, f"plugins {{\n    {own}\n}}\n"
            own = 'id("our.rust")'
        elif own and self.plugin_in == "catalogue":
            own = "alias(libs.plugins.rust.it)"
        lines = [*(f'id("{id_}")' for id_ in plugins), *([own] if own else [])]
        text = "plugins {\n" + "".join(f"    {line}\n" for line in lines) + "}\n"
        if self.kotlin == "multiplatform":
            text += "\nkotlin {\n    androidTarget()\n    jvm()\n}\n"
        said = {
            "literal": f'"{self.ndk}"',
            "catalogue": "libs.versions.android.ndk.get()",
            "expression": 'providers.gradleProperty("ourNdk").get()',
        }.get(self.ndk_in)
        if said and self.kotlin != "jvm":
            text += f"\nandroid {{\n    ndkVersion = {said}\n}}\n"
        yield self.build_file, text
        manifest = '[package]\nname = "core"\nversion = "0.1.0"\nedition = "2021"\n\n[lib]\ncrate-type = ["cdylib"]\n'
        if self.crate:
            yield f"{self.crate}/Cargo.toml", manifest
            yield f"{self.crate}/src/lib.rs", ""
            for name, content in (
                ("Cargo.lock", LOCKS[self.lock]),
                ("build.rs", BUILD_SCRIPTS[self.build_script]),
            ):
                if content is not None:
                    yield f"{self.crate}/{name}", content


def one_of(**choices: tuple[str, ...]) -> dict[str, st.SearchStrategy[str]]:
    return {name: st.sampled_from(values) for name, values in choices.items()}


ANSWERS = st.fixed_dictionaries(
    {},
    optional=one_of(
        rust_build=("gobley", "cargo-ndk", "rust-android-gradle", "none"),
        cpp_runtime=("shared", "static", "none"),
        page_size=("auto", "ndk", "build-script", "cargo-config", "gradle", "off"),
        abis=("arm64-v8a", "armeabi-v7a,x86", "x86_64,x86"),
        jna=("5.18.1",),
        ndk=NDKS,
    ),
)
REPOSITORIES = st.builds(
    Repository,
    **one_of(
        kotlin=("android", "multiplatform", "jvm"),
        builder=tuple(BUILDERS),
        plugin_in=("script", "catalogue", "convention"),
        ndk_in=("literal", "catalogue", "expression", "nowhere"),
        ndk=NDKS,
        crate=("app", "core", ""),
        lock=tuple(LOCKS),
        build_script=tuple(BUILD_SCRIPTS),
    ),
    groovy=st.sampled_from((False, False, False, True)),
    answers=ANSWERS.map(lambda one: tuple(one.items())),
)


class Done(NamedTuple):
    code: int
    document: dict[str, Any]

    @property
    def errors(self) -> bool:
        return any(one["severity"] == "error" for one in self.document["findings"])

    @property
    def actions(self) -> set[str]:
        return {one["action"] for one in self.document["changes"]}


def scaffold(*words: str) -> Done:
    out = StringIO()
    with redirect_stdout(out), redirect_stderr(StringIO()):
        code = main([*words, "--json"])
    return Done(code, json.loads(out.getvalue()))


@contextmanager
def standing(repository: Repository) -> Iterator[Path]:
    """The repository on disk; nothing of this machine's Android or Rust settings counts."""
    hidden = ("RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "ANDROID_HOME", "ANDROID_SDK_ROOT")
    kept = {name: os.environ.pop(name) for name in hidden if name in os.environ}
    try:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder, "p")
            for path, text in repository.files():
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (root / path).write_text(text, encoding="utf-8")
            yield root
    finally:
        os.environ.update(kept)


def tree(root: Path) -> dict[str, bytes]:
    return {str(p.relative_to(root)): p.read_bytes() for p in root.rglob("*") if p.is_file()}


@settings(
    max_examples=40 if os.name != "nt" else 4,  # each costs seconds there
    deadline=None,
    derandomize=bool(os.environ.get("CI")),
    suppress_health_check=[HealthCheck.too_slow],
)
@given(REPOSITORIES)
def test_what_is_written_follows_what_the_build_does(repository: Repository) -> None:
    with standing(repository) as root:
        before = tree(root)
        words = [w for item in repository.answers for w in ("--set", "=".join(item))]
        made = scaffold("init", str(root), "--defaults", "--set", "hosts=linux", *words)
        if made.code == 2:
            assert tree(root) == before
            return
        assert made.code == (3 if "conflict" in made.actions else 1 if made.errors else 0)
        script = (root / repository.build_file).read_text(encoding="utf-8")
        rust = "\n".join(p.read_text(encoding="utf-8") for p in root.rglob("build.rs"))
        config = root / ".cargo/config.toml"
        flags = rust + (config.read_text(encoding="utf-8") if config.exists() else "") + script

        assert repository.applies_gobley or not OF_GOBLEY.search(script)
        if "rustc-link-lib=c++_shared" in rust and repository.build_script != "links-itself":
            assert re.search(r'"c\+\+_shared"|libc\+\+_shared\.so', script)
        if "common-page-size=" in flags:
            assert all(version_key(ndk) >= (27,) for ndk in taken(repository, root))
        assert_settled(root, made)


def taken(repository: Repository, root: Path) -> Iterator[str]:
    """The NDKs that a build may take, as far as they can be read: the answer, and the script's own."""
    said = re.search(r"^ndk: (\S+)$", (root / "scaffold.yml").read_text(encoding="utf-8"), re.M)
    if said:
        yield said[1]
    if repository.kotlin != "jvm" and repository.ndk_in in ("literal", "catalogue"):
        yield repository.ndk


def assert_settled(root: Path, made: Done) -> None:
    """A second run finds everything as it is, and `--check` says so."""
    after = tree(root)
    again = scaffold("regenerate", str(root), "--yes")
    assert again.actions <= {"identical", "keep", "skip", "conflict"}
    assert tree(root) == after
    check = scaffold("regenerate", str(root), "--check")
    assert (check.code == 0) == ("conflict" not in check.actions and not check.errors)
    assert again.code == check.code == made.code
