"""Which dependency a file belongs to, as its path in a cache or its name tells."""

import re

# Stands between the owners of a file that several have.
BETWEEN = "; "
_GRADLE_CACHE = re.compile(
    r"files-2\.1/([^/]+)/([^/]+)/([^/]+)/[0-9a-f]{30,}/[^/]+\.(?:aar|jar)(?:!|$)"
)
_MAVEN_LOCAL = re.compile(r"/repository/(.+)/([^/]+)/([^/]+)/\2-\3[^/]*\.(?:aar|jar)(?:!|$)")
_TRANSFORMED = re.compile(
    r"/transforms(?:-\d+)?/[0-9a-f]{32}/(?:workspace/)?transformed/(?:jetified-)?"
    r"([A-Za-z][\w.-]*?)-(\d[\w.-]*?)(?:-release)?/"
)
_VERSIONED = re.compile(
    r"(?:^|/)([A-Za-z][\w.-]*?)-(\d+(?:\.\d+)+[\w.-]*?)(?:-release)?\.(?:aar|jar)(?:!|$)"
)


def coordinates(path: str) -> str:
    """`group:artifact:version` from a Gradle or Maven cache, `artifact:version` from a file name, else ""."""
    path = path.replace("\\", "/")
    cached = _GRADLE_CACHE.search(path)
    if cached:
        return ":".join(cached.groups())
    local = _MAVEN_LOCAL.search(path)
    if local:
        return f"{local[1].replace('/', '.')}:{local[2]}:{local[3]}"
    versioned = _TRANSFORMED.search(path) or _VERSIONED.search(path)
    return f"{versioned[1]}:{versioned[2]}" if versioned else ""


def split_version(owner: str) -> tuple[str, str]:
    """(what it is, its version); the version is "" for what has none, such as a package of npm's."""
    what, _, version = owner.rpartition(":")
    return (what, version) if version[:1].isdigit() else (owner, "")
