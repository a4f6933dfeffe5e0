"""Values that are no words of a command: typed at a prompt that shows nothing, or read from the standard input."""

import getpass
import sys
from collections.abc import Iterable
from typing import Any

from watchkeeper.action.spec import Parameter
from watchkeeper.cli.refusal import Usage
from watchkeeper.cli.speech import Speech
from watchkeeper.model.text import _

#: Characters that are read of the standard input.
_MOST = 1 << 20


def asked(speech: Speech, parameters: Iterable[Parameter]) -> dict[str, Any]:
    """What is typed for each; without a terminal the first is all of the standard input, and the others stay out."""
    wanted = list(parameters)
    if not sys.stdin.isatty():
        return {wanted[0].name: from_input(wanted[0])} if wanted else {}
    typed = {each.name: prompted(speech, each) for each in wanted}
    return {name: value for name, value in typed.items() if value}


def prompted(speech: Speech, parameter: Parameter) -> str:
    """What is typed, without an echo."""
    return getpass.getpass(f"{speech.say(parameter.help)}: ")


def from_input(parameter: Parameter) -> str:
    """All of the standard input, without the line's end that tools put behind it."""
    words = sys.stdin.read(_MOST)
    if not words and parameter.is_required:
        raise Usage(
            _("{name}: the standard input is empty: pipe the value in, or type it at a terminal", name=parameter.name)
        )
    # The file of a private key ends with its line.
    return words if "-----END " in words else words.removesuffix("\n").removesuffix("\r")
