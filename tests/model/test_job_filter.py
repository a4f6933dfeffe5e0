"""The language in which jobs are filtered: what it means, and what is said of what can't be read."""

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watchkeeper.model.errors import Known
from watchkeeper.model.job_filter import (
    CLOSED,
    FIELDS,
    LONGEST,
    MOST_WORDS,
    Among,
    Clause,
    Time,
    Words,
    parse,
    pieces,
    read,
)
from watchkeeper.model.span import Span
from watchkeeper.model.text import say

DAY = Span(days=1)


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("", []),
        (" \t\u3000", []),
        ("backup", [Words("backup")]),
        ("-backup", [Words("backup", True)]),
        ('"month end"', [Words("month end")]),
        ('-"month end"', [Words("month end", True)]),
        ('"tag:etl"', [Words("tag:etl")]),
        (r'"say \"x\" \\"', [Words('say "x" \\')]),
        ("月末 对账", [Words("月末"), Words("对账")]),
        ("“月末 对账”", [Words("月末 对账")]),
        ("status:failed", [Among("status", ("failed",))]),
        ("STATUS:Failed", [Among("status", ("failed",))]),
        ("-status:disabled", [Among("status", ("disabled",), True)]),
        ("status:failed,missed,failed", [Among("status", ("failed", "missed"))]),
        ("tag:etl tag:nightly", [Among("tag", ("etl",)), Among("tag", ("nightly",))]),
        ("tag：etl，nightly", [Among("tag", ("etl", "nightly"))]),
        ('tag:"my own",b', [Among("tag", ("my own", "b"))]),
        ('tag:"a,b"', [Among("tag", ("a,b",))]),
        ('owner:""', [Among("owner", ("",))]),
        ("owner:me", [Among("owner", ("li",))]),
        ('owner:"me"', [Among("owner", ("me",))]),
        ("owner:Me", [Among("owner", ("Me",))]),
        ("group:finance/daily", [Among("group", ("finance/daily",))]),
        ("handler:http.check", [Among("handler", ("http.check",))]),
        ("is:enabled", [Among("is", ("enabled",))]),
        ("next:<24h", [Time("next", DAY)]),
        ("next:<=24h", [Time("next", DAY)]),
        ("-last:>1d", [Time("last", DAY, True, True)]),
        ("last:＞1d", [Time("last", DAY, True)]),
        ("last:never", [Time("last", None)]),
        ("-", [Words("-")]),
        ("- x", [Words("-"), Words("x")]),
        (":x", [Words(":x")]),
        ("a/b:c", [Words("a/b:c")]),
        ('tag:etl"', [Among("tag", ('etl"',))]),
    ],
)
def test_a_filter_means_what_its_words_say(text: str, clauses: list[Clause]) -> None:
    assert parse(text, "li") == (tuple(clauses), ())


@pytest.mark.parametrize(
    ("text", "said", "start", "end"),
    [
        ("a foo:bar", "there is no field foo to filter by: there are status, tag", 2, 9),
        ("http://x", "there is no field http", 0, 8),
        ("a status:oops", "status can't be oops: it is one of failed", 9, 13),
        ("status:failed,oops", "status can't be oops", 14, 18),
        ("-is:on", "is can't be on: it is one of enabled, disabled", 4, 6),
        ("status:", "behind status: stands nothing yet: failed", 6, 7),
        ('status:""', 'status can\'t be "": it is one of', 7, 9),
        ("tag:", 'behind tag: stands nothing yet; write tag:"" for what has none', 3, 4),
        ("tag:etl, x", "behind tag: stands nothing yet", 7, 8),
        ("next:24h", "next can't be 24h: write next:<24h", 5, 8),
        ("next:<", "next can't be <: write", 5, 6),
        ("next:", 'next can\'t be "": write', 5, 6),
        ("last:<soon", "last can't be <soon", 5, 10),
        ("last:<-1h", "last can't be <-1h", 5, 9),
        ("last:<99999999d", "last can't be", 5, 15),
        ("last:<1h,>2h", "last takes one span of time", 9, 12),
    ],
)
def test_what_can_not_be_read_is_said_at_its_place(text: str, said: str, start: int, end: int) -> None:
    (fault,) = parse(text).faults
    assert str(fault.text).startswith(said) and (fault.start, fault.end) == (start, end)
    with pytest.raises(Known) as refused:
        read(text, "li")
    assert refused.value.text == fault.text


