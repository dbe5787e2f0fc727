"""An Android App Bundle's own files: how its APKs will be packed, and what it was built from.

Field numbers from bundletool's config.proto (1 bundletool, in it 2 version; 2 optimizations, in it
2 uncompress_native_libraries, in it 1 enabled and 2 alignment with 1 = 4 KB, 2 = 16 KB, 3 = 64 KB) and
app_dependencies.proto (1 library, in it 1 maven_library, in it 1 group, 2 artifact, 5 version).
"""

import re

from scaffold.inspection.archive.protobuf import messages, number, text

_ALIGNMENT = {1: 4096, 2: 16384, 3: 65536}
# bundletool stores libraries uncompressed by itself from 0.6.0 on, and aligns them to 16 KB from 1.17.0 on.
_STORES_SINCE, _ALIGNS_SINCE = (0, 6, 0), (1, 17, 0)
_MAX_DEPENDENCIES = 5000


def packed_alignment(config: bytes) -> int | None:
    """What uncompressed libraries will be aligned to, in bytes, by the bundletool that the bundle names.

    None where libraries stay compressed, or where neither the bundle nor its version says it.
    Raises `Damaged` for what is no protocol buffer.
    """
    tool = text(b"".join(messages(config, 1)), 2)
    numbers = re.match(r"(\d+)\.(\d+)\.(\d+)", tool)
    version = tuple(map(int, numbers.groups())) if numbers else None
    native = messages(b"".join(messages(config, 2)), 2)
    asked = b"".join(native)
    enabled = bool(number(asked, 1)) if native else version is not None and version >= _STORES_SINCE
    if not enabled:
        return None
    alignment = _ALIGNMENT.get(number(asked, 2) or 0)
    if alignment is None and version is not None and version < _ALIGNS_SINCE:
        return 4096
    return alignment


def dependencies(data: bytes) -> tuple[str, ...]:
    """`group:artifact:version` of every Maven library. Raises `Damaged` for what is no protocol buffer."""
    found = []
    for library in messages(data, 1)[:_MAX_DEPENDENCIES]:
        maven = b"".join(messages(library, 1))
        if maven:
            found.append(f"{text(maven, 1)}:{text(maven, 2)}:{text(maven, 5)}")
    return tuple(found)
