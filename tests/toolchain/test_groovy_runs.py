"""What a user pastes into a Groovy script is run by the real Gradle; AGP's components are a stand-in."""

import os
import tempfile
from pathlib import Path

import pytest

from scaffold.artifacts.gradle import Block, Task
from scaffold.artifacts.model import Artifact, Format
from scaffold.artifacts.render import render
from scaffold.probe.crate import Bindgen
from tests.toolchain.gradle_support import OPENED, gradle_home, programs
from tests.toolchain.kotlin_support import JAVA_OPTIONS, library
from tests.toolchain.requirements import program
from tests.toolchain.starter_support import run

pytestmark = pytest.mark.toolchain
ABIS = (("arm64-v8a", "aarch64-linux-android"), ("armeabi-v7a", "arm-linux-androideabi"))
# `addGeneratedSourceDirectory` takes Kotlin's function type, as AGP's own does.
STAND_IN = """
class Android { String ndkVersion = '28.2.13676358' }
class JniLibs {
    Project project
    String name
    void addGeneratedSourceDirectory(TaskProvider task, kotlin.jvm.functions.Function1 output) {
        def made = project.layout.buildDirectory.dir('made-' + name)
        task.configure { output.invoke(it).set(made) }
    }
}
class Sources { JniLibs jniLibs; JniLibs java; JniLibs kotlin }
class PluginVersion { int major = 8 }
class MinSdk { int apiLevel = 24 }
class Variant { String name; Sources sources; String buildType; MinSdk minSdk = new MinSdk() }
class Selector { Selector all() { this } }
class Sdk { Provider<Directory> ndkDirectory }
class Components {
    Project project
    Sdk sdkComponents
    PluginVersion pluginVersion = new PluginVersion()
    Selector selector() { new Selector() }
    void onVariants(Selector selector, Closure action) {
        ['debug', 'release'].each { name ->
            def at = { new JniLibs(project: project, name: it + name) }
            def sources = new Sources(jniLibs: at(''), java: at('java-'), kotlin: at('kotlin-'))
            action.call(new Variant(name: name, buildType: name, sources: sources))
        }
    }
    void call(Closure action) { action.delegate = this; action() }
}
def sdk = new Sdk(ndkDirectory: provider { layout.projectDirectory.dir('ndk') })
project.extensions.add('android', new Android())
project.extensions.add('androidComponents', new Components(project: project, sdkComponents: sdk))
"""


# What cargo-ndk does for `ndk … --output-dir DIR build`, and a note of how it was called. For `run`, a bindgen's part.
CARGO = """#!/bin/sh
echo "$@" >> "$NOTES"
echo "$ANDROID_NDK_HOME $CARGO_TARGET_DIR $PWD" >> "$NOTES"
if [ "$1" = run ]; then
    while [ "$1" != "--out-dir" ]; do shift; done
    mkdir -p "$2"; echo "// made" > "$2/core.kt"; exit
fi
while [ "$1" != "--output-dir" ]; do
    [ "$1" != "--target" ] || abis="$abis $2"
    shift
done
for abi in $abis; do mkdir -p "$2/$abi"; echo made > "$2/$abi/libcore.so"; done
"""


def gradle(folder: Path, block: Block, *tasks: str, **variables: str) -> str:
    """What the real Gradle says of these tasks of a Groovy module, with the text that a user pastes."""
    for _, triple in ABIS:
        library_ = folder / "ndk/toolchains/llvm/prebuilt/host/sysroot/usr/lib" / triple
        library_.mkdir(parents=True, exist_ok=True)
        (library_ / "libc++_shared.so").write_text(triple, encoding="utf-8")
    pasted = render(Artifact("gradle", "", Format.KOTLIN, "build.gradle.j2", block, ""))
    (folder / "settings.gradle").write_text("", encoding="utf-8")
    (folder / "build.gradle").write_text(STAND_IN + pasted, encoding="utf-8")
    with tempfile.TemporaryDirectory() as home:
        done = run(
            *(program("java"), *JAVA_OPTIONS, *OPENED),
            *("-cp", os.pathsep.join(map(str, (programs(), *library())))),
            *("launcher.LauncherKt", str(gradle_home()), home, str(folder)),
            *tasks,
            folder=folder,
            variables=variables,
        )
    assert done.returncode == 0, done.stdout[-4000:]
    return done.stdout


