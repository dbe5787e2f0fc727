"""Words of a command that a person pastes into the shell of this platform."""

import os
import re
import shlex


def shell_word(text: str) -> str:
    """The word, quoted where it has to be: on Windows as both cmd and PowerShell read it."""
    if os.name != "nt":
        return shlex.quote(text)
    return text if re.fullmatch(r"[\w./\\:@=+-]+", text) else f'"{text}"'
