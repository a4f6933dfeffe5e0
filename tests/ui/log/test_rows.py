"""Rows are told from the bytes around them, and are the same from wherever one looks."""

from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from watchkeeper.ui.log.rows import LONGEST, SEAM, Rows, complete, may_have_seams, of_bytes

#: Lines as a letter and how often it stands there.
LINE = st.one_of(
    st.tuples(st.sampled_from(["a", "中", "\udce9"]), st.integers(0, 40)),
    st.tuples(st.just("x"), st.integers(SEAM - 5, 3 * SEAM + 5)),
    st.tuples(st.sampled_from(["中", "é", "😀", "\udc80"]), st.integers(1300, 4000)),
)
Lines = list[tuple[str, int]]
LINES = st.lists(LINE, max_size=8)


def log_of(lines: Lines, is_ended: bool) -> bytes:
    text = "\n".join(letter * count for letter, count in lines) + "\n" * is_ended
    return text.encode("utf-8", "surrogateescape")


def rows_of(data: bytes) -> Rows:
    return Rows(lambda start, end: data[start:end], lambda _offset: (0, len(data)))


def starts(data: bytes) -> list[int]:
    rows, at, found = rows_of(data), 0, []
    while at < len(data):
        found.append(at)
        at = rows.end(at)
    return found


@given(LINES, st.booleans())
@example([("é", 4096), ("中", 2800)], False)
def test_each_byte_is_in_the_same_row_from_wherever_it_is_looked_for(lines: Lines, is_ended: bool) -> None:
    data = log_of(lines, is_ended)
    rows, found = rows_of(data), starts(data)
    for start, end in pairwise([*found, len(data)]):
        assert end - start <= LONGEST
        for offset in {start, (start + end) // 2, end - 1}:
            assert rows.start(offset) == start


@given(LINES, st.booleans())
def test_rows_end_at_newlines_or_between_characters_of_long_lines(lines: Lines, is_ended: bool) -> None:
    data = log_of(lines, is_ended)
    for start in starts(data)[1:]:
        is_newline = data[start - 1 : start] == b"\n"
        is_inside = [byte & 0xC0 == 0x80 for byte in data[start : start + 4]]
        assert is_newline or not is_inside[0] or all(is_inside)
        assert is_newline or b"\n" not in data[max(0, start - SEAM - 3) : start][-SEAM:]


@given(LINES, st.booleans(), st.integers(1, 4 * SEAM))
def test_whole_rows_of_a_piece_are_whole_rows_of_the_log(lines: Lines, is_ended: bool, length: int) -> None:
    data = log_of(lines, is_ended)
    piece = data[:length]
    assert complete(piece, 0, 0, True) in {*starts(data), len(data)}


@given(LINES, st.booleans())
def test_a_piece_without_half_a_seam_has_no_seam(lines: Lines, is_ended: bool) -> None:
    data = log_of(lines, is_ended)
    rows = of_bytes(data, 0, 0, True)
    if not may_have_seams(data):
        assert all(rows.is_line_start(start) for start in starts(data))
