"""A few letters find what is meant, in Latin letters and in Chinese by pinyin."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchkeeper.ui.fuzzy import match, together


@pytest.mark.parametrize(
    ("wanted", "candidate", "meant"),
    [
        ("esd", "etl_sales_daily", "esd"),
        ("sales", "etl_sales_daily", "sales"),
        ("daily etl", "etl_sales_daily", "etldaily"),
        ("sjk", "数据库备份", "数据库"),
        ("shujuku", "数据库备份", "数据库"),
        ("shujk", "数据库备份", "数据库"),
        ("备份", "数据库备份", "备份"),
        ("bf", "审计数据库备份 v2", "备份"),
        ("v2", "审计数据库备份 v2", "v2"),
        ("yhbq", "用户标签同步", "用户标签"),
        ("cz", "重做", "重做"),
        ("zl", "重量", "重量"),
    ],
)
def test_it_finds_what_is_meant(wanted: str, candidate: str, meant: str) -> None:
    found = match(wanted, candidate)
    assert found is not None
    assert "".join(candidate[place] for place in found.places) == meant


@pytest.mark.parametrize(("wanted", "candidate"), [("xyz", "etl_sales_daily"), ("sjx", "数据库备份"), ("备库", "备份")])
def test_what_does_not_fit_is_not_found(wanted: str, candidate: str) -> None:
    assert match(wanted, candidate) is None


@pytest.mark.parametrize(
    ("wanted", "better", "worse"),
    [
        ("log", "log_rotate", "catalogue"),
        ("run", "Run now", "Rerun it"),
        ("sd", "sales_daily", "sandbox"),
        ("sjk", "数据库备份", "审计数据库归档"),
    ],
)
def test_beginnings_go_first(wanted: str, better: str, worse: str) -> None:
    one, other = match(wanted, better), match(wanted, worse)
    assert one is not None
    assert other is not None
    assert one.score > other.score


@pytest.mark.parametrize(
    ("wanted", "sentence", "is_found"),
    [
        ("sjk", "每天复制一次数据库", True),
        ("sjk", "引擎失去音讯这么久之后，可被接管", False),
        ("shujuku", "每天复制一次数据库", True),
        ("daily copy", "A copy of the database, daily", True),
        ("abd", "A copy of the database, daily", False),
        ("daily xyz", "A copy of the database, daily", False),
    ],
)
def test_in_a_sentence_letters_stand_together(wanted: str, sentence: str, is_found: bool) -> None:
    assert (together(wanted, sentence) is not None) is is_found


@given(st.text(max_size=30), st.text(max_size=60))
def test_any_two_texts_can_be_compared(wanted: str, candidate: str) -> None:
    found = match(wanted, candidate)
    assert found is None or all(0 <= place < len(candidate) for place in found.places)


def test_ten_thousand_names_are_searched_in_a_moment() -> None:
    """No bar here, only that nothing grows out of hand: a long candidate of one letter is the worst case."""
    began = time.perf_counter()
    for number in range(1_000):
        match("aaaaaaab", "a" * 150 + str(number))
    assert time.perf_counter() - began < 30
