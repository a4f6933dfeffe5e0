"""A statement with its names written as a driver wants them, and the way back to where it was written."""

from collections.abc import Callable
from dataclasses import dataclass

from .split import Statement


@dataclass(frozen=True)
class Bound:
    """What is sent."""

    text: str
    #: Names in the order of their numbers.
    names: tuple[str, ...]
    #: Where each piece begins in what is sent, and where it was written.
    origins: tuple[tuple[int, int], ...]

    def origin(self, at: int) -> int:
        """Where in the source that is which is at `at` of what is sent."""
        sent, written = max((pair for pair in self.origins if pair[0] <= at), default=(at, at))
        return written + at - sent


def bound(statement: Statement, place: Callable[[str, int], str], plain: Callable[[str], str] = str) -> Bound:
    """`place(name, number)` stands for a name, the same number for the same name; `plain` rewrites all other text."""
    parts, origins, length = list[str](), list[tuple[int, int]](), 0
    numbers = {name: number for number, name in enumerate(statement.names, 1)}
    for piece in statement.pieces:
        text = place(piece.text, numbers[piece.text]) if piece.is_name else plain(piece.text)
        origins.append((length, piece.at))
        parts.append(text)
        length += len(text)
    return Bound("".join(parts), tuple(numbers), tuple(origins))
