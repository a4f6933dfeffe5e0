"""Nothing in a log is obeyed, and everything in it can be seen."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from watchkeeper.ui.log.ansi import RGB, Ink, Sign, Span, styled
from watchkeeper.ui.log.shown import UNSEEN, shown

PIECES = st.one_of(
    st.text(max_size=8).map(lambda text: text.replace("\n", "").encode("utf-8", "replace")),
    st.binary(max_size=6).map(lambda data: data.replace(b"\n", b"")),
    st.sampled_from(
        [b"\x1b[31m", b"\x1b[0m", b"\x1b[2J", b"\x1b", b"\r", b"\t", b"\x1b]0;title\x07", b"\x1b[", b"31m"]
    ),
)


@given(st.lists(PIECES, max_size=12).map(b"".join))
@example(b"\x1b[\x1b[0m31m")
@example(b"\xe4\xb8")
@example(b"\x1b[38;2;1m")
def test_the_text_that_is_searched_is_the_text_that_is_painted(row: bytes) -> None:
    text, spans = styled(row)
    assert text == shown(row)
    assert UNSEEN.search(text) is None
    assert all(0 <= span.start < span.start + span.length <= len(text) for span in spans)


@pytest.mark.parametrize(
    ("row", "text"),
    [
        (b"\x1b[2Jgone?", "␛[2Jgone?"),
        (b"\x1b]0;owned\x07", "␛]0;owned␇"),
        (b"10 %\r20 %", "10 %␍20 %"),
        (b"\x00\x08\x7f", "␀␈␡"),
        (b"caf\xe9", "caf\\xe9"),
        ("c\u0085x\u202egnp.exe".encode(), "c<U+0085>x<U+202E>gnp.exe"),
        ("zero\u200bwidth".encode(), "zero<U+200B>width"),
        (b"a\tb", "a\tb"),
        ("中文 ok".encode(), "中文 ok"),
        (b"<b>bold</b> &amp; <script>", "<b>bold</b> &amp; <script>"),
    ],
)
def test_what_would_be_obeyed_is_shown(row: bytes, text: str) -> None:
    assert styled(row).text == text


def test_a_control_sequence_is_told_apart_from_the_text_around_it() -> None:
    assert styled(b"a\x1b[2Kb\xff").spans == (Span(1, 4, Sign.CONTROL), Span(6, 4, Sign.BYTE))


@pytest.mark.parametrize(
    ("codes", "ink"),
    [
        (b"31", Ink(color=1)),
        (b"1;91", Ink(color=9, is_bold=True)),
        (b"38;5;208", Ink(color=208)),
        (b"48;2;1;2;3", Ink(ground=RGB | 0x010203)),
        (b"38:2::1:2:3", Ink(color=RGB | 0x010203)),
        (b"38:2:1:2:3", Ink(color=RGB | 0x010203)),
        (b"4;9;3;2;7", Ink(is_underlined=True, is_struck=True, is_italic=True, is_faint=True, is_inverse=True)),
    ],
)
def test_colours_become_spans(codes: bytes, ink: Ink) -> None:
    assert styled(b"\x1b[" + codes + b"mword\x1b[m end").spans == (Span(0, 4, ink),)


@pytest.mark.parametrize("codes", [b"38;5", b"38;2;1", b"38", b"999", b"38;5;700", b"99999999999"])
def test_a_colour_that_is_none_changes_nothing(codes: bytes) -> None:
    assert styled(b"\x1b[" + codes + b"mword") == ("word", ())
