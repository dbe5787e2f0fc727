"""The same look on hosts that are not at hand: recorded outputs of programs, and a folder that stands for the disk."""

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from scaffold.answers.reading import read_settings, resolve
from scaffold.doctor.check import Check
from scaffold.doctor.checks import checks
from scaffold.doctor.facts import Drift
from scaffold.doctor.host import Host
from scaffold.doctor.read_machine import read_machine
from scaffold.doctor.read_project import read_project
from scaffold.probe.programs import Output, Programs
from scaffold.probe.rustflags import FlagSource, cargo_home, rustflag_sources
from tests.inspection.elf.writer import write_elf

RECORDED = Path(__file__).parent.parent / "fixtures" / "programs"
R28 = "28.2.13676358"
TRIPLES = ("aarch64-linux-android", "x86_64-linux-android")


class Recorded:
    """What the programs of a host once printed, by the name of the program."""

    def __init__(self, host: str, *missing: str, **instead: str) -> None:
        self.host, self.missing, self.instead = host, missing, instead
        self.asked: list[tuple[str, ...]] = []

    def find(self, name: str) -> str:
        known = (RECORDED / self.host / f"{name}.txt").is_file() and name not in self.missing
        return f"/programs/{name}" if known else ""

    def allowed(self, path: str) -> bool:
        return path.startswith("/programs/") or os.path.isfile(path)

    def run(self, path: str, *arguments: str, folder: str) -> Output:
        assert os.path.isdir(folder)
        name = os.path.basename(path).removesuffix(".exe")
        self.asked.append((name, *arguments))
        if name in self.instead:
            text = (RECORDED / "others" / self.instead[name]).read_bytes().decode()
            return Output(failure=text.splitlines()[0])
        return Output((RECORDED / self.host / f"{name}.txt").read_bytes().decode())


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    (folder / "src").mkdir(parents=True)
    (folder / "Cargo.toml").write_text(
        '[package]\nname = "core"\nversion = "0.1.0"\n[lib]\ncrate-type = ["cdylib"]\n'
    )
    (folder / "src" / "lib.rs").write_text("")
    (folder / "build.gradle.kts").write_text(
        'plugins {\n  kotlin("multiplatform") version "2.1.10"\n  id("com.android.library") version "8.7.3"\n}\n'
        "kotlin {\n  jvm()\n  iosArm64()\n}\n"
    )
    return folder


def sdk_with(place: Path, revision: str, align: int = 0x4000, says: str = "") -> Path:
    ndk = place / "ndk" / revision
    for triple in TRIPLES:
        lib = ndk / "toolchains/llvm/prebuilt/linux-x86_64/sysroot/usr/lib" / triple
        lib.mkdir(parents=True)
        (lib / "libc++_shared.so").write_bytes(write_elf(align=align))
    (ndk / "source.properties").write_text(
        f"Pkg.Desc = Android NDK\nPkg.Revision = {says or revision}\n"
    )
    return place


def seen(
    project: Path,
    programs: Recorded,
    host: str,
    *settings: str,
    files: str = "",
    environment: Mapping[str, str] | None = None,
) -> dict[str, Check]:
    answers = resolve(
        read_settings(
            [f"ndk={R28}", f"hosts={host}", "gobley=0.3.7", "cpp_runtime=shared", *settings]
        )
    )
    variables = {"HOME": str(project.parent / "home"), **(environment or {})}
    read = read_project(str(project), answers, "scaffold.yml", Drift("none"), variables)
    machine = read_machine(Host(str(project), host, variables, programs, files), read)
    return {check.code: check for check in checks(read, machine)}


def test_a_linux_machine_with_everything(project: Path, tmp_path: Path) -> None:
    sdk = sdk_with(tmp_path / "sdk", R28)
    found = seen(
        project,
        Recorded("linux"),
        "linux",
        "abis=arm64-v8a,x86_64",
        "linux_targets=aarch64",
        environment={"ANDROID_HOME": str(sdk)},
    )
    assert found["ndk-installed"].status == "ok"
    assert found["ndk-libcxx"].message.endswith("arm64-v8a 16 KB, x86_64 16 KB")
    assert found["agp-version"].message == "build.gradle.kts:3: Android Gradle plugin 8.7.3"
    assert found["zig"].message.startswith("Zig 0.15.2")
    assert "LLVM 22.1.2" in found["rust-version"].message
    assert found["rust-targets"].status == "error"
    assert found["cdylib"].status == "ok"


