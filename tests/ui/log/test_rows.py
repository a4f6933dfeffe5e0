"""Rows are told from the bytes around them, and are the same from wherever one looks."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from watchkeeper.ui.log.rows import LONGEST, SEAM, Rows, complete, may_have_seams, of_bytes

LINES = st.lists(
    st.one_of(
        st.text(max_size=40),
        st.integers(SEAM - 5, 3 * SEAM + 5).map("x".__mul__),
        st.integers(1300, 4000).map("中文字".__mul__),
    ).map(lambda line: line.replace("\n", "").encode("utf-8", "replace")),
    max_size=8,
)
LOGS = st.builds(lambda lines, end: b"\n".join(lines) + end, LINES, st.sampled_from([b"", b"\n"]))


def rows_of(data: bytes) -> Rows:
    return Rows(lambda start, end: data[start:end], lambda _offset: (0, len(data)))


def starts(data: bytes) -> list[int]:
    rows, at, found = rows_of(data), 0, []
    while at < len(data):
        found.append(at)
        at = rows.end(at)
    return found


@given(LOGS)
def test_each_byte_is_in_the_same_row_from_wherever_it_is_looked_for(data: bytes) -> None:
    rows, found = rows_of(data), starts(data)
    for start, end in pairwise([*found, len(data)]):
        assert end - start <= LONGEST
        for offset in {start, (start + end) // 2, end - 1}:
            assert rows.start(offset) == start


@given(LOGS)
def test_rows_end_at_newlines_or_between_characters_of_long_lines(data: bytes) -> None:
    for start in starts(data)[1:]:
        is_newline = data[start - 1 : start] == b"\n"
        assert is_newline or data[start] & 0xC0 != 0x80
        assert is_newline or b"\n" not in data[max(0, start - SEAM - 3) : start][-SEAM:]


@given(LOGS, st.integers(1, 4 * SEAM))
def test_whole_rows_of_a_piece_are_whole_rows_of_the_log(data: bytes, length: int) -> None:
    piece = data[:length]
    assert complete(piece, 0, 0, True) in {*starts(data), len(data)}


@given(LOGS)
def test_a_piece_without_half_a_seam_has_no_seam(data: bytes) -> None:
    rows = of_bytes(data, 0, 0, True)
    if not may_have_seams(data):
        assert all(rows.is_line_start(start) for start in starts(data))
