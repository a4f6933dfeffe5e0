"""A text that is no YAML is refused in words of ours, in both languages."""

import re

import pytest

from watchkeeper.action import yaml_text
from watchkeeper.action.yaml_faults import said
from watchkeeper.model.text import say


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("a: b: c", "colon"),
        ("a: -\n - b\n c", "list begins"),
        ("a:\n\t- x", "tab"),
        ("a: @x", "@ can't begin a word"),
        ("a: [1, 2", "a ] or a comma"),
        ("a: {x: 1", "a } or a comma"),
        ("a: [}", "before }"),
        ("a:\n - b\n c: d", "indentation"),
        ("a: 'x", "quotation mark"),
        ('a: "\\q"', "\\q means nothing"),
        ("jobs:\n - a\nb", "no colon"),
        ("a: \0b", "can't be shown"),
    ],
)
def test_a_slip_is_named_and_nothing_of_the_readers_words_is_left(text: str, word: str) -> None:
    with pytest.raises(yaml_text.Fault) as refusal:
        yaml_text.read(text.encode())
    assert word in str(refusal.value.text)
    told = say(refusal.value.text, "zh_CN")
    assert re.search(r"[\u4e00-\u9fff]", told) and not re.search("[A-Za-z]{2,}", told.replace("YAML", ""))


def test_what_has_no_words_of_ours_is_told_as_the_reader_tells_it() -> None:
    assert said("something new" * 100) == ("something new" * 100)[:200]
