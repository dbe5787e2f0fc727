"""What `doctor` needs to know of a project, beside what the plan needs."""

import os
from collections.abc import Mapping

from scaffold.answers.model import Answers
from scaffold.artifacts.project import Project
from scaffold.doctor.seen import Drift, Subject
from scaffold.explain.linkage import links
from scaffold.gradle.found import Module
from scaffold.gradle.module import ANDROID_PLUGINS
from scaffold.probe.build_outputs import build_outputs
from scaffold.project.survey import survey


def read_subject(
    root: str,
    answers: Answers,
    place: str,
    drift: Drift,
    environment: Mapping[str, str] = os.environ,
) -> tuple[Subject, str]:
    """(the project, folder of its Gradle build from the root). Reads only."""
    project: Project = survey(root, answers, environment)
    module: Module | None = project.module
    plugin = next((p.id for p in module.plugins if p.id in ANDROID_PLUGINS), "") if module else ""
    subject = Subject(
        answers,
        project,
        place,
        agp=module.agp if module else None,
        agp_plugin=plugin,
        ndk_path=module.ndk_path.place if module and module.ndk_path else "",
        rust_plugin=bool(module and module.has("dev.gobley.rust")),
        ios=module.ios if module else "",
        links=links(build_outputs(root, answers.crate)),
        crate_name=project.crate.name if project.crate else "",
        drift=drift,
    )
    return subject, module.build if module else "."
