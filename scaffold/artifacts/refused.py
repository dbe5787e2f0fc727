"""Why a module cannot have Gobley's block, and what would let it."""

from typing import NamedTuple

from scaffold.answers.model import Answers
from scaffold.facts import load_facts, not_above
from scaffold.gradle.found import Module
from scaffold.gradle.rust import CARGO_PLUGIN, UNIFFI_PLUGIN
from scaffold.probe.crate import Crate

ATOMICFU_PLUGIN = "org.jetbrains.kotlin.plugin.atomicfu"


class Refused(NamedTuple):
    """Why the Gradle half cannot be written: the finding's code, the reason, the next step, what to paste."""

    code: str
    reason: str
    hint: str
    paste: str = ""


def gobley_missing(module: Module, answers: Answers, crate: Crate | None) -> Refused:
    others = "cargo-ndk, rust-android-gradle or none" if module.android else "none"
    ids = [CARGO_PLUGIN, UNIFFI_PLUGIN] if crate and crate.uniffi else [CARGO_PLUGIN]
    form = "id '{}' version '{}'" if module.groovy else 'id("{}") version "{}"'
    lines = [form.format(id_, answers.gobley) for id_ in ids]
    if UNIFFI_PLUGIN in ids:
        kotlin = not_above(load_facts().starter, answers.gobley).kotlin
        lines.append(
            form.format(ATOMICFU_PLUGIN, kotlin) + "  // the version of your Kotlin plugin"
        )
    line = "\n    ".join(lines)
    return Refused(
        "gobley-missing",
        f"{module.path} does not apply {CARGO_PLUGIN}, so Gobley's settings would not compile in it",
        f"add the plugin, with mavenCentral() in pluginManagement, or choose another builder "
        f"({others}): scaffold regenerate --set rust_build=none",
        f"// {module.path}\nplugins {{\n    {line}\n}}\n\n"
        "// settings.gradle(.kts)\npluginManagement {\n    repositories {\n        mavenCentral()\n    }\n}\n",
    )


def agp_unsupported(module: Module) -> Refused | None:
    if module.android_dsl == "multiplatform-library":
        return Refused(
            "agp-unsupported",
            f"{module.path} applies com.android.kotlin.multiplatform.library, which Gobley does not support",
            "use com.android.library with AGP 8, or move the Rust build to an Android module of its own",
            f'// {module.path}, with AGP 8\nplugins {{\n    id("com.android.library")\n}}\n',
        )
    if not module.agp_is_new or flag_is_off(module, "agp_new_dsl"):
        return None
    version = module.agp.value if module.agp else ""
    return Refused(
        "agp-unsupported",
        f"{module.path} uses AGP {version}, whose new DSL Gobley does not support",
        "in gradle.properties, set android.newDsl=false and android.builtInKotlin=false (until AGP 10), "
        "or use AGP 8",
        "# gradle.properties\nandroid.newDsl=false\nandroid.builtInKotlin=false\n",
    )


def flag_is_off(module: Module, name: str) -> bool:
    """Whether gradle.properties says false."""
    setting = getattr(module, name)
    return bool(setting and setting.value == "false")
