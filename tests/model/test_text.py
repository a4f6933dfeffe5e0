"""Words are said in a language only at the edge."""

import pytest

from watchkeeper.model.codec import decode, encode, plain
from watchkeeper.model.text import Text, _, chosen_language, from_stored, plural, say


def test_a_sentence_is_said_in_both_languages() -> None:
    refusal = _("there is no time zone {zone}: did you mean {near}?", zone="Mars", near="Mawson")
    assert say(refusal, "en") == str(refusal) == "there is no time zone Mars: did you mean Mawson?"
    assert say(refusal, "zh_CN") == "没有时区 Mars：是不是 Mawson？"


def test_a_sentence_within_a_sentence_is_said_in_the_same_language() -> None:
    both = _("{place}: {what}", place="jobs[0]", what=_("nested too deeply"))
    assert say(both, "zh_CN") == "jobs[0]：嵌套过深"


def test_a_stored_sentence_is_said_like_the_one_that_was_stored() -> None:
    both = _("{place}: {what}", place="jobs[0]", what=_("nested too deeply"))
    assert say(from_stored(plain(both)), "zh_CN") == say(both, "zh_CN")
    assert say(decode(encode(both), Text), "zh_CN") == say(both, "zh_CN")


@pytest.mark.parametrize(("n", "said"), [(0, "0 lines"), (1, "1 line"), (2, "2 lines")])
def test_the_number_chooses_the_form(n: int, said: str) -> None:
    assert str(plural("{n} line", "{n} lines", n)) == said


def test_a_plain_string_is_said_as_it_stands() -> None:
    assert say("{as it} stands", "zh_CN") == "{as it} stands"


@pytest.mark.parametrize("broken", ["{", "{missing}", "{0}", "{a!x}", "}"])
def test_a_pattern_that_can_not_be_filled_is_shown_and_does_not_raise(broken: str) -> None:
    assert say(Text(broken, {"a": 1}), "en") == broken


def test_a_value_is_never_read_as_a_pattern() -> None:
    assert str(_("{value}", value="{other}")) == "{other}"


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh_CN"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "en_US.UTF-8", "LANGUAGE": "zh_CN:en"}, "zh_CN"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "", "LC_MESSAGES": "zh_TW"}, "zh_CN"),
    ],
)
def test_the_language_is_the_one_the_environment_asks_for(environ: dict[str, str], language: str) -> None:
    assert chosen_language(environ) == language
