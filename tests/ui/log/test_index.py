"""Numbers, errors and outline of a log, gathered piece by piece."""

from hypothesis import given
from hypothesis import strategies as st

from watchkeeper.ui.log.index import SAMPLE, STEP, Index, scan


def indexed(data: bytes, piece: int) -> Index:
    """As the reading does it: whole lines of some pieces."""
    index = Index()
    while index.end < len(data):
        end = data.rfind(b"\n", index.end, index.end + piece) + 1 or data.find(b"\n", index.end) + 1 or len(data)
        index.add(scan(data[index.end : end], index.end, wants_first_error=index.first_error is None))
    return index


LINE = st.sampled_from([b"", b"INFO all is well", b"ERROR it broke", b"WARN it bends", b"x" * 700])


@given(st.lists(LINE, min_size=1, max_size=400), st.sampled_from([700, 5_000, STEP, 10 * STEP]))
def test_pieces_make_no_difference(lines: list[bytes], piece: int) -> None:
    data = b"\n".join(lines) + b"\n"
    offsets, at = [], 0
    for line in lines:
        offsets.append(at)
        at += len(line) + 1
    index = indexed(data, piece)
    assert index.lines == len(lines)
    assert list(index.errors) == [at for at, line in zip(offsets, lines, strict=True) if line.startswith(b"ERROR")]
    assert list(index.warnings) == [at for at, line in zip(offsets, lines, strict=True) if line.startswith(b"WARN")]
    assert index.first_error == (index.errors[0] if index.errors else None)
    assert len(index.lengths) == -(-len(data) // SAMPLE)
    for number, offset in enumerate(offsets, 1):
        assert index.number(offset, lambda start, end: data[start:end]) == number


def test_a_place_far_beyond_what_is_known_has_no_number_yet() -> None:
    index = indexed(b"one\ntwo\n", STEP)
    assert index.number(10 * STEP, lambda _start, _end: b"") is None
