"""The managed block at the end of the module's build script: when it is written, with which values, and why."""

from collections.abc import Iterator

from scaffold.artifacts.context import Context
from scaffold.artifacts.gradle import (
    WINDOWS_ARM64,
    Block,
    JnaDependency,
    PageSizeFlags,
    PageSizeTarget,
    Task,
    Zig,
    cargo_variable,
    embedded_in,
    embedded_targets,
    jna_dependencies,
    zig_target,
)
from scaffold.artifacts.kind import ArtifactKind
from scaffold.artifacts.linux import ZIG_FOLDER, wired, wired_by_cargo
from scaffold.artifacts.model import Artifact, Format
from scaffold.artifacts.page_flags import flags_changed
from scaffold.artifacts.paths import relative
from scaffold.facts import load_facts

ID = "gradle"
GROOVY = "build.gradle"  # never written by scaffold: remembered where the user settled its conflict


def make(context: Context) -> Iterator[Artifact]:
    """One conflict stands for all that cannot be written into this script."""
    refused = context.refused
    block = _block(context)
    if block.empty and not (refused and refused.code):
        return
    template = "build.gradle.j2" if context.module.groovy else "build.gradle.kts.j2"
    paste = "paste the same settings, or keep it as it is: scaffold regenerate --conflict=mine"
    blocked = f"{refused.reason}: {refused.hint or paste}" if refused else ""
    reason = _reason(block) or "nothing until that is fixed"
    yield Artifact(
        ID,
        context.module.path,
        Format.KOTLIN,
        template,
        block,
        reason,
        blocked=blocked,
        paste=refused.paste if refused else "",
    )


def _block(context: Context) -> Block:
    """What the block says, less what the module's build says already.

    For a Groovy script it is what the user has to paste.
    """
    answers, module = context.answers, context.module
    refused = context.refused
    gobley = answers.rust_build == "gobley" and not (refused and refused.code)
    extension = context.extension and not (refused and refused.code)
    own_runtime = bool(context.own_packaging)
    shared = context.android and answers.cpp_runtime == "shared" and not own_runtime
    embedded = _embedded(context) if gobley else None
    own = embedded_in(module.embed_rust_library.text) if module.embed_rust_library else None
    skips = answers.windows_arm64 == "skip" and context.asks("windows_arm64")
    skips = skips and (own is None or WINDOWS_ARM64 in own)
    return Block(
        answers.plugin,
        ndk_version=answers.ndk if extension and not (module.ndk or module.ndk_path) else None,
        abi_filters=_abi_filters(context) if extension else (),
        package_directory=_package_directory(context) if gobley else None,
        dynamic_cpp=gobley and shared,
        page_size=_page_size(context) if gobley else None,
        zig=_zig(context) if gobley else None,
        embedded=embedded,
        skip_windows_arm64=gobley and skips and embedded is None,
        jna=_jna(context) if not (refused and refused.code) else (),
        task=None if gobley or (refused and refused.code) else _task(context, shared=shared),
        gobley=gobley,
    )


def _package_directory(context: Context) -> str | None:
    answers = context.answers
    if answers.crate == answers.module or context.module.package_directory:
        return None
    return relative(answers.crate, answers.module)


def _abi_filters(context: Context) -> tuple[str, ...]:
    """The ABIs of the answers, where the module names none and its builder would take all."""
    every = {row.abi for row in load_facts().abis}
    named = context.module.abi_filters or context.module.abis
    if named or context.answers.rust_build == "rust-android-gradle":
        return ()
    return context.answers.abis if set(context.answers.abis) != every else ()


def _page_size(context: Context) -> PageSizeFlags | None:
    pages = context.page_size
    if not context.android or pages.strategy != "gradle" or not pages.abis:
        return None
    targets = tuple(
        PageSizeTarget(abi.gobley_target, cargo_variable(abi.rust_target, "RUSTFLAGS"))
        for abi in pages.abis
    )
    return PageSizeFlags(" ".join(context.page_size_flags), targets)


def _zig(context: Context) -> Zig | None:
    answers = context.answers
    if wired_by_cargo(context) or not wired(context):
        return None
    targets = tuple(zig_target(name) for name in answers.linux_targets)
    folder = relative(ZIG_FOLDER, answers.module)
    return Zig(folder, targets, answers.hosts, own_target=answers.glibc != "default")


