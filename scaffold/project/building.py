"""Whether the builder of the answers builds the library once, and with its Kotlin."""

from collections.abc import Iterator

from scaffold.artifacts.context import Context
from scaffold.artifacts.refused import flag_is_off
from scaffold.facts import load_facts, not_above
from scaffold.findings import Code, Finding, Severity
from scaffold.gradle.rust import builds_rust


def building(context: Context) -> Iterator[Finding]:
    """The findings of a move from one builder to another, and of a crate whose Kotlin nothing generates."""
    if context.builds_by_task:
        yield from _built_twice(context)
        yield from _no_kotlin(context)
    elif context.answers.rust_build == "gobley":
        yield from _other_uniffi(context)
    elif context.answers.rust_build == "rust-android-gradle":
        yield from _new_dsl(context)


def _built_twice(context: Context) -> Iterator[Finding]:
    """scaffold's task beside the plugin that built the library until now: only the user can take that out."""
    module = context.module
    if module.rust_build == "none":
        return
    mine = [f"{one.id} ({one.place})" for one in module.plugins if builds_rust(one.id)]
    hint = f"remove {', '.join([*mine, *module.gobley_uses]) or module.rust_place}"
    if module.rust_build == "gobley":
        hint += "; only Gobley builds the library for targets other than Android, and for unit tests here"
    text = f"{module.rust_place} builds the Rust library too, so the app would get it twice"
    yield Finding(Code.BUILT_TWICE, Severity.ERROR, text, hint)


def _no_kotlin(context: Context) -> Iterator[Finding]:
    crate = context.project.crate
    if crate and crate.uniffi and not context.generates_kotlin:
        yield Finding(
            Code.NOT_APPLIED,
            Severity.WARNING,
            f"{crate.manifest}: the crate uses UniFFI and has no binary called uniffi-bindgen, so the cargo ndk task "
            "generates no Kotlin",
            f'in {crate.manifest}, add a [[bin]] with name = "uniffi-bindgen" and required-features = ["bindgen"], and '
            'under [features] bindgen = ["uniffi/cli"]; in src/bin/uniffi-bindgen.rs: '
            "fn main() { uniffi::uniffi_bindgen_main() }; then run scaffold regenerate",
        )


def _other_uniffi(context: Context) -> Iterator[Finding]:
    """Gobley generates Kotlin for one minor version of UniFFI alone."""
    crate, answers = context.project.crate, context.answers
    uniffi = not_above(load_facts().starter, answers.gobley).uniffi
    own = crate.uniffi_version if crate else ""
    known = answers.gobley in {row.version for row in load_facts().gobley}
    if crate and own and known and _minor(own) != _minor(uniffi):
        yield Finding(
            Code.GOBLEY_MISMATCH,
            Severity.WARNING,
            f"{crate.manifest}: the crate uses UniFFI {own}, and Gobley {answers.gobley} generates Kotlin for {uniffi}",
            f'in {crate.manifest}: uniffi = "{uniffi}"',
        )


def _new_dsl(context: Context) -> Iterator[Finding]:
    """rust-android-gradle asks for AGP's old extension."""
    module = context.module
    if module.agp_is_new and not flag_is_off(module, "agp_new_dsl"):
        yield Finding(
            Code.AGP_UNSUPPORTED,
            Severity.WARNING,
            f"{module.rust_place or module.path}: rust-android-gradle 0.9.6 does not work with the new DSL of AGP 9",
            "in gradle.properties, set android.newDsl=false (until AGP 10), or move to cargo-ndk: "
            "scaffold regenerate --set rust_build=cargo-ndk",
        )


def _minor(version: str) -> list[str]:
    return version.split(".")[:2]
