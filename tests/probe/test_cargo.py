from pathlib import Path

import pytest

from scaffold.probe.cargo import read_crate
from scaffold.probe.crate import Bindgen


def manifest(root: Path, text: str, folder: str = ".") -> str:
    (root / folder).mkdir(parents=True, exist_ok=True)
    (root / folder / "Cargo.toml").write_text(text)
    return str(root)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[lib]\ncrate-type = ["cdylib", "staticlib"]\n', ("cdylib", "staticlib")),
        ('[lib]\ncrate_type = ["cdylib"]\n', ("cdylib",)),
        ('[lib]\nname = "x"\n', ("lib",)),
        ('[lib]\ncrate-type = "cdylib"\n', ("lib",)),
        ("[lib]\ncrate-type = [1, {}]\n", ()),
        ("[[bin]]\nname = 'x'\n", ()),
        ("lib = 1\n", ()),
        ("[lib", ()),
    ],
)
def test_crate_types_are_those_of_the_library(
    text: str, expected: tuple[str, ...], tmp_path: Path
) -> None:
    crate = read_crate(manifest(tmp_path, text), ".")
    assert crate
    assert crate.crate_types == expected


def test_a_library_may_be_there_without_a_table(tmp_path: Path) -> None:
    root = manifest(tmp_path, '[package]\nname = "x"\n')
    (tmp_path / "src").mkdir()
    (tmp_path / "src/lib.rs").touch()
    crate = read_crate(root, ".")
    assert crate
    assert crate.crate_types == ("lib",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[dependencies]\nuniffi = "0.29"\n', True),
        ("[dependencies]\nuniffi = { workspace = true }\n", True),
        ('[dependencies]\nu = { package = "uniffi", version = "0.29" }\n', True),
        ("[target.'cfg(unix)'.dependencies]\nuniffi = \"0.29\"\n", True),
        ('[build-dependencies]\nuniffi = "0.29"\n', False),
        ('[dependencies]\nuniffi_core = "0.29"\n', False),
        ("dependencies = 1\ntarget = [2]\n", False),
        ("[target]\nx = 1\n", False),
        ("", False),
    ],
)
def test_uniffi_is_a_dependency_under_any_name(text: str, expected: bool, tmp_path: Path) -> None:
    crate = read_crate(manifest(tmp_path, text), ".")
    assert crate
    assert crate.uniffi is expected


@pytest.mark.parametrize(
    ("version", "above", "expected"),
    [
        ('"1.70"', "", "1.70"),
        ("{ workspace = true }", '[workspace.package]\nrust-version = "1.80"\n', "1.80"),
        ("{ workspace = true }", "[workspace]\n", None),
        ("{ workspace = true }", "", None),
        ('"new"', "", None),
        ("1.7", "", None),
    ],
)
def test_the_rust_version_may_be_the_workspaces(
    version: str, above: str, expected: str | None, tmp_path: Path
) -> None:
    if above:
        manifest(tmp_path, above)
    root = manifest(tmp_path, f'[package]\nname = "x"\nrust-version = {version}\n', "crates/x")
    crate = read_crate(root, "crates/x")
    assert crate
    assert crate.rust_version == expected


@pytest.mark.parametrize(
    ("build", "expected"),
    [
        ('"build.rs"', "build.rs"),
        ('"./gen/build.rs"', "gen/build.rs"),
        ('"gen\\\\build.rs"', "gen/build.rs"),
        ('"../build.rs"', None),
        ('"/build.rs"', None),
        ("false", False),
        ("true", None),
        ("3", None),
    ],
)
def test_a_build_script_outside_the_package_is_nobodys(
    build: str, expected: object, tmp_path: Path
) -> None:
    crate = read_crate(manifest(tmp_path, f'[package]\nname = "x"\nbuild = {build}\n'), ".")
    assert crate
    assert crate.build == expected


def test_the_place_of_the_library_is_the_line_that_says_cdylib(tmp_path: Path) -> None:
    crate = read_crate(manifest(tmp_path, '[lib]\n\ncrate-type = ["cdylib"]\n', "core"), "core")
    assert crate
    assert crate.cdylib_place == "core/Cargo.toml:3"


def test_a_folder_without_a_manifest_is_no_crate(tmp_path: Path) -> None:
    assert read_crate(str(tmp_path), ".") is None


@pytest.mark.parametrize(
    ("text", "files", "expected"),
    [
        ('[[bin]]\nname = "uniffi-bindgen"\n', (), Bindgen("uniffi-bindgen")),
        (
            '[[bin]]\nname = "uniffi_bindgen"\npath = "b.rs"\nrequired-features = ["cli"]\n',
            (),
            Bindgen("uniffi_bindgen", ("cli",)),
        ),
        ("", ("uniffi-bindgen.rs",), Bindgen("uniffi-bindgen")),
        ("", ("uniffi-bindgen/main.rs",), Bindgen("uniffi-bindgen")),
        ('[[bin]]\nname = "uniffi-bindgen-swift"\n', ("other.rs",), None),
        ('bin = "uniffi-bindgen"\n', (), None),
    ],
)
def test_the_crates_own_bindgen_is_a_binary_of_that_name(
    text: str, files: tuple[str, ...], expected: Bindgen | None, tmp_path: Path
) -> None:
    (tmp_path / "Cargo.toml").write_text(text, encoding="utf-8")
    for name in files:
        path = tmp_path / "src" / "bin" / name
        path.parent.mkdir(parents=True)
        path.write_text("", encoding="utf-8")
    crate = read_crate(str(tmp_path), ".")
    assert crate
    assert crate.bindgen == expected


@pytest.mark.parametrize(
    ("value", "version"),
    [
        ('"0.29.4"', "0.29.4"),
        ('{ version = "0.32", features = ["cli"] }', "0.32"),
        ('">=0.28, <0.30"', ""),
        ("{ workspace = true }", ""),
    ],
)
def test_the_version_of_uniffi_is_read_where_it_is_plain(
    value: str, version: str, tmp_path: Path
) -> None:
    manifest = f"[dependencies]\nuniffi = {value}\n"
    (tmp_path / "Cargo.toml").write_text(manifest, encoding="utf-8")
    crate = read_crate(str(tmp_path), ".")
    assert crate
    assert (crate.uniffi, crate.uniffi_version) == (True, version)
