"""Reads of a project what `doctor` needs beside what the plan needs."""

import os
from collections.abc import Mapping

from scaffold.answers.model import Answers
from scaffold.doctor.facts import Drift, ProjectFacts
from scaffold.explain.linkage import links
from scaffold.files.reading import read_text
from scaffold.probe.build_outputs import build_outputs
from scaffold.probe.cpp import cpp_dependencies
from scaffold.project.survey import survey


def read_project(
    root: str,
    answers: Answers,
    place: str,
    drift: Drift,
    environment: Mapping[str, str] = os.environ,
) -> ProjectFacts:
    """The project in `root`; reads only."""
    project = survey(root, answers, environment)
    script = project.module.path if project.module else ""
    return ProjectFacts(
        answers,
        project,
        place,
        cpp=cpp_dependencies(root, answers.crate),
        embeds="embedRustLibrary" in (read_text(os.path.join(root, script)) or ""),
        links=links(build_outputs(root, answers.crate)),
        crate_name=project.crate.name if project.crate else "",
        drift=drift,
    )