def made(folder: Path, variant: str) -> dict[str, str]:
    libraries = folder / f"build/made-{variant}"
    return {
        path.relative_to(libraries).as_posix(): path.read_text("utf-8").strip()
        for path in libraries.rglob("*.so")
    }


def test_the_groovy_task_packages_the_runtime_of_every_abi(tmp_path: Path) -> None:
    (tmp_path / "build/made-debug/x86").mkdir(parents=True)  # of an ABI that is built no longer
    gradle(tmp_path, Block("android", task=Task(ABIS, runtime=True)), "scaffoldCppRuntimeDebug")
    assert made(tmp_path, "debug") == {f"{abi}/libc++_shared.so": triple for abi, triple in ABIS}
    assert not (tmp_path / "build/made-debug/x86").exists()


def test_the_groovy_task_builds_the_library_with_cargo_ndk(tmp_path: Path) -> None:
    folder, notes = tmp_path / "project", tmp_path / "notes"
    (folder / "rust/src").mkdir(parents=True)
    (folder / "rust/src/lib.rs").write_text("", encoding="utf-8")
    for name in ("cargo", "cargo-ndk"):
        (tmp_path / "cargo/bin").mkdir(parents=True, exist_ok=True)
        (tmp_path / "cargo/bin" / name).write_text(CARGO, encoding="utf-8")
        (tmp_path / "cargo/bin" / name).chmod(0o755)
    variables = {"CARGO_HOME": str(tmp_path / "cargo"), "NOTES": str(notes)}
    bindgen = Bindgen("uniffi-bindgen", ("cli", "more"))
    block = Block("android", task=Task(ABIS, runtime=True, crate="rust", bindgen=bindgen))
    gradle(folder, block, "scaffoldCargoNdkDebug", "scaffoldCargoNdkRelease", **variables)
    told = [line.split() for line in notes.read_text("utf-8").splitlines()]
    release = [words for words in told if "--release" in words]
    assert len(told) == 8
    assert len(release) == 1
    targets = ["--target", "arm64-v8a", "--target", "armeabi-v7a"]
    assert release[0][:7] == ["ndk", *targets, "--platform", "24"]
    assert release[0][-3:] == ["build", "--lib", "--release"]
    target = str(folder / "build/cargo-ndk/28.2.13676358")
    assert told[1] == [str(folder / "ndk"), target, str(folder / "rust")]
    both = {f"{abi}/libcore.so": "made" for abi, _ in ABIS}
    both |= {f"{abi}/libc++_shared.so": triple for abi, triple in ABIS}
    library_ = str(folder / "build/made-debug/arm64-v8a/libcore.so")
    first = "run --bin uniffi-bindgen --features cli,more -- generate --library"
    assert " ".join(told[2]).startswith(
        f"{first} {library_} --language kotlin --no-format --out-dir"
    )
    assert (folder / "build/made-java-debug/core.kt").is_file()
    assert made(folder, "debug") == made(folder, "release") == both
    # Again, and nothing was changed; then a line of Rust.
    gradle(folder, block, "scaffoldCargoNdkDebug", **variables)
    assert len(notes.read_text("utf-8").splitlines()) == 8
    (folder / "rust/src/lib.rs").write_text("// changed\n", encoding="utf-8")
    gradle(folder, block, "scaffoldCargoNdkDebug", **variables)
    assert len(notes.read_text("utf-8").splitlines()) == 12
