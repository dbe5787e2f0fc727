"""What of a manifest's dependencies comes into an Android library, and what of it may be C++."""

from pathlib import Path

import pytest

from scaffold.probe.cpp import cpp_dependencies, suggest_runtime
from scaffold.probe.dependencies import declared, may_be_android


@pytest.mark.parametrize(
    ("target", "may"),
    [
        ("", True),
        ("aarch64-linux-android", True),
        ("x86_64-pc-windows-msvc", False),
        ('cfg(target_os = "android")', True),
        ('cfg(not(target_os = "android"))', False),
        ("cfg(unix)", True),
        ("cfg(windows)", False),
        ('cfg(target_arch = "wasm32")', False),
        ('cfg(not(target_arch = "wasm32"))', True),
        ('cfg(target_arch = "aarch64")', True),
        ('cfg(any(target_os = "ios", target_os = "macos"))', False),
        ('cfg(any(target_os = "ios", target_os = "android"))', True),
        ('cfg(all(unix, not(any(target_os = "android", target_os = "ios"))))', False),
        ('cfg(all(target_os = "android", feature = "audio"))', True),
        ('cfg(all(windows, feature = "audio"))', False),
        ("cfg(not(debug_assertions))", True),
        ('cfg(target_env = "msvc")', False),
        ("cfg(" + "all(" * 50_000 + ")", True),
        ("cfg()", True),
    ],
)
def test_a_table_of_another_target_is_known_by_its_key(target: str, may: bool) -> None:
    assert may_be_android(target) is may


def test_features_turn_optional_dependencies_on() -> None:
    manifest = {
        "dependencies": {name: {"optional": True} for name in ("a", "b", "c", "d", "e")},
        "features": {"default": ["some"], "some": ["dep:a", "b/x", "c?/x"], "more": ["d"]},
    }
    by_default = {name for name, how in declared(manifest, {}).items() if how.usual}
    assert by_default == {"a", "b"}
    asked = declared(manifest, {}, frozenset(["more"]))
    assert {name for name, how in asked.items() if how.usual} == {"a", "b", "d"}


def write(root: Path, manifests: dict[str, str], lock: dict[str, list[str]]) -> None:
    for folder, text in manifests.items():
        (root / folder).mkdir(parents=True, exist_ok=True)
        (root / folder / "Cargo.toml").write_bytes(text.encode())
    packages = "".join(
        f'[[package]]\nname = "{name}"\nversion = "1.0.0"\ndependencies = {depends!r}\n'
        for name, depends in lock.items()
    )
    (root / "Cargo.lock").write_bytes(b"version = 4\n" + packages.encode())


CORE = '[package]\nname = "core"\n'
LOCK = {"core": ["mystery-sys"], "mystery-sys": ["cc"], "cc": []}


@pytest.mark.parametrize(
    ("manifest", "runtime"),
    [
        ('[dependencies]\nmystery-sys = "1"\n', "shared"),
        ('[dev-dependencies]\nmystery-sys = "1"\n', "none"),
        ('[build-dependencies]\nmystery-sys = "1"\n', "none"),
        ('[target."cfg(windows)".dependencies]\nmystery-sys = "1"\n', "none"),
        ('[target.\'cfg(target_os = "ios")\'.dependencies]\nmystery-sys = "1"\n', "none"),
        ('[target.\'cfg(target_os = "android")\'.dependencies]\nmystery-sys = "1"\n', "shared"),
        ('[dependencies]\nmystery-sys = { version = "1", optional = true }\n', "none"),
        (
            '[dependencies]\nmystery-sys = { version = "1", optional = true }\n[features]\ndefault = ["mystery-sys"]\n',
            "shared",
        ),
        # A lock that names what the manifest does not: nobody knows what for.
        ("", "shared"),
    ],
)
def test_what_never_comes_into_the_library_raises_no_doubt(
    manifest: str, runtime: str, tmp_path: Path
) -> None:
    write(tmp_path, {".": CORE + manifest}, LOCK)
    look = cpp_dependencies(str(tmp_path), ".")
    assert look
    assert suggest_runtime(look).value == runtime


def test_a_known_cpp_crate_counts_though_a_feature_must_turn_it_on(tmp_path: Path) -> None:
    optional = '[dependencies]\ncxx = { version = "1", optional = true }\n'
    write(tmp_path, {".": CORE + optional}, {"core": ["cxx"], "cxx": []})
    look = cpp_dependencies(str(tmp_path), ".")
    assert look
    assert suggest_runtime(look).value == "shared"


@pytest.mark.parametrize("asked", [False, True])
def test_packages_of_the_workspace_are_looked_into(asked: bool, tmp_path: Path) -> None:
    features = ', features = ["video"]' if asked else ""
    write(
        tmp_path,
        {
            ".": '[workspace]\nmembers = ["*"]\n[workspace.dependencies]\nengine = { path = "engine" }\n',
            "core": CORE + f"[dependencies]\nengine = {{ workspace = true{features} }}\n",
            "engine": '[package]\nname = "engine"\n[dependencies]\nmystery-sys = { version = "1", optional = true }\n'
            '[features]\nvideo = ["dep:mystery-sys"]\n[dev-dependencies]\ncxx = "1"\n',
        },
        {"core": ["engine"], "engine": ["cxx", "mystery-sys"], "mystery-sys": ["cc"], "cxx": ["cc"], "cc": []},
    )  # fmt: skip
    look = cpp_dependencies(str(tmp_path), "core")
    assert look
    assert (look.uses, look.unclear) == ((), ("mystery-sys",) if asked else ())


@pytest.mark.parametrize(
    ("script", "runtime"),
    [
        ('fn main() { cc::Build::new().file("src/x.c").compile("x"); }', "none"),
        ('fn main() { cc::Build::new().cpp(true).file("src/x.cpp").compile("x"); }', "shared"),
        ('mod sources;\nfn main() { cc::Build::new().file(sources::ONE).compile("x"); }', "shared"),
        ("fn main() {}", "shared"),
    ],
)
def test_a_build_script_that_compiles_c_alone_raises_no_doubt(
    script: str, runtime: str, tmp_path: Path
) -> None:
    write(tmp_path, {".": CORE + '[build-dependencies]\ncc = "1"\n'}, {"core": ["cc"], "cc": []})
    (tmp_path / "build.rs").write_bytes(script.encode())
    look = cpp_dependencies(str(tmp_path), ".")
    assert look
    assert suggest_runtime(look).value == runtime


def test_scaffolds_own_lines_of_a_build_script_say_nothing(tmp_path: Path) -> None:
    write(tmp_path, {".": CORE + '[build-dependencies]\ncc = "1"\n'}, {"core": ["cc"], "cc": []})
    ours = "// >>> scaffold:build-rs\n// the folder with libc++\n// <<< scaffold:build-rs\n"
    (tmp_path / "build.rs").write_bytes(b"fn main() { cc::Build::new(); }\n" + ours.encode())
    look = cpp_dependencies(str(tmp_path), ".")
    assert look
    assert look.unclear == ()
