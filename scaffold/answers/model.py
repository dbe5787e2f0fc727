"""The answers as one frozen value."""

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import NamedTuple

from scaffold.answers.key import Targets, Value
from scaffold.answers.keys import KEYS, default_of


class _Text:
    """An attribute for a key whose value is one word."""

    def __set_name__(self, _owner: type, name: str) -> None:
        self.name = name

    def __get__(self, answers: "Answers", _owner: type | None = None) -> str:
        return str(answers.values[self.name])


class _List:
    """An attribute for a key whose value is a list."""

    def __set_name__(self, _owner: type, name: str) -> None:
        self.name = name

    def __get__(self, answers: "Answers", _owner: type | None = None) -> tuple[str, ...]:
        return tuple(answers.values[self.name])


class Answers:
    """Validated answers, one for each key of the table; those that are not given take their defaults.

    `values` holds every key; those that scaffold itself reads are attributes too, with their types.
    """

    hosts = _List()
    crate = _Text()
    module = _Text()
    plugin = _Text()
    rust_build = _Text()
    gobley = _Text()
    abis = _List()
    ndk = _Text()
    cpp_runtime = _Text()
    page_size = _Text()
    jna = _Text()
    linux_targets = _List()
    glibc = _Text()
    ios_deployment_target = _Text()
    rust_toolchain = _Text()
    windows_arm64 = _Text()

    def __init__(self, **given: Value) -> None:
        unknown = given.keys() - KEYS.keys()
        if unknown:
            raise TypeError(f"no such key: {', '.join(sorted(unknown))}")
        every = {name: given.get(name, default_of(key)) for name, key in KEYS.items()}
        self.values: Mapping[str, Value] = MappingProxyType(every)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Answers) and self.values == other.values

    def __hash__(self) -> int:
        return hash(tuple(self.values.values()))

    def only(self, names: Collection[str]) -> "Answers":
        """These answers, and the defaults for all others."""
        return Answers(**{name: value for name, value in self.values.items() if name in names})

    def changed(self, **new: Value) -> "Answers":
        """The same answers but for these."""
        return Answers(**{**self.values, **new})


class Found(NamedTuple):
    """A default that a look at the repository or the machine gave, and where it comes from."""

    value: Value
    origin: str


class Detected(NamedTuple):
    """What a look at the repository and the machine gave: defaults by key, and what the module builds for."""

    defaults: Mapping[str, Found]
    targets: Targets | None = None
