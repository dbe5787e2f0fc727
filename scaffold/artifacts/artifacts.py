"""Answers + what the repository has → the artifacts, each with the values of its template."""

from scaffold.answers.model import Answers
from scaffold.artifacts import decide
from scaffold.artifacts.gradle import GradleBlock, Zig, jna_dependencies, page_size, zig
from scaffold.artifacts.model import Artifact, Format
from scaffold.artifacts.project import Project
from scaffold.artifacts.starter import relative, starter_module
from scaffold.facts import version_key
from scaffold.gradle.found import Module

ZIG_FOLDER = ".cargo/zig"


def build_rs(answers: Answers, project: Project) -> Artifact | None:
    pages = decide.page_size(answers)
    args = pages.link_args if pages.strategy == "build-script" else ()
    libraries = decide.cpp_libraries(answers)
    if not args and not libraries:
        return None
    path, blocked, directive = "build.rs", "", "cargo::"
    if project.crate:
        if isinstance(project.crate.build, str):
            path = project.crate.build
        elif project.crate.build is False:
            blocked = f"{project.crate.manifest} says build = false: remove that line"
        rust = project.crate.rust_version
        if rust and version_key(rust) < version_key("1.77"):
            directive = "cargo:"
    return Artifact(
        "build-rs",
        below(answers.crate, path),
        Format.RUST,
        "build.rs.j2",
        {
            "cpp_libraries": libraries,
            "page_size_args": args,
            "directive": directive,
            "build_script": path,
            "ndk_release": decide.ndk_release(answers),
        },
        _build_rs_reason(answers, args),
        blocked=blocked,
    )


def _build_rs_reason(answers: Answers, args: tuple[str, ...]) -> str:
    parts = []
    if answers.cpp_runtime != "none":
        parts.append(f"links the {answers.cpp_runtime} C++ runtime on Android")
    if args:
        parts.append(f"asks for 16 KB pages, as NDK {decide.ndk_release(answers)} needs it")
    return " and ".join(parts)


def cargo_config(answers: Answers, project: Project) -> Artifact | None:
    pages = decide.page_size(answers)
    flags = (
        [f"-Clink-arg={arg}" for arg in pages.link_args] if pages.strategy == "cargo-config" else []
    )
    android = [abi.rust_target for abi in pages.abis] if flags else []
    wired = [t for t in decide.zig_targets(answers) if len(answers.hosts) == 1 and t.wired_hosts]
    ios = answers.ios_deployment_target
    if not android and not wired and ios == "none":
        return None
    extension = "bat" if answers.hosts == ("windows",) else "sh"
    parts = ["16 KB pages by rustflags"] * bool(android)
    parts += ["Zig as the linker for Linux"] * bool(wired)
    parts += [f"iOS {ios} as the oldest target"] * (ios != "none")
    return Artifact(
        "cargo-config",
        ".cargo/config.toml",
        Format.TOML,
        ".cargo/config.toml.j2",
        {
            "android_targets": android,
            "rustflags": flags,
            "zig_targets": [
                {
                    "triple": target.rust_triple,
                    "variable": target.rust_triple.replace("-", "_"),
                    "tools": {
                        tool: f"{ZIG_FOLDER}/{target.rust_triple}-{suffix}.{extension}"
                        for tool, suffix in (("CC", "cc"), ("CXX", "cxx"), ("AR", "ar"))
                    },
                }
                for target in wired
            ],
            "ios_deployment_target": None if ios == "none" else ios,
        },
        ", ".join(parts),
        blocked=(
            "there is a .cargo/config without extension, which Cargo reads instead: rename it to "
            ".cargo/config.toml"
            if project.legacy_cargo_config
            else ""
        ),
    )


def rust_toolchain(answers: Answers, project: Project) -> Artifact | None:
    if answers.rust_toolchain == "none":
        return None
    return Artifact(
        "rust-toolchain",
        "rust-toolchain.toml",
        Format.TOML,
        "rust-toolchain.toml.j2",
        {"channel": answers.rust_toolchain},
        f"pins Rust to {answers.rust_toolchain}",
        blocked=(
            "there is a rust-toolchain without extension, which rustup reads instead: remove it, "
            "or move what it says here"
            if project.legacy_toolchain
            else ""
        ),
    )


def gradle(answers: Answers, project: Project) -> Artifact | None:
    module = project.module or starter_module(answers, project)
    blocked = ""
    if module is None:
        module = Module(below(answers.module, "build.gradle.kts"), android=answers.plugin != "jvm")
        blocked = (
            f"there are Gradle settings, but no build file in {answers.module}: name the folder of "
            "the module with --set module=FOLDER"
        )
    elif module.groovy:
        blocked = (
            "this is a Groovy build file, and the block is Kotlin: rename it to build.gradle.kts and "
            "translate it, or paste the same settings in Groovy"
        )
    block = gradle_block(answers, module)
    if block.empty:
        return None
    return Artifact(
        "gradle",
        module.path,
        Format.KOTLIN,
        "build.gradle.kts.j2",
        {"block": block},
        _gradle_reason(block),
        blocked=blocked,
    )


def gradle_block(answers: Answers, module: Module) -> GradleBlock:
    """What the block says, less what the user's script says already."""
    android = answers.plugin == "android" or (answers.plugin == "multiplatform" and module.android)
    pages = decide.page_size(answers)
    page_size_flags = None
    if pages.strategy == "gradle" and android:
        flags = " ".join(f"-Clink-arg={arg}" for arg in pages.link_args)
        page_size_flags = page_size(flags, [(a.gobley_target, a.rust_target) for a in pages.abis])
    jna: tuple[str, ...] = () if answers.jna == "default" or module.jna else (answers.jna,)
    return GradleBlock(
        plugin=answers.plugin,
        ndk_version=answers.ndk if android and not module.ndk else None,
        package_directory=_package_directory(answers, module),
        dynamic_cpp=android and answers.cpp_runtime == "shared" and not module.dynamic_cpp,
        page_size=page_size_flags,
        zig=_zig(answers),
        skip_windows_arm64=answers.windows_arm64 == "skip" and answers.plugin != "android",
        jna=tuple(
            dependency
            for version in jna
            for dependency in jna_dependencies(
                answers.plugin, version, android=android, jvm_source_set=module.jvm_source_set
            )
        ),
    )


def _package_directory(answers: Answers, module: Module) -> str | None:
    if answers.crate == answers.module or module.package_directory:
        return None
    return relative(answers.crate, answers.module)


def _zig(answers: Answers) -> Zig | None:
    # One host is wired in .cargo/config.toml, which also serves a cargo run by hand.
    if len(answers.hosts) == 1 or not any(t.wired_hosts for t in decide.zig_targets(answers)):
        return None
    return zig(
        relative(ZIG_FOLDER, answers.module),
        answers.linux_targets,
        answers.hosts,
        own_target=answers.glibc != "default",
    )


def _gradle_reason(block: GradleBlock) -> str:
    parts = [f"NDK {block.ndk_version}"] * bool(block.ndk_version)
    parts += ["where the crate is"] * bool(block.package_directory)
    parts += ["libc++_shared.so into the app"] * block.dynamic_cpp
    parts += ["16 KB pages by rustflags"] * bool(block.page_size)
    parts += ["Zig by host"] * bool(block.zig)
    parts += ["no Windows-on-ARM library"] * block.skip_windows_arm64
    parts += ["JNA"] * bool(block.jna)
    return ", ".join(parts)


def below(folder: str, path: str) -> str:
    return path if folder == "." else f"{folder}/{path}"
