"""A search finds in each row what stands in it, however the log is cut into pieces."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watchkeeper.ui.log.rows import SEAM, Rows
from watchkeeper.ui.log.seeker import Hit, Pattern, hits
from watchkeeper.ui.log.shown import shown

PATTERNS = [
    "refused|timeout",
    r"a+",
    r"\bb",
    r"[a-f]+\d",
    r"x*",
    r"^e",
    r"e$",
    r"b\s+c",
    r"(?i:A)b",
    "É",
    "中.",
    r"[^a]b",
    "A",
]
LINES = st.lists(
    st.one_of(
        st.text("abcdefxABEÉé中文 \t019", max_size=20).map(str.encode),
        st.sampled_from([b"\x1b[31mrefu\x1b[0msed", b"caf\xe9 b c\r", b"Timeout", b"a" * (SEAM + 100)]),
    ),
    max_size=12,
)


def expected(data: bytes, pattern: str, flags: int) -> list[Hit]:
    rows, at, found = Rows(lambda start, end: data[start:end], lambda _offset: (0, len(data))), 0, []
    while at < len(data):
        end = rows.end(at)
        text = shown(data[at:end].removesuffix(b"\n").removesuffix(b"\r"))
        found += [Hit(at, each.start(), each.end()) for each in re.finditer(pattern, text, flags) if each[0]]
        at = end
    return found


@settings(max_examples=60)
@given(LINES, st.sampled_from(PATTERNS), st.booleans())
def test_it_finds_what_a_search_of_each_row_finds(lines: list[bytes], pattern: str, is_case_sensitive: bool) -> None:
    data = b"".join(line + b"\n" for line in lines)
    found = Pattern(pattern, is_regex=True, is_case_sensitive=is_case_sensitive)
    flags = re.MULTILINE | (0 if is_case_sensitive else re.IGNORECASE)
    assert list(hits(found, data, 0, 0, True)) == expected(data, pattern, flags)


@pytest.mark.parametrize("text", ["a.b", "(", "[x]", "50 %", "É", "\\d", "A.B"])
def test_plain_text_is_no_expression(text: str) -> None:
    data = f"x {text.lower()} a1b\n".encode()
    found = list(hits(Pattern(text, is_regex=False, is_case_sensitive=False), data, 0, 0, True))
    assert found == [Hit(0, 2, 2 + len(text))]


def test_a_word_with_colours_in_it_is_found() -> None:
    found = list(hits(Pattern("refused", is_regex=True, is_case_sensitive=True), b"x\nre\x1b[1mfused\n", 0, 0, True))
    assert found == [Hit(2, 0, 7)]
