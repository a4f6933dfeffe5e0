"""A command that was written wrongly: what is wrong with it, in words of ours that can be said in any language."""

import difflib
import re
from collections.abc import Sequence

from watchkeeper.model.errors import Known
from watchkeeper.model.text import Text, _


class Usage(Known):
    """The command was written wrongly."""


#: What argparse says, and how we say it; the groups are the values.
_SENTENCES = {
    r"the following arguments are required: (?P<names>.+)": _("{names} is missing"),
    r"unrecognized arguments: (?P<words>.+)": _("{words} is too much, or misspelt"),
    r"argument (?P<name>.+): expected one argument": _("{name} wants a value"),
    r"argument (?P<name>.+): ignored explicit argument '(?P<word>.*)'": _("{name} takes no value, but got {word}"),
    r"argument (?P<name>.+): invalid choice: '(?P<word>.*)' \(choose from (?P<known>.+)\)": _(
        "{name}: {word} is none of these: {known}"
    ),
}

_LONGEST = 200


def refusal_of(message: str, command: str, flags: Sequence[str]) -> Usage:
    """What argparse's `message` means; an option that is nearly one of `flags` is told."""
    told = _said(message)
    word = re.split("[ =]", str(told.values.get("words", "")))[0] if isinstance(told, Text) else ""
    if word.startswith("--") and (near := difflib.get_close_matches(word, flags, n=1)):
        return Usage(_("there is no option {word}: did you mean {near}?", word=word[:_LONGEST], near=near[0]))
    return Usage(_("{problem}: see `{command} --help`", problem=told, command=command))


def _said(message: str) -> Text | str:
    for pattern, sentence in _SENTENCES.items():
        if found := re.fullmatch(pattern, message, re.DOTALL):
            return Text(sentence.message, {name: value[:_LONGEST] for name, value in found.groupdict().items()})
    return message
