"""`.cargo/config.toml`: rustflags for 16 KB pages, Zig where one host builds, the oldest iOS."""

from collections.abc import Iterator
from typing import NamedTuple

from scaffold.artifacts.context import Context
from scaffold.artifacts.kind import ArtifactKind
from scaffold.artifacts.linux import ZIG_FOLDER, linux_targets, wired_by_cargo
from scaffold.artifacts.model import Artifact, Format
from scaffold.artifacts.page_flags import flags_changed

ID = "cargo-config"
PATH = ".cargo/config.toml"


class LinkedByZig(NamedTuple):
    """A Linux target, the form of its name in variables, and tool → wrapper."""

    triple: str
    variable: str
    tools: dict[str, str]


class CargoConfig(NamedTuple):
    """What the file says; what is empty or None is left out."""

    android_targets: tuple[str, ...]
    rustflags: tuple[str, ...]
    zig_targets: tuple[LinkedByZig, ...]
    ios_deployment_target: str | None


def make(context: Context) -> Iterator[Artifact]:
    pages = context.page_size
    by_config = context.android and pages.strategy == "cargo-config"
    android = tuple(abi.rust_target for abi in pages.abis) if by_config else ()
    wired = tuple(_wired(context))
    ios = context.answers.ios_deployment_target
    if not android and not wired and ios == "none":
        return
    parts = ["16 KB pages by rustflags"] * bool(android)
    parts += ["Zig as the linker for Linux"] * bool(wired)
    parts += [f"iOS {ios} as the oldest target"] * (ios != "none")
    yield Artifact(
        ID,
        PATH,
        Format.TOML,
        ".cargo/config.toml.j2",
        CargoConfig(
            android,
            context.page_size_flags if android else (),
            wired,
            None if ios == "none" else ios,
        ),
        ", ".join(parts),
        blocked=(
            "there is a .cargo/config without extension, which Cargo reads instead: rename it to "
            ".cargo/config.toml"
            if context.project.legacy_cargo_config
            else ""
        ),
    )


def _wired(context: Context) -> Iterator[LinkedByZig]:
    if not wired_by_cargo(context):
        return
    extension = "bat" if context.answers.hosts == ("windows",) else "sh"
    for target in linux_targets(context.answers):
        if target.wired_hosts:
            start = f"{ZIG_FOLDER}/{target.rust_triple}"
            tools = {name.upper(): f"{start}-{name}.{extension}" for name in ("cc", "cxx", "ar")}
            yield LinkedByZig(target.rust_triple, target.rust_triple.replace("-", "_"), tools)


def explain(
    old: Context, new: Context, before: CargoConfig | None, after: CargoConfig | None
) -> Iterator[str]:
    was = before.android_targets if before else ()
    now = after.android_targets if after else ()
    flags = len(before.rustflags if before else ()), len(after.rustflags if after else ())
    yield from flags_changed(new, *flags, PATH)
    if was and now and was != now:
        yield f"rustflags for {', '.join(now)}"
    linked = before.zig_targets if before else ()
    links = after.zig_targets if after else ()
    if linked != links:
        if len(new.answers.hosts) > 1 and new.answers.linux_targets:
            yield "several hosts: the Gradle block configures Zig"
        else:
            yield f"Zig links {', '.join(t.triple for t in links) or 'nothing'}"
    if old.answers.ios_deployment_target != new.answers.ios_deployment_target:
        yield f"iOS {old.answers.ios_deployment_target} → {new.answers.ios_deployment_target}"


KIND = ArtifactKind(ID, Format.TOML, lambda _, path: path == PATH, make, explain)
