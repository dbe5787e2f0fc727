"""What `doctor` needs to know of a project, beside what the plan needs."""

import os
import re
from collections.abc import Mapping

from scaffold.answers.model import Answers
from scaffold.artifacts.project import Project
from scaffold.doctor.seen import Drift, Subject
from scaffold.explain.linkage import links
from scaffold.gradle.conventions import Builds
from scaffold.gradle.module import ANDROID_PLUGINS, GradleModule, find_module
from scaffold.gradle.sources import Sources
from scaffold.probe.build_outputs import build_outputs
from scaffold.project.survey import survey

_NDK_PATH = re.compile(r"^\s*(?:android\.)?ndkPath\b\s*=?")
_IOS = re.compile(r"^\s*(?:kotlin\.)?ios(?:Arm64|X64|SimulatorArm64)?\s*[({]")


def read_subject(
    root: str,
    answers: Answers,
    place: str,
    drift: Drift,
    environment: Mapping[str, str] = os.environ,
) -> tuple[Subject, str]:
    """(the project, folder of its Gradle build from the root). Reads only."""
    sources = Sources(root)
    module = find_module(Builds(sources), answers.module)
    project: Project = survey(root, answers, environment)
    plugin = next((p.id for p in module.plugins if p.id in ANDROID_PLUGINS), "") if module else ""
    subject = Subject(
        answers,
        project,
        place,
        agp=module.version_of(*ANDROID_PLUGINS) if module else None,
        agp_plugin=plugin,
        ndk_path=_line(module, sources, _NDK_PATH),
        rust_plugin=bool(module and module.has("dev.gobley.rust")),
        ios=_line(module, sources, _IOS),
        links=links(build_outputs(root, answers.crate)),
        crate_name=project.crate.name if project.crate else "",
        drift=drift,
    )
    return subject, module.build.base if module else "."


def _line(module: GradleModule | None, sources: Sources, wanted: re.Pattern[str]) -> str:
    """The place of the first such line in the module's scripts; a line that is a comment is none."""
    paths = dict.fromkeys((module.path, *module.scripts)) if module else ()
    for path in paths:
        for number, line in enumerate((sources.text(path) or "").split("\n"), 1):
            if wanted.match(line[:500]):
                return f"{path}:{number}"
    return ""
