"""What a check found, as values: the codes are a contract with scripts and never change meaning."""

from enum import Enum
from typing import NamedTuple


class Severity(Enum):
    """An error makes the command exit 1 (`inspect`, `doctor`); a warning never does."""

    ERROR = "error"
    WARNING = "warning"


class Code(Enum):
    """Every finding of `inspect`, `init` and `regenerate`."""

    LOAD_ALIGNMENT = "load-alignment"
    RELRO_START = "relro-start"
    RELRO_END = "relro-end"
    RELRO_OVERRUN = "relro-overrun"
    ZIP_ALIGNMENT = "zip-alignment"
    ZIP_COMPRESSED = "zip-compressed"
    CPP_RUNTIME_MISSING = "cpp-runtime-missing"
    CPP_SYMBOL_UNRESOLVED = "cpp-symbol-unresolved"
    SYMBOL_UNRESOLVED = "symbol-unresolved"
    API_LEVEL = "api-level"
    NEEDED_MISSING = "needed-missing"
    CPP_RUNTIME_MIXED = "cpp-runtime-mixed"
    STATIC_BIONIC = "static-bionic"
    ABI_MISMATCH = "abi-mismatch"
    UNREADABLE = "unreadable"
    NO_LIBRARIES = "no-libraries"
    NO_CDYLIB = "no-cdylib"
    RUSTFLAGS_HIDDEN = "rustflags-hidden"
    JNA_DOWNGRADE = "jna-downgrade"
    GOBLEY_MISSING = "gobley-missing"
    GOBLEY_MISMATCH = "gobley-mismatch"
    AGP_UNSUPPORTED = "agp-unsupported"
    NDK_MISMATCH = "ndk-mismatch"
    NDK_UNKNOWN = "ndk-unknown"
    NDK_TOO_OLD = "ndk-too-old"
    ABIS_DIFFER = "abis-differ"
    RUNTIME_TWICE = "runtime-twice"
    BUILT_TWICE = "built-twice"
    NOT_APPLIED = "not-applied"
    PATH_WITH_SPACES = "path-with-spaces"


class Finding(NamedTuple):
    """One finding: what was seen (`message`) and what mends it (`hint`, empty where nothing can)."""

    code: Code
    severity: Severity
    message: str
    hint: str = ""
