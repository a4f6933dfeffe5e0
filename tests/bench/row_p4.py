"""P4: fifty secrets masked in a log stream, beside a bare pass over the same bytes."""

import random
import time
from collections.abc import Callable
from typing import NamedTuple

from watchkeeper.model.masker import Masker, Stream

#: As logs are read.
_PART = 65_536
_SECRETS = 50


class Speed(NamedTuple):
    """Megabytes a second; `reference`: every byte looked up in a table by `bytes.translate`, and put together again."""

    masked: float
    reference: float


def speed(megabytes: int, lines_per_secret: int) -> Speed:
    """Of a log of so many megabytes, in which one line of so many says a secret."""
    values = secrets()
    log, masker = log_of(megabytes, lines_per_secret, values), Masker(values)
    ours, shown = _timed(log, masker.stream())
    theirs, copied = _timed(log, Copied())
    assert len(shown) == len(log) == len(copied)
    assert not any(value.encode() in shown for value in values)
    return Speed(ours, theirs)


def secrets() -> list[str]:
    """Tokens, passwords with all kinds of marks, connection strings: always the same ones."""
    draw = random.Random(4)
    marks = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"

    def word(length: int, more: str = "") -> str:
        return "".join(draw.choices(marks + more, k=length))

    kinds: tuple[Callable[[], str], ...] = (
        lambda: word(40),
        lambda: word(16, "!\"$%&/()=?'\\+#"),
        lambda: f"postgresql://{word(6)}:{word(12, '!$&')}@db.example.com:5432/{word(5)}",
        lambda: word(20, "-_"),
        lambda: word(8),
    )
    return [kinds[number % len(kinds)]() for number in range(_SECRETS)]


def log_of(megabytes: int, lines_per_secret: int, values: list[str]) -> bytes:
    """Lines of a program that tells what it does."""
    draw, lines, size = random.Random(5), list[bytes](), 0
    while size < megabytes * 1_000_000:
        number = len(lines)
        line = (
            f"2026-03-01T08:{number // 60 % 60:02}:{number % 60:02}Z INFO worker-{number % 7} "
            f"user=u{draw.randrange(999)} GET https://api.example.com/v1/orders/{draw.getrandbits(64):016x} took "
            f"{draw.randrange(900)} ms"
        )
        if number % lines_per_secret == 0:
            line += f" password={draw.choice(values)}"
        lines.append(line.encode() + b"\n")
        size += len(lines[-1])
    return b"".join(lines)


class Copied:
    """The reference: a stream that changes nothing."""

    def __init__(self) -> None:
        self._table = bytes(range(256))

    def feed(self, data: bytes) -> bytes:
        return data.translate(self._table)

    def end(self) -> bytes:
        return b""


def _timed(log: bytes, stream: Stream | Copied) -> tuple[float, bytes]:
    began = time.perf_counter()
    shown = b"".join([stream.feed(log[at : at + _PART]) for at in range(0, len(log), _PART)]) + stream.end()
    return len(log) / (time.perf_counter() - began) / 1e6, shown
