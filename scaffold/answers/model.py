"""The answers as one frozen value."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Answers:
    """Validated answers; the fields are the keys of `scaffold.yml` (see `answers.keys`)."""

    hosts: tuple[str, ...]
    crate: str
    module: str
    plugin: str
    gobley: str
    abis: tuple[str, ...]
    ndk: str
    cpp_runtime: str
    page_size: str
    jna: str
    linux_targets: tuple[str, ...]
    glibc: str
    ios_deployment_target: str
    rust_toolchain: str
    windows_arm64: str
    schema: str = "1"

    @property
    def ndk_major(self) -> int:
        return int(self.ndk.split(".")[0])


@dataclass(frozen=True)
class Found:
    """A default that a look at the repository or the machine gave, and where it comes from."""

    value: str | tuple[str, ...]
    origin: str