def test_the_sdk_of_local_properties_is_the_one_that_gradle_takes(
    project: Path, tmp_path: Path
) -> None:
    sdk = sdk_with(tmp_path / "sdk of mine", R28, says="27.0.1\x1b[31m")
    (project / "local.properties").write_text(f"sdk.dir={sdk.as_posix()}\n".replace(":", "\\:"))
    found = seen(project, Recorded("linux"), "linux", environment={"ANDROID_HOME": str(tmp_path)})
    assert "incomplete" in found["ndk-installed"].message
    assert "sdk of mine" in found["ndk-installed"].message


def test_a_runtime_of_4_kb_pages_is_read_from_the_ndk_itself(project: Path, tmp_path: Path) -> None:
    sdk = sdk_with(tmp_path / "sdk", R28, align=0x1000)
    environment = {"ANDROID_SDK_ROOT": str(sdk)}
    found = seen(project, Recorded("linux"), "linux", environment=environment)
    assert found["ndk-libcxx"].status == "error"
    lib = sdk / "ndk" / R28 / "toolchains/llvm/prebuilt/linux-x86_64/sysroot/usr/lib" / TRIPLES[0]
    (lib / "libc++_shared.so").write_text("INPUT(-lc++)")
    found = seen(project, Recorded("linux"), "linux", environment=environment)
    assert "Cannot be read" in found["ndk-libcxx"].message


def test_a_mac_tells_xcode_its_deployment_target_and_both_llvms(
    project: Path, tmp_path: Path
) -> None:
    found = seen(project, Recorded("macos"), "macos", files=str(tmp_path / "mac"))
    assert found["xcode"].message == "Xcode 16.4"
    assert found["ios-deployment-target"].status == "warning"
    assert "build.gradle.kts:7" in found["ios-deployment-target"].message
    assert "Apple clang 17.0.0" in found["apple-llvm"].message
    assert found["msvc-arm64"].status == "skipped"


def test_a_mac_without_xcode_is_told_what_xcode_select_said(project: Path, tmp_path: Path) -> None:
    bare = Recorded("macos", xcodebuild="xcodebuild-without-xcode.txt")
    found = seen(project, bare, "macos", files=str(tmp_path / "mac"))
    assert found["xcode"].status == "error"
    assert "requires Xcode" in found["xcode"].message
    none = Recorded("macos", **{"xcode-select": "xcodebuild-without-xcode.txt"})
    seen(project, none, "macos", files=str(tmp_path / "mac"))
    assert not {"xcodebuild", "clang"} & {name for name, *_ in none.asked}


def test_zig_is_found_where_homebrew_puts_it(project: Path, tmp_path: Path) -> None:
    disk = tmp_path / "mac"
    (disk / "opt/homebrew/bin").mkdir(parents=True)
    programs = Recorded("macos", "zig")
    before = seen(project, programs, "macos", "linux_targets=x86_64", files=str(disk))["zig"]
    assert (before.status, before.hint) == ("error", "brew install zig")
    (disk / "opt/homebrew/bin/zig").write_text("")
    after = seen(project, programs, "macos", "linux_targets=x86_64", files=str(disk))["zig"]
    assert after.status == "ok"
    assert "opt/homebrew/bin/zig" in after.message.replace(os.sep, "/")


