"""What a `Cargo.toml` says of its package and library."""

import os
import re
from collections.abc import Mapping

from scaffold.facts import version_key
from scaffold.files.reading import line_of, read_text, read_toml, table, text_at, toml_limit
from scaffold.probe.crate import Bindgen, Crate
from scaffold.probe.own_linking import own_linking

_PLAIN_VERSION = re.compile(r"\d+\.\d+(?:\.\d+)?")
_ANDROID = {"android-activity", "android_logger", "jni", "jni-sys", "ndk", "ndk-sys"}
_BINDGENS = ("uniffi-bindgen", "uniffi_bindgen")


def read_crate(root: str, folder: str) -> Crate | None:
    """The package in `folder` (from the project's root); None where it has no `Cargo.toml`."""
    manifest = "Cargo.toml" if folder == "." else f"{folder}/Cargo.toml"
    path = os.path.join(root, *manifest.split("/"))
    if not os.path.lexists(path):
        return None
    parsed = read_toml(path)
    document = parsed or {}
    library = table(document, "lib")
    has_library = bool(library) or os.path.isfile(
        os.path.join(os.path.dirname(path), "src", "lib.rs")
    )
    types = library.get("crate-type", library.get("crate_type"))
    if isinstance(types, list):
        crate_types = tuple(kind for kind in types if isinstance(kind, str))
    else:
        crate_types = ("lib",) if has_library else ()
    package = table(document, "package")
    build = package.get("build")
    text = read_text(path) or ""
    script = _inside(build) if isinstance(build, str | bool) else None
    own_cpp, own_pages = own_linking(
        root, folder, script if isinstance(script, str) else "build.rs"
    )
    uniffi = _uniffi(document)
    return Crate(
        manifest=manifest,
        name=text_at(document, "package", "name") or "",
        crate_types=crate_types,
        rust_version=_rust_version(root, folder, package.get("rust-version")),
        build=script,
        cdylib_place=f"{manifest}:{line_of(text, 'crate-type') if 'crate-type' in text else line_of(text, '[lib]')}",
        own_cpp=own_cpp,
        own_page_flags=own_pages,
        uniffi=uniffi is not None,
        uniffi_version=uniffi or "",
        bindgen=_bindgen(os.path.dirname(path), document),
        for_android=_for_android(document),
        bazel=_bazel(root, folder),
        unread=toml_limit(path) if parsed is None else "",
    )


def _bazel(root: str, folder: str) -> str:
    for name in ("BUILD.bazel", "BUILD"):
        path = name if folder == "." else f"{folder}/{name}"
        if "rust_" in (read_text(os.path.join(root, *path.split("/"))) or ""):
            return path
    return ""


def _for_android(document: Mapping[str, object]) -> bool:
    targets = table(document, "target")
    named = {*table(document, "dependencies")}
    named = named.union(*(table(one, "dependencies") for one in targets.values()))
    return bool(named & _ANDROID) or any("android" in target for target in targets)


def _uniffi(document: Mapping[str, object]) -> str | None:
    """The version of UniFFI that the package names, "" where it names none; None where it does not depend on it."""
    for place in (document, *table(document, "target").values()):
        for name, value in table(place, "dependencies").items():
            if name == "uniffi" or text_at(value, "package") == "uniffi":
                said = value if isinstance(value, str) else text_at(value, "version") or ""
                return said if _PLAIN_VERSION.fullmatch(said) else ""
    return None


def _bindgen(folder: str, document: Mapping[str, object]) -> Bindgen | None:
    listed = document.get("bin")
    for one in listed if isinstance(listed, list) else ():
        name = text_at(one, "name") or ""
        if name in _BINDGENS:
            features = one.get("required-features")
            return Bindgen(name, tuple(map(str, features)) if isinstance(features, list) else ())
    for name in _BINDGENS:
        for file in (f"{name}.rs", os.path.join(name, "main.rs")):
            if os.path.isfile(os.path.join(folder, "src", "bin", file)):
                return Bindgen(name)
    return None


def _inside(build: str | bool) -> str | bool | None:
    # A script outside the package is not ours to touch: then ours goes where Cargo looks by default.
    if isinstance(build, bool):
        return None if build else False
    parts = build.replace("\\", "/").split("/")
    plain = [part for part in parts if part not in ("", ".")]
    return "/".join(plain) if plain and ".." not in plain and parts[0] else None


def _rust_version(root: str, folder: str, value: object) -> str | None:
    if isinstance(value, dict) and value.get("workspace") is True:
        value = _inherited(root, folder)
    if not isinstance(value, str):
        return None
    try:
        version_key(value)
    except ValueError:
        return None
    return value


def _inherited(root: str, folder: str) -> str | None:
    parts = [] if folder == "." else folder.split("/")
    for depth in range(len(parts), -1, -1):
        document = read_toml(os.path.join(root, *parts[:depth], "Cargo.toml"))
        if document and "workspace" in document:
            return text_at(document, "workspace", "package", "rust-version")
    return None
