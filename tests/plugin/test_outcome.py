"""The closed vocabulary: whatever a plugin answers is one of five outcomes."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchkeeper.model import codec
from watchkeeper.plugin import Cancel, Command, Fail, Retry, _
from watchkeeper.plugin.outcome import (
    OUTPUT_BYTES,
    Cancelled,
    Crashed,
    Failed,
    Outcome,
    RetryAsked,
    Succeeded,
    settled,
)

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=10,
)


class Unspeakable(Exception):
    def __str__(self) -> str:
        raise RuntimeError("no words")


def test_nothing_and_a_mapping_are_success() -> None:
    assert settled(None) == Succeeded()
    assert settled({"rows": 3}) == Succeeded({"rows": 3})


def test_fail_retry_and_cancel_keep_their_sentence() -> None:
    assert settled(Fail(_("{n} left", n=3))) == Failed(_("{n} left", n=3))
    assert settled(Retry("later", after=timedelta(seconds=5))) == RetryAsked(
        _("{text}", text="later"), timedelta(seconds=5)
    )
    assert settled(Cancel("nothing new")) == Cancelled(_("{text}", text="nothing new"))


def test_a_plain_sentence_with_braces_is_said_as_it_stands() -> None:
    outcome = settled(Fail("no {key} in {{x}}"))
    assert isinstance(outcome, Failed)
    assert str(outcome.text) == "no {key} in {{x}}"


def test_any_other_exception_is_the_plugins_bug_with_its_traceback() -> None:
    try:
        raise KeyError("rows")
    except KeyError as error:
        outcome = settled(error)
    assert isinstance(outcome, Crashed)
    assert outcome.kind == "KeyError"
    assert str(outcome.text) == "the plugin broke: KeyError: 'rows'"
    assert "test_outcome.py" in outcome.traceback_text


def test_an_exception_that_cannot_be_said_is_still_an_outcome() -> None:
    assert isinstance(settled(Unspeakable()), Crashed)


@pytest.mark.parametrize("answer", [5, "done", ["a"], True, object(), {1}])
def test_an_answer_of_another_type_is_a_failure(answer: object) -> None:
    outcome = settled(answer)
    assert isinstance(outcome, Failed)
    assert "must return a mapping of outputs or None" in str(outcome.text)


def test_a_command_without_the_annotation_is_a_failure_that_says_so() -> None:
    outcome = settled(Command(argv=["true"]))
    assert isinstance(outcome, Failed)
    assert "-> Command" in str(outcome.text)


@pytest.mark.parametrize("name", ["", "a b", "1st", "ä", "a\n", "x" * 101, 5, None])
def test_an_output_with_an_unusable_name_is_a_failure(name: Any) -> None:
    outcome = settled({name: 1})
    assert isinstance(outcome, Failed)
    assert "no usable name" in str(outcome.text)


@pytest.mark.parametrize(
    "value", [object(), {1, 2}, b"x", float("nan"), float("inf"), 2**64, "\ud800", {1: 2}, [{"a": object()}]]
)
def test_an_output_that_json_cannot_carry_is_a_failure(value: object) -> None:
    outcome = settled({"x": value})
    assert isinstance(outcome, Failed)
    assert "the output x is a" in str(outcome.text)


def test_a_value_inside_itself_is_a_failure() -> None:
    loop: list[object] = []
    loop.append(loop)
    assert isinstance(settled({"x": loop}), Failed)


def test_outputs_over_the_limit_are_a_failure_that_says_the_size() -> None:
    outcome = settled({"x": "a" * OUTPUT_BYTES})
    assert isinstance(outcome, Failed)
    assert str(OUTPUT_BYTES) in str(outcome.text)
    assert isinstance(settled({"x": "a" * (OUTPUT_BYTES - 8)}), Succeeded)


@given(st.dictionaries(st.from_regex(r"[a-z_][a-z0-9_]{0,9}", fullmatch=True), JSON, max_size=5))
def test_every_json_output_comes_back_from_json_as_it_went_in(outputs: dict[str, Any]) -> None:
    outcome = settled(outputs)
    assert outcome == Succeeded(outputs)
    assert codec.decode(codec.encode(outcome), Outcome) == outcome  # type: ignore[arg-type]


def test_an_outcome_stays_what_it_is() -> None:
    assert settled(Failed(_("no"), exit_code=3)) == Failed(_("no"), exit_code=3)