@pytest.mark.parametrize(
    ("variable", "below", "name"),
    [
        ("LOCALAPPDATA", "Microsoft/WinGet/Links", "zig.exe"),
        ("ProgramData", "chocolatey/bin", "zig.bat"),
        ("USERPROFILE", "scoop/shims", "zig.cmd"),
    ],
)
def test_zig_may_be_a_batch_file_on_windows(
    project: Path, tmp_path: Path, variable: str, below: str, name: str
) -> None:
    (tmp_path / "disk/C/x" / below).mkdir(parents=True)
    (tmp_path / "disk/C/x" / below / name).write_text("")

    class Answering(Recorded):
        def run(self, path: str, *arguments: str, folder: str) -> Output:
            if os.path.basename(path) == name:
                return Output("0.13.0\n")
            return super().run(path, *arguments, folder=folder)

    found = seen(
        project,
        Answering("windows", "zig"),
        "windows",
        "linux_targets=x86_64",
        "hosts=windows",
        files=str(tmp_path / "disk"),
        environment={variable: "C:\\x"},
    )["zig"]
    assert found.status == "ok"
    assert name in found.message


def test_a_windows_machine_is_asked_by_vswhere_for_the_arm64_tools(
    project: Path, tmp_path: Path
) -> None:
    disk = tmp_path / "disk"
    installer = disk / "C/Program Files (x86)/Microsoft Visual Studio/Installer"
    installer.mkdir(parents=True)
    environment = {"ProgramFiles(x86)": r"C:\Program Files (x86)"}

    def msvc() -> Check:
        programs = Recorded("windows")
        found = seen(project, programs, "windows", files=str(disk), environment=environment)
        assert found["cargo-version"].status == "ok"
        # Without -utf8 vswhere answers in the console's code page.
        assert all("-utf8" in words for words in programs.asked if words[0] == "vswhere")
        return found["msvc-arm64"]

    assert "Installer is not installed" in msvc().message
    (installer / "vswhere.exe").write_text("")
    assert "has no link.exe" in msvc().message
    tools = disk / "C/Program Files/Microsoft Visual Studio/2022/Community/VC/Tools/MSVC/14.44.1"
    (tools / "bin/Hostx64/arm64").mkdir(parents=True)
    (tools / "bin/Hostx64/arm64/link.exe").write_text("")
    assert msvc().status == "ok"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("rust-toolchain.toml", '[toolchain]\npath = "/tmp/evil"\n'),
        ("rust-toolchain", '[toolchain]\n"pa\\u0074h" = "/tmp/evil"\n'),
        ("rust-toolchain.toml", 'toolchain = {\n path = "/tmp/evil",\n}\n'),  # TOML 1.1
        ("rust-toolchain", "/tmp/evil"),
    ],
)
def test_a_toolchain_that_the_repository_names_by_path_is_not_run(
    project: Path, name: str, text: str
) -> None:
    (project / name).write_text(text)
    programs = Recorded("linux")
    found = seen(project, programs, "linux")
    assert programs.asked == []
    assert "by its path" in found["rust-version"].message
    assert found["rust-targets"].status == "skipped"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("rust-toolchain.toml", '[toolchain]\nchannel = "1.95.0"\n'),
        ("rust-toolchain", "nightly-2026-01-01\n"),
    ],
)
def test_a_channel_is_followed(project: Path, name: str, text: str) -> None:
    (project / name).write_text(text)
    assert seen(project, Recorded("linux"), "linux")["rust-version"].status == "ok"


@pytest.mark.skipif(os.name == "nt", reason="needs symbolic links")
@pytest.mark.parametrize("included", [False, True])
def test_cargo_is_not_asked_where_it_would_read_a_device(project: Path, included: bool) -> None:
    (project / ".cargo").mkdir()
    (project / ".cargo/config.toml").write_text('include = ["more.toml", { path = "gone.toml" }]\n')
    (project / ".cargo/more.toml").write_text("[build]\n")
    assert seen(project, Recorded("linux"), "linux")["cargo-version"].status == "ok"
    name = "more.toml" if included else "config.toml"
    (project / ".cargo" / name).unlink()
    (project / ".cargo" / name).symlink_to("/dev/zero")
    programs = Recorded("linux")
    found = seen(project, programs, "linux")["cargo-version"]
    assert found.status == "error"
    assert os.path.join(".cargo", name) in found.message
    assert "cargo" not in {program for program, *_ in programs.asked}


