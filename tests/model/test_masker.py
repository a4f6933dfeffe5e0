"""No secret comes through in any form, whatever the cuts; everything else comes through as it is."""

import base64
import html
import json
import os
import random
import shlex
import subprocess
from collections.abc import Callable, Iterable
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from watchkeeper.model.masker import MASK, Masker, Stream

#: Without the star, of which masks are made: a text around a mask could spell a secret.
VISIBLE = st.characters(exclude_categories=["Cs"], exclude_characters="*")
SECRETS = st.one_of(
    st.text(VISIBLE, min_size=6, max_size=80),
    st.text("ab.$\\'\"%&+/= \n", min_size=6, max_size=30),
    st.builds(lambda part, times: part * times, st.text("ab01", min_size=1, max_size=3), st.integers(6, 12)),
).filter(lambda value: len("".join(value.split())) >= 6)

#: What programs make of a value before they write it.
ENCODINGS: dict[str, Callable[[str], bytes]] = {
    "plain": lambda value: value.encode(),
    "hex": lambda value: value.encode().hex().encode(),
    "HEX": lambda value: value.encode().hex().upper().encode(),
    "UTF-16": lambda value: value.encode("utf-16-le"),
    "json": lambda value: json.dumps(value).encode(),
    "json in Unicode": lambda value: json.dumps(value, ensure_ascii=False).encode(),
    "repr": lambda value: repr(value).encode(),
    "repr of bytes": lambda value: repr(value.encode()).encode(),
    "url": lambda value: quote(value, safe="").encode(),
    "url path": lambda value: quote(value).encode(),
    "form": lambda value: quote_plus(value).encode(),
    "form, lower case": lambda value: "".join(
        mark if mark.isascii() and (mark.isalnum() or mark in "_.-~") else "%" + "%".join(_hex(mark)) for mark in value
    ).encode(),
    "html": lambda value: html.escape(value).encode(),
    "xml": lambda value: html.escape(value, quote=False).encode(),
    "shell": lambda value: shlex.quote(value).encode(),
    "cmd": lambda value: subprocess.list2cmdline([value]).encode(),
    "PowerShell": lambda value: value.replace("'", "''").encode(),
}


def _hex(mark: str) -> list[str]:
    return [f"{byte:02x}" for byte in mark.encode()]


def _cut(data: bytes, seed: int) -> Iterable[bytes]:
    """`data` in pieces of any size, some of them empty."""
    draw, at = random.Random(seed), 0
    while at < len(data):
        size = draw.choice((0, 1, 2, 5, 17, 300))
        yield data[at : at + size]
        at += size


def through(stream: Stream, pieces: Iterable[bytes]) -> bytes:
    return b"".join([stream.feed(piece) for piece in pieces]) + stream.end()


def window_of(masker: Masker, log: bytes, offset: int, length: int) -> bytes:
    """As a reader of logs does it."""
    first = max(0, offset - masker.context)
    data = log[first : offset + length + masker.context]
    is_last = first + len(data) >= len(log)
    return masker.window(data, offset - first, length, is_last=is_last, may_grow=False)


@settings(max_examples=150)
@given(st.lists(SECRETS, min_size=1, max_size=4), st.data(), st.integers(0, 10**6))
def test_no_form_of_a_secret_comes_through_whatever_the_cuts(values: list[str], data: st.DataObject, seed: int) -> None:
    masker = Masker(values)
    words = st.one_of(
        st.binary(max_size=30),
        st.tuples(st.sampled_from(values), st.sampled_from(sorted(ENCODINGS))).map(
            lambda drawn: ENCODINGS[drawn[1]](drawn[0])
        ),
    )
    text = b"".join(data.draw(st.lists(words, min_size=1, max_size=8)))
    starred, masked = through(masker.stream(), _cut(text, seed)), masker.masked(text)
    assert len(starred) == len(text) and starred == masker.starred(text)
    assert [mark in b"\r\n" for mark in starred] == [mark in b"\r\n" for mark in text]
    for value in values:
        for encode in ENCODINGS.values():
            form = encode(value)
            assert form not in starred and form not in masked


