"""What --help tells: every argument in a line, examples that can be typed, the same in both languages."""

import re
import shlex

import pytest

from tests.cli.conftest import Watchkeeper
from watchkeeper.cli.commands import commands
from watchkeeper.cli.examples import EXAMPLES
from watchkeeper.cli.screen import width
from watchkeeper.cli.usage import parsed, typed
from watchkeeper.model.text import LANGUAGES

COMMANDS = commands()


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_argument_of_a_command_has_its_line(words: tuple[str, ...], watchkeeper: Watchkeeper) -> None:
    told = watchkeeper(*words, "--help").stdout
    for option in COMMANDS[words].arguments:
        assert re.search(rf"^  {re.escape(option.shown)}  +\S", told, re.MULTILINE), option.shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_line_of_help_fits_a_terminal(language: str, watchkeeper: Watchkeeper) -> None:
    for words in COMMANDS:
        for line in watchkeeper(*words, "--help", LANGUAGE=language).stdout.splitlines():
            assert width(line) <= 100, line


def test_no_command_has_an_argument_that_every_command_takes() -> None:
    for words, command in COMMANDS.items():
        flags = [flag for option in command.arguments for flag in option.flags]
        assert not {"--home", "--json", "--help", "-h"} & set(flags), words
        assert len(flags) == len(set(flags)), words


@pytest.mark.parametrize("example", [each for examples in EXAMPLES.values() for each in examples])
def test_an_example_can_be_typed(example: str) -> None:
    around = typed(shlex.split(example.partition(" >")[0]))
    words = next(words for words in COMMANDS if tuple(around.words[: len(words)]) == words)
    assert example in EXAMPLES[words]
    parsed(words, COMMANDS[words].arguments, around.words[len(words) :])


@pytest.mark.parametrize("words", [("run", "start"), ("apply",), ("run", "log"), ("job", "save")], ids=" ".join)
def test_what_is_typed_most_has_examples(words: tuple[str, ...], watchkeeper: Watchkeeper) -> None:
    told = watchkeeper(*words, "--help").stdout
    for example in EXAMPLES[words]:
        assert f"  watchkeeper {example}\n" in told


@pytest.mark.parametrize("words", [(), ("run",)], ids=["watchkeeper", "watchkeeper run"])
def test_a_command_that_is_only_begun_shows_what_is_possible(words: tuple[str, ...], watchkeeper: Watchkeeper) -> None:
    told = watchkeeper(*words)
    assert told.returncode == 2
    assert "run start" in told.stdout and "--home" in told.stdout
    assert ("job list" in told.stdout) is (words == ())
