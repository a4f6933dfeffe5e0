"""What is offered where the caret stands in a filter."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.model.test_job_filter import scraps
from watchkeeper.model.job_completion import MOST, completions
from watchkeeper.model.job_filter import FIELDS, parse

KNOWN = {
    "tag": ["etl", "my own", "nightly", "备份"],
    "owner": ["chenyu", "liwei"],
    "group": ["finance", "finance/daily"],
    "pool": ['a"b'],
}


def offered(text: str, caret: int | None = None) -> list[str]:
    return [offer.text for offer in completions(text, len(text) if caret is None else caret, KNOWN).offers]


def test_where_nothing_stands_every_field_is_offered_with_what_it_is_about() -> None:
    found = completions("", 0, KNOWN)
    assert [offer.text for offer in found.offers] == [f"{field}:" for field in FIELDS]
    assert all(offer.help for offer in found.offers)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("ow", ["owner:"]),
        ("-ow", ["owner:"]),
        ("et", ["tag:etl"]),
        ("备", ["tag:备份"]),
        ("owner:", ["me", "chenyu", "liwei"]),
        ("owner:LI", ["liwei"]),
        ("tag:et", ["etl"]),
        ("tag：et", ["etl"]),
        ("-tag:et", ["etl"]),
        ("tag:own", ['"my own"']),
        ('tag:"my', ['"my own"']),
        ("tag:etl,", ['"my own"', "nightly", "备份"]),
        ("status:fa", ["failed"]),
        ("is:", ["enabled", "disabled"]),
        ("next:", ["<1h", "<24h"]),
        ("-last:<36", ["<36h", "<36d", "<36m"]),
        ("group:daily", ["finance/daily"]),
        ("pool:", ['"a\\"b"']),
        ("calendar:", []),
        ("foo:", []),
    ],
)
def test_what_fits_what_has_been_typed_is_offered(text: str, first: list[str]) -> None:
    assert offered(text)[: len(first)] == first
    assert first or offered(text) == []


def test_nothing_is_offered_within_quoted_words_or_before_a_minus() -> None:
    assert offered('"mon') == [] and offered("-tag:etl", 0) == []


@settings(max_examples=500, deadline=None)
@given(st.lists(scraps, max_size=12).map("".join), st.integers(-3, 60))
def test_what_is_offered_takes_the_place_of_what_surrounds_the_caret(text: str, caret: int) -> None:
    found = completions(text, caret, KNOWN)
    inside = max(0, min(caret, len(text)))
    assert 0 <= found.start <= inside <= found.end <= len(text)
    assert len(found.offers) <= MOST


@pytest.mark.parametrize("text", ["tag:", "owner:l", "group:", "pool:", "status:s", "last:", "is:dis"])
def test_a_value_that_is_taken_can_be_read(text: str) -> None:
    found = completions(text, len(text), KNOWN)
    assert found.offers
    for offer in found.offers:
        whole = text[: found.start] + offer.text + text[found.end :]
        assert not parse(whole).faults, whole
