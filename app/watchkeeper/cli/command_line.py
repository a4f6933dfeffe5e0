"""From the words on a command line to an exit code."""

import asyncio
import inspect
import os
import sys
from collections.abc import Awaitable, Sequence
from pathlib import Path
from typing import Any

from watchkeeper import __version__
from watchkeeper.action.system import reason_of
from watchkeeper.cli import crash, guide
from watchkeeper.cli.commands import Command, Request, commands
from watchkeeper.cli.exits import Exit, exit_of
from watchkeeper.cli.refusal import Usage
from watchkeeper.cli.speech import Speech
from watchkeeper.cli.usage import Typed, nearest, parsed, typed, values_of
from watchkeeper.model import places
from watchkeeper.model.errors import WatchkeeperError
from watchkeeper.model.text import Text, _, chosen_language


def carry_out(arguments: Sequence[str] | None = None) -> int:
    """Carry out one command; its exit code (see exits.py). Errors of the world are a sentence on standard error."""
    speech = Speech(chosen_language(os.environ))
    given = list(sys.argv[1:] if arguments is None else arguments)
    _speak_whatever_comes()
    try:
        code = _carried_out(given, speech)
        sys.stdout.flush()
    except Usage as error:
        speech.error(error.text)
        return Exit.USAGE
    except WatchkeeperError as error:
        speech.error(getattr(error, "text", str(error)))
        return exit_of(error)
    except BrokenPipeError:
        _forget_output()
        return Exit.OK
    except OSError as error:
        speech.error(_refusal(error))
        return Exit.REFUSED
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    return code


def _carried_out(given: list[str], speech: Speech) -> int:
    around = typed(given)
    home = _home(around)
    crash.report_to(home, speech)
    if around.words == ["--version"]:
        print(__version__)
        return Exit.OK
    command, rest = _chosen(around.words)
    if command is None or around.wants_help:
        guide.show(speech, command, around.words)
        return Exit.OK if around.wants_help else Exit.USAGE
    options = parsed(command.words, command.arguments, rest)
    values = values_of(options, command.parameters)
    request = Request(home, Speech(speech.language, around.is_json), options, values, command.words)
    return _finished(command.run(request))


def _chosen(words: list[str]) -> tuple[Command | None, list[str]]:
    """The command that is meant and what follows it; None for no word or a noun alone."""
    known = commands()
    for count in (2, 1):
        if (command := known.get(tuple(words[:count]))) is not None:
            return command, words[count:]
    nouns = list(dict.fromkeys(each[0] for each in known))
    if not words:
        return None, []
    if words[0] not in nouns:
        raise nearest(words[0], nouns)
    if len(words) > 1:
        raise nearest(" ".join(words[:2]), [" ".join(each) for each in known])
    return None, words


def _finished(outcome: Awaitable[int] | int) -> int:
    return asyncio.run(_awaited(outcome)) if inspect.isawaitable(outcome) else int(outcome)


async def _awaited(outcome: Awaitable[int]) -> int:
    return int(await outcome)


def _home(around: Typed) -> Path:
    named = around.home or os.environ.get("WATCHKEEPER_HOME")
    return Path(named).absolute() if named else places.default_home()


def _refusal(error: OSError) -> Text:
    """What the system says, and about which file, without a name of 5,000 characters."""
    if not error.filename:
        return _("{why}: look at the disk and your rights", why=reason_of(error))
    name = ascii(error.filename)[1:-1][:200]
    return _("{file}: {why}: look at its place, its rights and the disk", file=name, why=reason_of(error))


def _speak_whatever_comes() -> None:
    """A character that the terminal has no code for is written by its number."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure: Any = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def _forget_output() -> None:
    """Whoever read our output has gone; the interpreter must not try to flush it at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
