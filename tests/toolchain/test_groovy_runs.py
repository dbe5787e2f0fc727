"""What a user pastes into a Groovy script is run by the real Gradle; AGP's components are a stand-in."""

import os
import tempfile
from pathlib import Path

import pytest

from scaffold.artifacts.gradle import Block, Task
from scaffold.artifacts.model import Artifact, Format
from scaffold.artifacts.render import render
from tests.toolchain.gradle_support import OPENED, gradle_home, programs
from tests.toolchain.kotlin_support import JAVA_OPTIONS, library
from tests.toolchain.requirements import program
from tests.toolchain.starter_support import run

pytestmark = pytest.mark.toolchain
ABIS = (("arm64-v8a", "aarch64-linux-android"), ("armeabi-v7a", "arm-linux-androideabi"))
# `addGeneratedSourceDirectory` takes Kotlin's function type, as AGP's own does.
STAND_IN = """
class JniLibs {
    Project project
    void addGeneratedSourceDirectory(TaskProvider task, kotlin.jvm.functions.Function1 output) {
        task.configure { output.invoke(it).set(project.layout.buildDirectory.dir('made')) }
    }
}
class Sources { JniLibs jniLibs }
class Variant { String name; Sources sources }
class Selector { Selector all() { this } }
class Sdk { Provider<Directory> ndkDirectory }
class Components {
    Project project
    Sdk sdkComponents
    Selector selector() { new Selector() }
    void onVariants(Selector selector, Closure action) {
        action.call(new Variant(name: 'debug', sources: new Sources(jniLibs: new JniLibs(project: project))))
    }
    void call(Closure action) { action.delegate = this; action() }
}
def sdk = new Sdk(ndkDirectory: provider { layout.projectDirectory.dir('ndk') })
project.extensions.add('androidComponents', new Components(project: project, sdkComponents: sdk))
"""


def test_the_groovy_task_packages_the_runtime_of_every_abi(tmp_path: Path) -> None:
    for _, triple in ABIS:
        library_ = tmp_path / "ndk/toolchains/llvm/prebuilt/host/sysroot/usr/lib" / triple
        library_.mkdir(parents=True)
        (library_ / "libc++_shared.so").write_text(triple, encoding="utf-8")
    (tmp_path / "build/made/x86").mkdir(parents=True)  # of an ABI that is built no longer
    block = Block("android", task=Task(ABIS, runtime=True))
    pasted = render(Artifact("gradle", "", Format.KOTLIN, "build.gradle.j2", block, ""))
    (tmp_path / "settings.gradle").write_text("", encoding="utf-8")
    (tmp_path / "build.gradle").write_text(STAND_IN + pasted, encoding="utf-8")
    with tempfile.TemporaryDirectory() as home:
        done = run(
            *(program("java"), *JAVA_OPTIONS, *OPENED),
            *("-cp", os.pathsep.join(map(str, (programs(), *library())))),
            *("launcher.LauncherKt", str(gradle_home()), home, str(tmp_path)),
            "scaffoldCppRuntimeDebug",
            folder=tmp_path,
        )
    assert done.returncode == 0, done.stdout[-4000:]
    made = {
        path.relative_to(tmp_path / "build/made").as_posix(): path.read_text("utf-8")
        for path in (tmp_path / "build/made").rglob("*.so")
    }
    assert made == {f"{abi}/libc++_shared.so": triple for abi, triple in ABIS}
    assert not (tmp_path / "build/made/x86").exists()