@given(st.lists(SECRETS, min_size=1, max_size=3), st.data())
def test_a_window_at_any_offset_is_the_masked_log_cut_there(values: list[str], data: st.DataObject) -> None:
    masker = Masker(values)
    parts = st.one_of(st.binary(max_size=40), st.sampled_from(values).map(str.encode), st.just(base64_rows(values[0])))
    log = b"".join(data.draw(st.lists(parts, max_size=8)))
    whole = masker.starred(log)
    for _ in range(4):
        offset, length = data.draw(st.integers(0, len(log) + 3)), data.draw(st.integers(0, 200))
        assert window_of(masker, log, offset, length) == whole[offset : offset + length]


@given(SECRETS, st.text(VISIBLE, max_size=200), st.integers(0, 10**6))
def test_a_text_without_a_secret_passes_as_it_is(value: str, text: str, seed: int) -> None:
    masker, data = Masker([value]), text.encode()
    assume(not masker.spans(data))
    assert through(masker.stream(), _cut(data, seed)) == data
    assert masker.masked(text) is text


@given(st.text("ABC", min_size=40, max_size=400))
def test_ordinary_words_are_no_secret(text: str) -> None:
    masker = Masker(["hunter2-hunter2", "x" * 20])
    assert masker.masked(text) is text and masker.starred(text.encode()) == text.encode()