def _embedded(context: Context) -> tuple[str, ...] | None:
    """The desktop libraries that the hosts can link, beside each host's own target."""
    answers = context.answers
    if not context.targets.desktop or context.module.embed_rust_library:
        return None
    targets = ("RustPosixTarget.MacOSX64", "RustPosixTarget.MacOSArm64")
    return (*(targets * ("macos" in answers.hosts)), *embedded_targets(answers))


def _jna(context: Context) -> tuple[JnaDependency, ...]:
    answers, module = context.answers, context.module
    version = context.jna
    if not version or module.jna:
        return ()
    asked = answers.jna != "default"
    return jna_dependencies(
        answers.plugin,
        version,
        android=context.android,
        jvm_source_set=module.jvm_source_set if asked else None,
    )


def _task(context: Context, *, shared: bool) -> Task | None:
    answers = context.answers
    abis = tuple((row.abi, row.ndk_triple) for row in context.abis)
    if context.offers_task:
        crate = relative(answers.crate, answers.module)
        ndk = None if context.extension else answers.ndk
        return Task(abis, shared, crate, relative(".", answers.module), context.bindgen, ndk)
    return Task(abis, runtime=True) if shared and context.extension else None


def _reason(block: Block) -> str:
    parts = [f"NDK {block.ndk_version}"] * bool(block.ndk_version)
    parts += ["ABIs"] * bool(block.abi_filters)
    parts += ["the crate's folder"] * bool(block.package_directory)
    parts += ["a cargo ndk task"] * bool(block.task and block.task.crate)
    parts += ["Kotlin for UniFFI"] * bool(block.task and block.task.bindgen)
    parts += ["packages libc++_shared.so in the app"] * _packages(block)
    parts += ["16 KB pages by rustflags"] * bool(block.page_size)
    parts += ["Zig by host"] * bool(block.zig)
    parts += ["desktop libraries that these hosts can link"] * (block.embedded is not None)
    parts += ["no Windows-on-ARM library"] * block.skip_windows_arm64
    parts += ["JNA"] * bool(block.jna)
    return ", ".join(parts)


def _packages(block: Block) -> bool:
    return block.dynamic_cpp or bool(block.task and block.task.runtime)


def explain(
    _old: Context, new: Context, before: Block | None, after: Block | None
) -> Iterator[str]:
    was, now = before or Block(""), after or Block("")
    if was.ndk_version and now.ndk_version and was.ndk_version != now.ndk_version:
        yield f"ndkVersion {was.ndk_version} → {now.ndk_version}"
    elif was.ndk_version != now.ndk_version:
        yield f"{'adds' if now.ndk_version else 'removes'} ndkVersion"
    if was.abi_filters != now.abi_filters:
        yield f"builds {', '.join(now.abi_filters) or 'every ABI'}"
    if was.package_directory != now.package_directory:
        yield f"the crate is in {new.answers.crate}"
    if bool(was.task and was.task.crate) != bool(now.task and now.task.crate):
        yield f"{'adds' if now.task and now.task.crate else 'removes'} the cargo ndk task"
    if bool(was.task and was.task.bindgen) != bool(now.task and now.task.bindgen):
        yield f"{'generates' if now.task and now.task.bindgen else 'no longer generates'} Kotlin for UniFFI"
    if _packages(was) != _packages(now):
        verb = "packages" if _packages(now) else "no longer packages"
        yield f"{verb} libc++_shared.so in the app"
    yield from _cargo_changes(new, was, now)
    if was.jna != now.jna:
        yield f"JNA {new.jna}" if now.jna else "removes the JNA dependency"


def _cargo_changes(new: Context, was: Block, now: Block) -> Iterator[str]:
    flags = [len(b.page_size.rustflags.split()) if b.page_size else 0 for b in (was, now)]
    yield from flags_changed(new, flags[0], flags[1], "the Gradle block")
    if was.zig != now.zig:
        yield "Zig by host" if now.zig else "removes Zig"
    if was.embedded != now.embedded:
        names = [name.partition(".")[2] for name in now.embedded or ()]
        yield f"embeds desktop libraries for {', '.join(['this host', *names])}"
    if was.skip_windows_arm64 != now.skip_windows_arm64:
        yield f"the Windows-on-ARM library is {'left out' if now.skip_windows_arm64 else 'built'}"


def _can_lie(_id: str, path: str) -> bool:
    return path.rpartition("/")[2] in ("build.gradle.kts", GROOVY)


KIND = ArtifactKind(ID, Format.KOTLIN, _can_lie, make, explain)
