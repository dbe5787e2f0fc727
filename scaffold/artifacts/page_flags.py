"""Why linker flags come and go with the NDK."""

from collections.abc import Iterator

from scaffold.artifacts.context import Context
from scaffold.facts import load_facts, not_above


def flags_changed(new: Context, was: int, now: int, place: str) -> Iterator[str]:
    """One sentence where the number of linker flags in `place` changes."""
    if was == now:
        return
    pages = new.page_size
    row = not_above(load_facts().page_size, new.oldest_ndk)
    if was and now:
        flags = "max-page-size alone" if now == 1 else "common-page-size too"
        yield f"NDK {new.ndk_release} takes {flags}: {row.why.format(ndk=new.ndk_release)}"
        return
    flags = "the linker flag" if was + now == 1 else "both linker flags"
    if now:
        reason = (
            f"NDK {new.ndk_release} does not align libraries itself"
            if new.answers.page_size == "auto"
            else f"page_size is {pages.strategy}"
        )
        yield f"{reason}: adds {flags} to {place}"
        return
    reason = (
        f"NDK {new.ndk_release} aligns 64-bit libraries itself"
        if pages.strategy == "ndk"
        else pages.why if pages.strategy == "own" else f"page_size is {pages.strategy}"
    )
    yield f"{reason}: removes {flags} from {place}"
