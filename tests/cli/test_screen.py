"""Columns and harmless text."""

from hypothesis import given
from hypothesis import strategies as st

from watchkeeper.cli.screen import harmless, on_one_line, table, width


def test_wide_characters_take_two_columns_and_marks_none() -> None:
    assert [width(text) for text in ("abc", "夜间", "é", "e\u0301", "ＡＢ")] == [3, 4, 1, 1, 4]


def test_columns_stand_under_each_other() -> None:
    lines = table(["JOB", "STATE"], [["夜间备份", "RUNNING"], ["a", "夜"]])
    assert lines == ["JOB       STATE", "夜间备份  RUNNING", "a         夜"]


def test_a_cell_is_one_line_whatever_is_in_it() -> None:
    assert on_one_line("a\nb\t c\r\n\x1b[2J") == "a b c \u241b[2J"


@given(st.text())
def test_no_text_can_command_a_terminal(text: str) -> None:
    shown = harmless(text)
    assert not any((ord(mark) < 32 and mark not in "\n\t") or 0x7F <= ord(mark) < 0xA0 for mark in shown)
    assert not set("\u202a\u202e\u2066\u2069\u200f\u200e\u061c") & set(shown)
    assert harmless(shown) == shown