@given(st.binary(max_size=70), st.text(VISIBLE, min_size=8, max_size=60), st.binary(max_size=70), st.booleans())
def test_base64_hides_a_secret_at_every_place_in_what_was_encoded(
    before: bytes, value: str, after: bytes, is_url_safe: bool
) -> None:
    assume(len("".join(value.split())) >= 6)
    encode = base64.urlsafe_b64encode if is_url_safe else base64.b64encode
    text = encode(before + value.encode() + after)
    starred = Masker([value]).starred(text)
    first, last = -(-8 * len(before) // 6), 8 * (len(before) + len(value.encode())) // 6
    assert set(starred[first:last]) == {ord("*")}
    assert starred[last + 1 :].rstrip(b"=") == text[last + 1 :].rstrip(b"=") or b"*" in starred[last:]


def base64_rows(value: str, column: int = 0, width: int = 76) -> bytes:
    """As `base64` prints it: rows of a fixed width."""
    text = base64.b64encode(b"x" * column + value.encode())
    return b"\n".join(text[at : at + width] for at in range(0, len(text), width)) + b"\n"


@pytest.mark.parametrize("width", [64, 76])
@pytest.mark.parametrize("value", ["correct horse battery staple", "".join(f"{n:03}-" for n in range(60))])
def test_base64_in_rows_hides_a_secret_across_the_ends_of_rows(value: str, width: int) -> None:
    masker = Masker([value])
    for column in range(80):
        for text in (base64_rows(value, column, width), base64_rows(value, column, width).replace(b"\n", b"\r\n")):
            starred = masker.starred(text)
            kept = starred.translate(None, b"*\r\n=")
            # What was encoded before it, and a character at each end that two bytes share.
            assert len(kept) <= -(-8 * column // 6) + 2, (column, starred)


def test_a_key_of_64_kib_is_hidden_whole_by_line_and_encoded() -> None:
    lines = [base64.b64encode(os.urandom(48)).decode() for _ in range(1000)]
    key = "\n".join(["-----BEGIN PRIVATE KEY-----", *lines, "-----END PRIVATE KEY-----", ""])
    masker = Masker([key])
    assert masker.context < 2_000, "a window is read with little around it"
    for text in (key, key.replace("\n", "\r\n"), json.dumps(key), key.encode().hex(), quote(key), *lines[:3]):
        log = b"key: " + text.encode() + b" end of it\n"
        starred = through(masker.stream(), (log[at : at + 5_000] for at in range(0, len(log), 5_000))).decode()
        assert not any(line in starred for line in lines) and starred.endswith(" end of it\n")
        assert set(starred[5 : 5 + len(text)].replace("PRIVATE KEY", "")) <= set('-BEGIND "*\r\n'), text[:80]
    assert masker.starred(b"-----BEGIN PRIVATE KEY-----\nanother\n") == b"-----BEGIN PRIVATE KEY-----\nanother\n"
    assert masker.masked(f"the key {key} is bad") == f"the key {MASK} is bad"


@pytest.mark.parametrize(
    ("values", "text", "shown"),
    [
        (["hunter22", "hunter2"], "hunter22 hunter2", "*** ***"),
        (["abcdef", "defghi"], "<abcdefghi>", "<***>"),
        (["aaaaaa"], "baaaaaaaaab", "b***b"),
        (["aaaaaaaaaa"], "aaaaaaaaaaaa", "***"),
        (["aabaab"], "aabaabaabaa", "***aa"),
        (["a.c*e+["], "a.c*e+[ abcde+[ axc*e+[", "*** abcde+[ axc*e+["),
        (["päßwörtér密码"], "päßwörtér密码 passwort", "*** passwort"),
        (["nul\0nul\0"], "a nul\0nul\0 b", "a *** b"),
        (["two\nlines here"], "two\nlines here; lines here; two", "***; ***; two"),
        (['"quoted value"'], 'quoted value, "quoted value"', "***, ***"),
        (["123456"], "7123456", "7***"),
    ],
)
def test_what_overlaps_repeats_or_looks_like_a_pattern_is_masked(values: list[str], text: str, shown: str) -> None:
    masker = Masker(values)
    assert masker.masked(text) == shown
    assert masker.starred(text.encode()) == Masker(values).starred(text.encode())


def test_a_secret_is_found_wherever_it_stands_in_a_long_log() -> None:
    masker = Masker(["hunter2hunter2"])
    for place in range(16_384 - 20, 16_384 + 20):
        log = b"." * place + b"hunter2hunter2" + b"." * 20_000
        assert masker.starred(log) == b"." * place + b"*" * 14 + b"." * 20_000


def test_plain_values_are_masked_through_and_through() -> None:
    masker = Masker(["hunter2hunter2", "271828182845"])
    given = {
        "user": "ann",
        "hunter2hunter2": ["x hunter2hunter2 y", {"deep": ("hunter2hunter2",)}],
        "count": 3,
        "pin": 271828182845,
        "share": 271828182845.5,
        "is_so": True,
        "none": None,
    }
    assert masker.masked(given) == {
        "user": "ann",
        MASK: [f"x {MASK} y", {"deep": (MASK,)}],
        "count": 3,
        "pin": MASK,
        "share": f"{MASK}.5",
        "is_so": True,
        "none": None,
    }


def test_a_secret_that_was_cut_off_at_the_end_is_masked_too() -> None:
    masker = Masker(["hunter2-hunter2-hunter2"])
    assert masker.masked("the answer was: hunter2-hunt") == f"the answer was: {MASK}"
    assert masker.masked("the answer was: hunter") == "the answer was: hunter"
    assert masker.starred(b"killed while it wrote hunter2-hu") == b"killed while it wrote **********"


def test_of_a_log_that_grows_nothing_is_shown_that_may_become_a_secret() -> None:
    masker = Masker(["hunter2hunter2"])
    log, shown = b"password=hunter2hunter2 done\n", b""
    for size in range(len(log) + 1):
        shown += masker.window(log[:size], len(shown), 100, is_last=True, may_grow=True)
        assert b"password=**************"[: len(shown)] == shown[:23]
    assert shown == b"password=************** done\n"


@given(st.lists(SECRETS, min_size=1, max_size=3), st.data(), st.integers(0, 10**6))
def test_a_log_followed_while_it_grows_is_the_masked_log(values: list[str], data: st.DataObject, seed: int) -> None:
    masker = Masker(values)
    parts = st.one_of(st.text("xy .", max_size=20).map(str.encode), st.sampled_from(values).map(str.encode))
    log = b"".join(data.draw(st.lists(parts, min_size=1, max_size=6)))
    size, shown = 0, b""
    for piece in _cut(log, seed):
        size += len(piece)
        first = max(0, len(shown) - masker.context)
        grown = log[first:size]
        shown += masker.window(grown, len(shown) - first, len(log), is_last=True, may_grow=True)
    assert shown + window_of(masker, log, len(shown), len(log)) == masker.starred(log)


@pytest.mark.parametrize("value", ["", "five5", "a    b    c", "\n" * 9])
def test_a_value_too_short_to_be_masked_is_refused_in_a_sentence(value: str) -> None:
    with pytest.raises(ValueError, match="at least 6 characters"):
        Masker(["long enough", value])


def test_without_a_secret_everything_passes() -> None:
    masker = Masker([])
    assert masker.context == 0 and masker.masked("text") == "text"
    assert through(masker.stream(), [b"a", b"", b"b\n"]) == b"ab\n"
