"""What a user does by hand to move a project from one builder to another."""

import re
from pathlib import Path


def take_out(script: Path, hint: str) -> None:
    """Removes from a build script what the hint of `built-twice` names: lines, imports, whole blocks."""
    lines = script.read_text("utf-8").splitlines(keepends=True)
    for place in re.findall(rf"\({re.escape(script.name)}:(\d+)\)", hint):
        lines[int(place) - 1] = ""
    text = "".join(lines)
    for name in re.findall(r"the block (\w+) \{\}", hint):
        text = re.sub(rf"^{name} \{{\n.*?^\}}\n", "", text, flags=re.MULTILINE | re.DOTALL)
    script.write_text(text, encoding="utf-8", newline="\n")


def use_uniffi(crate: Path, version: str) -> None:
    manifest = crate / "Cargo.toml"
    text = re.sub(r'uniffi = ".*"', f'uniffi = "{version}"', manifest.read_text("utf-8"))
    manifest.write_text(text, encoding="utf-8", newline="\n")


def add_bindgen(crate: Path) -> None:
    """The binary that the hint of a crate without one describes."""
    with (crate / "Cargo.toml").open("a", encoding="utf-8") as manifest:
        manifest.write('\n[[bin]]\nname = "uniffi-bindgen"\nrequired-features = ["bindgen"]\n')
        manifest.write('\n[features]\nbindgen = ["uniffi/cli"]\n')
    program = crate / "src" / "bin" / "uniffi-bindgen.rs"
    program.parent.mkdir(exist_ok=True)
    program.write_text(
        "fn main() {\n    uniffi::uniffi_bindgen_main()\n}\n", encoding="utf-8", newline="\n"
    )
