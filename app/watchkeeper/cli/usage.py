"""A command as it was typed: which one is meant, and the values of its parameters."""

import argparse
import difflib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import EnumMeta
from pathlib import Path
from types import NoneType
from typing import Any, NoReturn, get_args, get_origin

from watchkeeper.action.draft import Draft
from watchkeeper.action.spec import Parameter
from watchkeeper.cli.refusal import Usage, refusal_of
from watchkeeper.model import codec
from watchkeeper.model.calendar import CalendarSpec
from watchkeeper.model.errors import Known
from watchkeeper.model.job import JobSpec
from watchkeeper.model.text import Text, _


@dataclass(frozen=True)
class Option:
    """Something that may stand behind a command: an option, or a word in its place."""

    flags: tuple[str, ...]
    help: Text
    #: As argparse takes them.
    settings: dict[str, Any]

    @property
    def is_in_place(self) -> bool:
        """It is told by its place and not by a flag."""
        return not self.flags[0].startswith("-")

    @property
    def shown(self) -> str:
        """How it is written: `JOB`, `[FILE]`, `--limit N`, `-f, --follow`."""
        value = self.settings.get("metavar", "")
        if self.is_in_place:
            return f"[{value}]" if self.settings.get("nargs") in ("?", "*") else value
        return f"{', '.join(self.flags)} {value}".rstrip()


@dataclass(frozen=True)
class Typed:
    """What stands before and around every command."""

    words: list[str]
    home: str | None
    is_json: bool
    wants_help: bool


def typed(arguments: Sequence[str]) -> Typed:
    """The arguments without those that every command takes; what follows `--` is left alone."""
    end = arguments.index("--") if "--" in arguments else len(arguments)
    parser = _Parser((), ())
    parser.add_argument("--home")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("-h", "--help", action="store_true")
    known, rest = parser.parse_known_args(list(arguments[:end]))
    return Typed([*rest, *arguments[end:]], known.home, known.json, known.help)


def parsed(words: Sequence[str], options: Sequence[Option], given: Sequence[str]) -> argparse.Namespace:
    """What was `given` behind the command; Usage when it does not fit."""
    parser = _Parser(words, [flag for option in options if not option.is_in_place for flag in option.flags])
    for option in options:
        parser.add_argument(*option.flags, **option.settings)
    # Words of any number may stand on both sides of a flag.
    is_mixed = any(option.settings.get("nargs") == "*" for option in options) and parser.has_flags
    return (parser.parse_intermixed_args if is_mixed else parser.parse_args)(list(given))


def option_of(parameter: Parameter) -> Option:
    """A parameter on the command line: what is required stands in its place, the rest are options."""
    settings = {"metavar": _value_name(parameter)}
    if parameter.is_required:
        return Option((parameter.name,), parameter.help, settings)
    if _is_repeated(parameter):
        settings["action"] = "append"
    return Option((flag_of(parameter),), parameter.help, {"dest": parameter.name, **settings})


def values_of(parsed: argparse.Namespace, parameters: Sequence[Parameter]) -> dict[str, Any]:
    """The values that were given, in their types; Usage with the name of one that does not fit."""
    given = [(parameter, getattr(parsed, parameter.name)) for parameter in parameters]
    return {parameter.name: _value(parameter, words) for parameter, words in given if words is not None}


def flag_of(parameter: Parameter) -> str:
    """`--execution-id`; for what can be given several times the singular: `--param`; `from_` is `--from`."""
    name = parameter.name.removesuffix("s") if _is_repeated(parameter) else parameter.name.removesuffix("_")
    return "--" + name.replace("_", "-")


def nearest(word: str, known: Sequence[str]) -> Usage:
    """The refusal of a word that is no command."""
    near = difflib.get_close_matches(word, known, n=1)
    if near:
        return Usage(_("there is no command {word}: did you mean {near}?", word=word[:60], near=near[0]))
    return Usage(_("there is no command {word}: `watchkeeper --help` lists them", word=word[:60]))


class _Parser(argparse.ArgumentParser):
    """Refuses by an exception, in one sentence of ours; prints nothing."""

    def __init__(self, words: Sequence[str], flags: Sequence[str]) -> None:
        super().__init__(prog=" ".join(["watchkeeper", *words]), add_help=False, allow_abbrev=False)
        self._flags = flags

    @property
    def has_flags(self) -> bool:
        """Whether anything is told by a flag."""
        return bool(self._flags)

    def error(self, message: str) -> NoReturn:
        raise refusal_of(message, self.prog, self._flags)


def _value_name(parameter: Parameter) -> str:
    """What stands for the value in the help: FILE, NAME=VALUE, N, or the last word of its name."""
    if parameter.shape in (JobSpec, CalendarSpec, CalendarSpec | None, Draft):
        return "FILE"
    if _is_mapping(parameter):
        return "NAME=VALUE"
    is_number = int in (parameter.shape, *get_args(parameter.shape))
    return "N" if is_number else parameter.name.removesuffix("s").split("_")[-1].upper()


def _value(parameter: Parameter, words: Any) -> Any:
    if parameter.shape is JobSpec:
        from watchkeeper.action import files

        return files.read_job(Path(words))
    if parameter.shape in (CalendarSpec, CalendarSpec | None):
        from watchkeeper.action import files

        return files.read_calendar(Path(words))
    if parameter.shape == Draft:
        from watchkeeper.action import files

        return files.read_draft(Path(words))
    name = parameter.name if parameter.is_required else flag_of(parameter)
    if _is_mapping(parameter):
        return dict(_pair(name, word) for word in words)
    if isinstance(words, list):
        return [_read(word, get_args(parameter.shape)[0], name) for word in words]
    return _read(words, parameter.shape, name)


def _read(word: str, shape: Any, name: str) -> Any:
    try:
        return codec.convert(_spelled(shape, word), shape, name, strict=False)
    except Known as error:
        raise Usage(error.text) from None


def _pair(name: str, word: str) -> tuple[str, str]:
    left, mark, right = word.partition("=")
    if not mark or not left:
        raise Usage(_("{option}: write it as NAME=VALUE, not {word}", option=name, word=word[:60]))
    return left, right


def _spelled(shape: Any, word: str) -> str:
    """Members of an enumeration may be typed in small letters."""
    if not isinstance(shape, EnumMeta):
        return word
    members: list[str] = [str(member) for member in shape]  # type: ignore[var-annotated]
    return {member.lower(): member for member in members}.get(word.lower(), word)


def _is_mapping(parameter: Parameter) -> bool:
    return _origin(parameter) not in (None, list, tuple)


def _is_repeated(parameter: Parameter) -> bool:
    return _origin(parameter) is not None


def _origin(parameter: Parameter) -> Callable[..., Any] | None:
    """The container that a parameter is; None for a single value, whether it may be left out or not."""
    shape = parameter.shape
    if NoneType in get_args(shape) or hasattr(shape, "__metadata__"):
        return None
    return get_origin(shape)  # type: ignore[no-any-return]
