"""The managed Gradle blocks: what they hold and import, and that hostile values stay text."""

from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from scaffold.artifacts.gradle import (
    Block,
    JnaDependency,
    PageSizeFlags,
    PageSizeTarget,
    Task,
    Zig,
    jna_dependencies,
    zig_target,
)

TEMPLATES = Path(__file__).parents[2] / "templates"
FLAGS = "-C link-arg=-Wl,-z,max-page-size=16384"
PAGES = PageSizeFlags(
    FLAGS,
    (PageSizeTarget("RustAndroidTarget.Arm64", "CARGO_TARGET_AARCH64_LINUX_ANDROID_RUSTFLAGS"),),
)
DSL = "gobley.gradle.cargo.dsl"


def zig(folder: str, architectures: list[str], hosts: list[str], *, own_target: bool) -> Zig:
    return Zig(folder, tuple(map(zig_target, architectures)), tuple(hosts), own_target)


def literal(text: str) -> str:
    """A Kotlin string literal; stands in for the filter of the render room."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("$", "\\$") + '"'


def render(block: Block) -> str:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["kotlin"] = literal
    return environment.get_template("build.gradle.kts.j2").render(block=block)


def full_block() -> Block:
    return Block(
        "multiplatform",
        ndk_version="28.2.13676358",
        abi_filters=("arm64-v8a",),
        package_directory="../core",
        dynamic_cpp=True,
        page_size=PAGES,
        zig=zig("../.cargo/zig", ["x86_64", "aarch64"], ["linux", "windows"], own_target=False),
        embedded=("RustPosixTarget.LinuxX64",),
        skip_windows_arm64=True,
        task=Task((("arm64-v8a", "aarch64-linux-android"),), runtime=True, crate=".."),
        jna=jna_dependencies("multiplatform", "5.18.1"),
    )


def test_a_block_with_nothing_to_say_renders_as_no_text_at_all() -> None:
    assert Block("jvm").empty
    assert render(Block("jvm")) == ""


def test_the_imports_come_first_in_their_order_and_the_block_is_closed() -> None:
    block = full_block()
    lines = render(block).splitlines()
    count = len(block.imports)
    assert lines[: count + 2] == [
        *(f"import {i}" for i in block.imports),
        "",
        "// >>> scaffold:gradle",
    ]
    assert lines[:count] == sorted(lines[:count])
    assert [line for line in lines if "scaffold:" in line][1:] == [lines[-1]]


def test_a_block_that_needs_no_import_has_none() -> None:
    text = render(Block("android", ndk_version="28.2.13676358"))
    assert "import" not in text
    assert 'ndkVersion = "28.2.13676358"' in text


def test_no_line_is_blank_twice_nor_ends_in_a_space_nor_is_longer_than_a_hundred() -> None:
    text = render(full_block())
    assert "\n\n\n" not in text
    assert "{\n\n" not in text
    assert "\n\n}" not in text
    for line in text.splitlines():
        assert line == line.rstrip()
        assert len(line) <= 100


def test_nothing_is_declared_at_the_top_level_of_the_users_script() -> None:
    for line in render(full_block()).splitlines():
        assert not line.startswith(("val ", "var ", "fun "))


@pytest.mark.parametrize(
    ("block", "names"),
    [
        (Block("android", dynamic_cpp=True), {f"{DSL}.android"}),
        (Block("android", package_directory="../core"), set()),
        (
            Block("android", page_size=PAGES),
            {f"{DSL}.android", "gobley.gradle.rust.targets.RustAndroidTarget"},
        ),
        (
            Block("jvm", skip_windows_arm64=True),
            {f"{DSL}.windows", "gobley.gradle.rust.targets.RustWindowsTarget"},
        ),
        (
            Block("jvm", zig=zig("z", ["x86_64"], ["linux", "macos"], own_target=True)),
            {
                f"{DSL}.linux",
                "gobley.gradle.GobleyHost",
                "gobley.gradle.rust.targets.RustPosixTarget",
            },
        ),
    ],
)
def test_exactly_the_imports_that_the_block_uses_are_brought(block: Block, names: set[str]) -> None:
    assert set(block.imports) == names


def test_page_size_names_cargos_own_variable_and_never_rustflags_itself() -> None:
    block = Block("android", page_size=PAGES)
    text = render(block)
    assert '"RUSTFLAGS"' not in text
    assert text.count("additionalEnvironment.put(") == 2
    assert "buildTaskProvider.configure" in text
    assert "checkTaskProvider.configure" in text


def test_a_host_that_does_not_build_here_keeps_its_linker() -> None:
    text = render(Block("jvm", zig=zig("z", ["x86_64"], ["linux", "windows"], own_target=False)))
    assert "if (GobleyHost.Platform.MacOS.isCurrent) return@linux" in text
    assert "GobleyHost.Platform.Linux.isCurrent" not in text


@pytest.mark.parametrize(
    ("hosts", "own_target", "spared"),
    [
        (["linux", "macos"], False, True),
        (["linux", "macos"], True, False),
        (["macos", "windows"], False, False),
    ],
)
def test_a_linux_host_keeps_the_linker_of_its_own_target_unless_glibc_is_pinned(
    hosts: list[str], own_target: bool, spared: bool
) -> None:
    text = render(Block("jvm", zig=zig("z", ["x86_64"], hosts, own_target=own_target)))
    assert ("rustTarget == GobleyHost.current.rustTarget" in text) is spared


def test_the_wrappers_extension_is_asked_of_the_host_only_where_hosts_differ() -> None:
    both = render(Block("jvm", zig=zig("z", ["x86_64"], ["linux", "windows"], own_target=True)))
    same = render(Block("jvm", zig=zig("z", ["x86_64"], ["linux", "macos"], own_target=True)))
    assert 'if (GobleyHost.Platform.Windows.isCurrent) "bat" else "sh"' in both
    assert 'val extension = "sh"' in same


@pytest.mark.parametrize(
    ("plugin", "expected"),
    [
        ("jvm", [("implementation", "")]),
        ("android", [("implementation", "@aar"), ("testImplementation", "")]),
        ("multiplatform", [("androidMain", "@aar"), ("jvmMain", "")]),
    ],
)
def test_jna_is_an_aar_for_android_and_a_jar_elsewhere(
    plugin: str, expected: list[tuple[str, str]]
) -> None:
    assert jna_dependencies(plugin, "5.18.1") == tuple(
        JnaDependency(scope, f"net.java.dev.jna:jna:5.18.1{suffix}") for scope, suffix in expected
    )


def test_jna_follows_the_targets_of_a_multiplatform_module() -> None:
    def scopes(jvm: str | None, *, android: bool) -> list[str]:
        found = jna_dependencies("multiplatform", "5.18.1", android=android, jvm_source_set=jvm)
        return [one.scope for one in found]

    assert scopes(None, android=True) == ["androidMain"]
    assert scopes("desktopMain", android=False) == ["desktopMain"]
    assert scopes(None, android=False) == []
    text = render(
        Block(
            "multiplatform",
            jna=jna_dependencies("multiplatform", "5", jvm_source_set="desktopMain"),
        )
    )
    assert 'named("desktopMain") {' in text


def test_a_folder_name_stays_text_whatever_it_holds() -> None:
    folder = '../a b/$x ${y} "q" %PATH% тест'
    text = render(Block("jvm", package_directory=folder))
    assert f"layout.projectDirectory.dir({literal(folder)})" in text
