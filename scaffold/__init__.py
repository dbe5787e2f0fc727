"""Sets up the cross-compilation files of a Rust + Kotlin project, and keeps them right.

For build scripts; each name is loaded at its first use, so `import scaffold` by itself costs nothing:

    from scaffold import inspect, make_plan, read_answers, render_files
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from scaffold.api import (
        Answers,
        Finding,
        InspectedLibrary,
        Plan,
        Problem,
        Refusal,
        RenderedFile,
        Severity,
        inspect,
        make_plan,
        read_answers,
        render_files,
    )

__all__ = [
    "Answers",
    "Finding",
    "InspectedLibrary",
    "Plan",
    "Problem",
    "Refusal",
    "RenderedFile",
    "Severity",
    "inspect",
    "make_plan",
    "read_answers",
    "render_files",
]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module 'scaffold' has no attribute {name!r}")
    from scaffold import api

    return getattr(api, name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