def test_what_is_right_stands_beside_what_is_wrong() -> None:
    found = parse("tag:etl foo:x status:failed is:on")
    assert [clause.field for clause in found.clauses if isinstance(clause, Among)] == ["tag", "status"]
    assert [fault.start for fault in found.faults] == [8, 31]


def test_a_filter_that_is_too_long_or_has_too_many_words_is_refused_as_a_whole() -> None:
    for text, place in (("x" * (LONGEST + 1), LONGEST), ("x " * (MOST_WORDS + 1), 2 * MOST_WORDS)):
        found = parse(text)
        assert found.clauses == () and [fault.start for fault in found.faults] == [place]
    assert not parse("x " * MOST_WORDS).faults


def test_every_fault_is_said_in_both_languages() -> None:
    for text in ("foo:x", "status:x", "status:", "tag:", "next:x", "next:<1h,<2h", "x" * (LONGEST + 1), "x " * 51):
        for fault in parse(text).faults:
            assert say(fault.text, "zh_CN") != say(fault.text, "en")


fields = st.sampled_from([*FIELDS, "Tag", "foo", ""])
marks = st.sampled_from([*'-:：,，"“”\\ \u3000<>', "<24h", ">2d", "never"])
scraps = st.one_of(fields, marks, st.sampled_from([*CLOSED["status"], "me", "etl", "备份"]), st.text(max_size=4))


@settings(max_examples=500, deadline=None)
@given(st.lists(scraps, max_size=20).map("".join))
def test_whatever_is_typed_has_a_reading_and_its_places_lie_within_it(text: str) -> None:
    found = parse(text)
    assert len(found.clauses) + len(found.faults) == len(list(pieces(text)))
    for fault in found.faults:
        assert 0 <= fault.start < fault.end <= len(text) and fault.text.message


@settings(max_examples=300, deadline=None)
@given(st.lists(scraps, max_size=20).map("".join))
def test_the_pieces_of_a_filter_cover_all_of_it_but_the_blanks(text: str) -> None:
    place = 0
    for piece in pieces(text):
        assert text[place : piece.start].strip() == "" and piece.start < piece.end
        assert all(piece.start <= value.start <= value.end <= piece.end for value in piece.values)
        place = piece.end
    assert text[place:].strip() == ""


@settings(max_examples=200, deadline=None)
@given(st.text(min_size=1, max_size=30), st.booleans())
def test_any_text_can_be_looked_for_in_quotes(words: str, is_not: bool) -> None:
    quoted = '"' + "".join("\\" + each if each in '"“”\\' else each for each in words) + '"'
    assert parse(("-" if is_not else "") + quoted).clauses == (Words(words, is_not),)


ALPHABETS = (
    '":,-',
    "status:tag \\",
    "\0\x1b[31m\u202e\u200b",
    "<>0123456789dhms",
    "：，“”备份",
    "'; DROP--%_*",
)


def hostile(number: int) -> str:
    rng = random.Random(number)
    alphabet = rng.choice(ALPHABETS)
    return "".join(rng.choice(alphabet) for _ in range(rng.choice([1, 3, 30, 300, LONGEST, 5_000])))


@pytest.mark.parametrize("number", range(200))
def test_hostile_input_gets_clauses_or_sentences_and_no_crash(number: int) -> None:
    text = hostile(number)
    began = time.perf_counter()
    found = parse(text)
    assert time.perf_counter() - began < 1.0
    assert all(isinstance(str(fault.text), str) and len(str(fault.text)) < 500 for fault in found.faults)
    assert found.clauses or found.faults or not text.strip()
