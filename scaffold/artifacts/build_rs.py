"""`build.rs`: the C++ runtime, and 16 KB pages."""

from collections.abc import Iterator
from typing import NamedTuple

from scaffold.artifacts.context import Context
from scaffold.artifacts.kind import ArtifactKind
from scaffold.artifacts.model import Artifact, Format
from scaffold.artifacts.page_flags import flags_changed
from scaffold.artifacts.paths import below
from scaffold.facts import version_key

ID = "build-rs"


class BuildRs(NamedTuple):
    """One of the lists is not empty. `directive` is how this crate's Rust writes to Cargo, `link_arg` what its
    library takes."""

    cpp_libraries: tuple[str, ...]
    page_size_args: tuple[str, ...]
    directive: str
    build_script: str
    ndk_release: str
    link_arg: str = "rustc-link-arg-cdylib"


def make(context: Context) -> Iterator[Artifact]:
    pages = context.page_size if context.android else None
    args = pages.link_args if pages and pages.strategy == "build-script" else ()
    libraries = context.cpp_libraries
    if not args and not libraries:
        return
    path, blocked, directive = "build.rs", "", "cargo::"
    crate = context.project.crate
    if crate:
        if crate.unread:
            blocked = f"{crate.manifest} was not read: {crate.unread}"
        if isinstance(crate.build, str):
            path = crate.build
        elif crate.build is False:
            blocked = f"{crate.manifest} says build = false: remove that line"
        if crate.rust_version and version_key(crate.rust_version) < version_key("1.77"):
            directive = "cargo:"
    parts = [f"links the {context.answers.cpp_runtime} C++ runtime on Android"] * bool(libraries)
    ndk = f"NDK {context.ndk_release}" if context.ndk_taken else "every NDK"
    parts += [f"aligns libraries to 16 KB pages for {ndk}"] * bool(args)
    # Cargo has nothing for a dylib alone.
    dylib = crate and "dylib" in crate.crate_types and "cdylib" not in crate.crate_types
    link_arg = "rustc-link-arg" if dylib else "rustc-link-arg-cdylib"
    values = BuildRs(libraries, args, directive, path, context.ndk_release, link_arg)
    yield Artifact(
        ID,
        below(context.answers.crate, path),
        Format.RUST,
        "build.rs.j2",
        values,
        " and ".join(parts),
        blocked=blocked,
    )


def explain(
    old: Context, new: Context, before: BuildRs | None, after: BuildRs | None
) -> Iterator[str]:
    was = before.page_size_args if before else ()
    now = after.page_size_args if after else ()
    yield from flags_changed(new, len(was), len(now), "build.rs")
    linked = before.cpp_libraries if before else ()
    links = after.cpp_libraries if after else ()
    if linked != links:
        names = (" and ".join(linked) or "nothing", " and ".join(links) or "nothing")
        change = f"cpp_runtime {old.answers.cpp_runtime} → {new.answers.cpp_runtime}: "
        same = old.answers.cpp_runtime == new.answers.cpp_runtime
        yield f"{'' if same else change}links {names[1]} instead of {names[0]}"


KIND = ArtifactKind(ID, Format.RUST, lambda _, path: path.endswith(".rs"), make, explain)
