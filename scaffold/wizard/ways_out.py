"""What to change where answers contradict each other."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from scaffold.answers.contradictions import contradictions
from scaffold.answers.key import Targets, Value
from scaffold.facts import load_facts


class Change(NamedTuple):
    """One answer that another value would fix, and what that means."""

    key: str
    value: str
    text: str


def ways_out(values: Mapping[str, Value], targets: Targets | None) -> Sequence[Change]:
    """The changes of one answer that leave fewer contradictions, the one that keeps most first."""
    newest = load_facts().ndk[-1]
    offers = (
        Change("page_size", "auto", "page_size: auto, as this NDK requires it"),
        Change("cpp_runtime", "static", "cpp_runtime: static, inside the library"),
        Change("ndk", newest.revision, f"ndk: {newest.revision} ({newest.release}), the newest"),
        Change("page_size", "off", "page_size: off, only for devices with 4 KB pages"),
    )
    now = len(contradictions(values, targets))
    return [
        offer
        for offer in offers
        if len(contradictions({**values, offer.key: offer.value}, targets)) < now
    ]
