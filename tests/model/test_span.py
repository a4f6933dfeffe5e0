"""Spans as people write them."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchkeeper.model.errors import Known
from watchkeeper.model.span import LONGEST, Span, parse, written


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90s", 90),
        ("5m", 300),
        ("1h30m", 5400),
        ("2d", 172_800),
        (" 1h 30m ", 5400),
        ("250ms", 0.25),
        ("1.5h", 5400),
        ("45", 45),
        ("0", 0),
        (12, 12),
        (0.5, 0.5),
    ],
)
def test_a_span_is_read(text: str | float, seconds: float) -> None:
    assert parse(text).total_seconds() == seconds


@pytest.mark.parametrize(
    "text",
    ["", " ", "5 minutes", "-5s", "1h-2m", "m5", "5mm", "inf", "nan", "1e3s", "٥m", "9" * 39, "9" * 5000, "5m\0"],
)
def test_what_is_no_span_is_refused_with_the_way_to_write_it(text: str) -> None:
    with pytest.raises(Known, match="90s, 5m, 1h30m or 2d"):
        parse(text)


@pytest.mark.parametrize("value", [True, None, [], float("inf"), float("nan"), -1, 10**30, b"5m"])
def test_another_kind_of_value_is_refused(value: object) -> None:
    with pytest.raises(Known):
        parse(value)  # type: ignore[arg-type]


@given(st.integers(min_value=0, max_value=LONGEST // timedelta(milliseconds=1)))
def test_what_is_written_is_read_as_the_same_span(milliseconds: int) -> None:
    span = Span(milliseconds=milliseconds)
    assert abs(parse(written(span)) - span) < timedelta(milliseconds=1)
    assert written(parse(written(span))) == written(span)


@given(st.text(max_size=60))
def test_any_text_is_a_span_or_a_sentence(text: str) -> None:
    try:
        span = parse(text)
    except Known as refusal:
        assert "is not a span of time" in str(refusal)
    else:
        assert timedelta() <= span <= LONGEST