def test_without_rustup_the_targets_are_those_of_the_sysroot(project: Path, tmp_path: Path) -> None:
    class Plain(Recorded):
        def run(self, path: str, *arguments: str, folder: str) -> Output:
            if arguments == ("--print", "sysroot"):
                return Output(f"{tmp_path}/usr\n")
            return super().run(path, *arguments, folder=folder)

    (tmp_path / "usr/lib/rustlib/aarch64-linux-android/lib").mkdir(parents=True)
    found = seen(project, Plain("linux", "rustup"), "linux", "abis=arm64-v8a")
    assert found["rust-targets"].status == "ok"


def test_a_machine_with_nothing_is_told_so_and_nothing_fails(project: Path) -> None:
    found = seen(project, Recorded("nowhere"), "linux", "linux_targets=aarch64")
    assert found["cargo-version"].status == "error"
    assert "not found" in found["rust-version"].message
    assert found["zig"].status == "error"


def test_the_real_look_leaves_everything_as_it_was(project: Path) -> None:
    answers = resolve(read_settings(["hosts=linux"]))
    before = {path: path.stat().st_mtime_ns for path in project.rglob("*")}
    read = read_project(str(project), answers, "", Drift("absent"))
    programs = Programs(str(project), os.environ)
    read_machine(Host(str(project), "linux", os.environ, programs), read)
    assert {path: path.stat().st_mtime_ns for path in project.rglob("*")} == before


def test_rustflags_are_found_wherever_cargo_looks(tmp_path: Path) -> None:
    crate, home = tmp_path / "work" / "app" / "crate", tmp_path / "home" / ".cargo"
    for folder in (crate, tmp_path / "work", home.parent):
        (folder / ".cargo").mkdir(parents=True)
    android = '[target.aarch64-linux-android]\nrustflags = ["-Cx"]\n'
    (crate / ".cargo" / "config.toml").write_text(android)
    (tmp_path / "work" / ".cargo" / "config.toml").write_text("[build]\nrustflags = []\n")
    (home / "config").write_text("[target.'cfg(unix)']\nrustflags = '-g'\n")
    (home / "config.toml").write_text(android)
    environment = {
        "HOME": str(home.parent),
        "RUSTFLAGS": "",
        "CARGO_TARGET_X86_64_LINUX_ANDROID_RUSTFLAGS": "-g",
    }
    found, hidden = rustflag_sources(str(crate), environment, str(tmp_path / "work" / "app"))
    above = tmp_path / "work" / ".cargo" / "config.toml"
    assert found == (
        FlagSource(1, "RUSTFLAGS (empty)"),
        FlagSource(2, "CARGO_TARGET_X86_64_LINUX_ANDROID_RUSTFLAGS"),
        FlagSource(2, "crate/.cargo/config.toml", "aarch64-linux-android"),
        FlagSource(2, str(home / "config"), "cfg(unix)"),
        FlagSource(3, f"{above} [build]"),
    )
    assert hidden == (str(home / "config.toml"),)


def test_cargos_home_is_the_profile_on_windows_and_home_elsewhere() -> None:
    both = {"HOME": "/msys/home/me", "USERPROFILE": "C:/Users/me"}
    assert cargo_home(both, windows=True) == os.path.join("C:/Users/me", ".cargo")
    assert cargo_home(both, windows=False) == os.path.join("/msys/home/me", ".cargo")
    assert cargo_home({**both, "CARGO_HOME": "/c"}, windows=True) == "/c"
    assert cargo_home({}, windows=True) == ""


def test_settings_that_are_no_tables_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / ".cargo").mkdir()
    (tmp_path / ".cargo" / "config.toml").write_text("target = 1\nbuild = []\n")
    assert rustflag_sources(str(tmp_path), {}, str(tmp_path)) == ((), ())


def test_lines_that_are_comments_set_no_ndk_path(project: Path) -> None:
    build = project / "build.gradle.kts"
    build.write_text(build.read_text() + '// ndkPath = "/x"\n')
    assert seen(project, Recorded("linux"), "linux")["ndk-build"].status == "skipped"
    build.write_text(build.read_text() + 'android {\n    ndkPath = "/x"\n}\n')
    assert "build.gradle.kts:11" in seen(project, Recorded("linux"), "linux")["ndk-build"].message
