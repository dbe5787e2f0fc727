"""Archives and folders for the tests, and what a scan finds in them."""

import io
import zipfile
from pathlib import Path

from scaffold.inspection.library import Library
from scaffold.inspection.scan import scan
from tests.inspection.elf.writer import exported, write_elf

GOOD = write_elf()
SMALL_PAGES = write_elf(align=0x1000)
SHARED = write_elf(symbols=exported("__cxa_throw"))
NEEDS_SHARED = write_elf(needed=("libc.so", "libc++_shared.so"))


def pack(
    files: dict[str, bytes], *, compressed: bool = False, align: int = 16384, shift: int = 0
) -> bytes:
    """A zip; stored entries begin at a multiple of `align`, plus `shift`."""
    buffer = io.BytesIO()
    method = zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = method
            data_at = buffer.tell() + 30 + len(name.encode())
            if not compressed:
                entry.extra = b"\0" * ((shift - data_at) % align)
            archive.writestr(entry, data)
    return buffer.getvalue()


def at(path: Path, data: bytes) -> str:
    """Writes the file, with the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return str(path)


def libraries(*paths: str | Path, page_size: int = 16384) -> tuple[Library, ...]:
    return scan([str(path) for path in paths], page_size).libraries


def found(*paths: str | Path, page_size: int = 16384) -> dict[str, list[str]]:
    """Path below the given one → codes; the clean ones too."""
    return {
        library.path.removeprefix(str(paths[0])): [f.code.value for f in library.findings]
        for library in libraries(*paths, page_size=page_size)
    }
