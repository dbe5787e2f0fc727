"""ELF machine numbers as Android's ABI names, and otherwise as the ELF specification's."""

_ANDROID = {
    (183, 64): "arm64-v8a",
    (40, 32): "armeabi-v7a",
    (62, 64): "x86_64",
    (3, 32): "x86",
    (243, 64): "riscv64",
    (8, 32): "mips",
    (8, 64): "mips64",
}
# Generic ABI, e_machine; those that desktop libraries in a jar are built for.
_ELF = {
    2: "EM_SPARC",
    3: "EM_386",
    8: "EM_MIPS",
    20: "EM_PPC",
    21: "EM_PPC64",
    22: "EM_S390",
    40: "EM_ARM",
    43: "EM_SPARCV9",
    50: "EM_IA_64",
    62: "EM_X86_64",
    183: "EM_AARCH64",
    243: "EM_RISCV",
    258: "EM_LOONGARCH",
}
# ABIs that NDK r17 dropped: no device of today asks for them, and their tools never heard of 16 KB pages.
OLD_ABIS = frozenset({"armeabi", "mips", "mips64"})
ANDROID_ABIS = frozenset(_ANDROID.values()) | OLD_ABIS


def abi_name(machine: int, bits: int) -> str:
    """Android's name of the ABI; `EM_…` for a machine that Android does not have."""
    return _ANDROID.get((machine, bits)) or _ELF.get(machine) or f"EM_{machine}"
