"""What the user's own `cargo ndk` command lacks, each with the exact edit: scaffold does not write into it."""

from scaffold.artifacts.context import Context
from scaffold.artifacts.paths import below
from scaffold.findings import Code, Finding, Severity
from scaffold.gradle.found import Abis, CargoNdkTask
from scaffold.terminal.shell import shell_word


def stale_after_ndk(context: Context, old_ndk: str) -> tuple[Finding, ...]:
    """What a new NDK leaves as it is: Cargo does not see the NDK, and links nothing again for it alone."""
    task, ndk = context.module.cargo_ndk, context.answers.ndk
    if not context.android or task is None or task.target_folder or old_ndk == ndk:
        return ()
    manifest = below(context.answers.crate, "Cargo.toml")
    hint = f"once: cargo clean --manifest-path {shell_word(manifest)}"
    if task.output and task.alone:
        folder = 'layout.buildDirectory.dir("cargo-ndk/${android.ndkVersion}").get().asFile.path'
        line = (
            f"environment('CARGO_TARGET_DIR', {folder})"
            if task.groovy
            else f'environment("CARGO_TARGET_DIR", {folder})'
        )
        hint += f"; to avoid it in future, add to the task of {task.place}: {line}"
    message = (
        f"{task.place}: Cargo does not link a library again when only the NDK changes, so libraries built with "
        f"NDK {old_ndk} stay"
    )
    return (Finding(Code.NOT_APPLIED, Severity.WARNING, message, hint),)


def target_edit(named: Abis, answer: tuple[str, ...], task: CargoNdkTask) -> str:
    """What to change in the user's own command so that it builds the answers' ABIs."""
    if named.place != task.place:
        listed = ", ".join(f'"{abi}"' for abi in answer)
        return f"list {listed} there"
    quote = "'" if task.groovy else '"'
    more = [abi for abi in answer if abi not in named.names]
    less = [abi for abi in named.names if abi not in answer]
    words = [f"add {quote}-t{quote}, {quote}{abi}{quote}" for abi in more]
    words += [f"remove the -t for {abi}" for abi in less]
    return f"in that command {' and '.join(words)}"


def package_edit(context: Context) -> str:
    """How the user's own build can package the C++ runtime."""
    task = context.module.cargo_ndk
    if task is None or not task.output:
        return "fix that first"
    quote = "'" if task.groovy else '"'
    return (
        f"add {quote}--link-libcxx-shared{quote} behind {quote}ndk{quote} in {task.place} "
        "(cargo-ndk 4.1.0 or newer)"
    )
