"""A command that was written wrongly is refused in words of ours, in both languages."""

import re

import pytest

from watchkeeper.cli.commands import commands
from watchkeeper.cli.refusal import Usage
from watchkeeper.cli.usage import parsed, typed
from watchkeeper.model.text import say

WRONG = [
    (["run", "start"], "JOB is missing"),
    (["run", "start", "a", "b"], "b is too much, or misspelt"),
    (["run", "list", "--limit"], "--limit wants a value"),
    (["run", "start", "a", "--wait=3"], "--wait takes no value, but got 3"),
    (["completion", "ksh"], "SHELL: ksh is none of these"),
    (["run", "list", "--limt", "3"], "there is no option --limt: did you mean --limit?"),
    (["run", "list", "--limt=3"], "there is no option --limt: did you mean --limit?"),
    (["run", "list", "--zzz"], "--zzz is too much, or misspelt"),
]


def refused(words: list[str]) -> Usage:
    around, command = typed(words).words, next(key for key in commands() if [*key] == words[: len(key)])
    with pytest.raises(Usage) as refusal:
        parsed(command, commands()[command].arguments, around[len(command) :])
    return refusal.value


@pytest.mark.parametrize(("words", "sentence"), WRONG, ids=[" ".join(words) for words, _sentence in WRONG])
def test_a_mistake_is_named(words: list[str], sentence: str) -> None:
    assert str(refused(words).text).startswith(sentence)


@pytest.mark.parametrize("words", [words for words, _sentence in WRONG], ids=" ".join)
def test_no_word_of_the_parser_is_left_in_chinese(words: list[str]) -> None:
    told = re.sub("`[^`]*`", "", say(refused(words).text, "zh_CN"))
    assert not re.search("argument|required|expected|choice|unrecognized", told)
    assert re.search(r"[\u4e00-\u9fff]", told)


def test_a_value_of_5000_characters_does_not_fill_the_screen() -> None:
    assert len(str(refused(["run", "start", "a", "b" * 5_000]).text)) < 400
