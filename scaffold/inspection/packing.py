"""The rules about how libraries stand in an APK; in AAR, AAB and jar, compression is normal."""

from collections.abc import Iterator

from scaffold.findings import Code, Finding, Severity
from scaffold.inspection.library import Library
from scaffold.inspection.pages import size_text


def packing_findings(
    library: Library, page_size: int, *, packed: bool, data_at: int | None
) -> Iterator[Finding]:
    """For a library under `lib/<abi>/` of an APK; `data_at` is where a stored one begins, in bytes."""
    inside = library.path.rpartition("!/")[2].split("/")
    if library.place.kind not in ("apk", "split") or library.elf is None or not library.judged:
        return
    if len(inside) != 3 or inside[0] != "lib":
        return
    if packed:
        yield Finding(
            Code.ZIP_COMPRESSED,
            Severity.WARNING,
            "It is compressed in the APK: Android extracts it at installation.",
            "`useLegacyPackaging = false` stores it (AGP 8.5.1 or newer aligns it, too).",
        )
    elif library.elf.bits == 64 and data_at is not None and data_at % page_size:
        yield Finding(
            Code.ZIP_ALIGNMENT,
            Severity.ERROR,
            f"It is stored in the APK at an offset that is not a multiple of {size_text(page_size)}.",
            "Package with AGP 8.5.1 or newer, or run `zipalign -P 16 4`; with an older AGP, set"
            " `useLegacyPackaging = true`.",
        )


def bundle_finding(packed: int, page_size: int) -> Finding:
    """For a bundle whose APKs will have their libraries at multiples of `packed` bytes only."""
    return Finding(
        Code.ZIP_ALIGNMENT,
        Severity.ERROR,
        f"APKs made from the bundle store its libraries at multiples of {size_text(packed)};"
        f" {size_text(page_size)} is required.",
        "Build it with AGP 8.5.1 or newer, or set PAGE_ALIGNMENT_16K in the bundle's configuration.",
    )
