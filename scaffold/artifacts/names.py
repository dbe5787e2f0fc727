"""Names that Cargo, Gradle, Kotlin and git take, made of a folder's."""

import re
import unicodedata

from scaffold.gradle.sources import below

# What Gradle refuses in a project's name.
NOT_IN_A_PROJECT_NAME = re.compile(r'[/\\:<>"?*|]')


# Names that a package cannot have: Rust's and Kotlin's keywords, since both languages name the crate; crates that it
# would hide; folders of Cargo's own; files that Windows reserves; and libraries of Android or JNA, which would be
# loaded in its place.
TAKEN_PACKAGE_NAME = re.compile(
    "abstract|alloc|as|async|await|become|box|break|build|class|const|continue|core|crate|deps|do|dyn|else"
    "|enum|examples|extern|false|final|fn|for|fun|gen|if|impl|in|incremental|interface|is|let|loop|macro"
    "|match|mod|move|mut|null|object|override|package|priv|proc-macro|pub|ref|return|self|static|std|struct"
    "|super|test|this|throw|trait|true|try|type|typealias|typeof|unsafe|unsized|use|val|var|virtual|when"
    "|where|while|yield|uniffi|aux|con|nul|prn|(?:com|lpt)[0-9]|android|c|dl|jnidispatch|log|m|z"
)


# Java's keywords that the pattern above lacks: a package of Kotlin code must be none of either.
TAKEN_PACKAGE_PART = re.compile(
    TAKEN_PACKAGE_NAME.pattern
    + "|assert|boolean|byte|case|catch|char|default|double|extends|finally|float|goto|implements|import"
    "|instanceof|int|long|native|new|private|protected|public|short|strictfp|switch|synchronized|throws"
    "|transient|void|volatile"
)


def package_name(folder: str) -> str:
    """A Cargo package name as near to the folder's as Cargo, rustc, Kotlin and a `.so` name allow."""
    letters = unicodedata.normalize("NFKD", folder.lower())
    plain = "".join(one for one in letters if not unicodedata.combining(one))
    name = re.sub(r"[^a-z0-9_]+", "-", plain).strip("-_")
    if not name:
        return "rust-library"
    if name[0].isdigit() or TAKEN_PACKAGE_NAME.fullmatch(name):
        return f"rust-{name}"
    return name


def kotlin_package(package: str) -> str:
    """The package of the Kotlin code; `com.example` is to be changed before publishing."""
    part = package.replace("-", "").replace("_", "")
    return "com.example." + (f"rust{part}" if TAKEN_PACKAGE_PART.fullmatch(part) else part)


def project_name(folder: str) -> str:
    """The folder's name without what Gradle refuses in a project's name."""
    return NOT_IN_A_PROJECT_NAME.sub("-", folder).strip(". ") or "project"


def gradle_path(module: str) -> tuple[str, bool]:
    """The module's Gradle path, and whether its folder has to be told apart from it.

    `.` is the root project; `libs/core` is `:libs:core`.
    """
    if module == ".":
        return ":", False
    parts = module.split("/")
    if all(part == project_name(part) for part in parts):
        return ":" + ":".join(parts), False
    return ":" + project_name(parts[-1]), True


def ignored(folder: str, name: str) -> str:
    """The line of a `.gitignore` for `name` in that folder alone."""
    return "/" + re.sub(r"([*?\[])", r"\\\1", below(folder, name)) + "/"
