"""Spans of time are read and shown in either language."""

import pytest

from watchkeeper.ui.widgets.span import read_span, shown_span
from watchkeeper.ui.words import speak


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("25 分钟", "25m"),
        ("1 小时 30 分", "1h30m"),
        ("2天", "2d"),
        ("90s", "1m30s"),
        ("1h 04m", "1h4m"),
        ("3 hours", "3h"),
        ("10 min", "10m"),
        ("500 毫秒", "500ms"),
        ("45", "45s"),
        ("5x", "5x"),
        ("", ""),
        ("-5m", "-5m"),
    ],
)
def test_what_is_typed_is_kept_in_the_form_of_a_file(typed: str, kept: str) -> None:
    assert read_span(typed) == kept


@pytest.mark.parametrize(
    ("kept", "english", "chinese"),
    [
        ("25m", "25m", "25 分钟"),
        ("1h30m", "1h 30m", "1 小时 30 分钟"),
        ("500ms", "500ms", "500 毫秒"),
        ("soon", "soon", "soon"),
    ],
)
def test_it_is_shown_in_the_windows_language(qapp: object, kept: str, english: str, chinese: str) -> None:
    assert shown_span(kept) == english
    speak("zh_CN")
    assert shown_span(kept) == chinese
    assert read_span(chinese) == kept
