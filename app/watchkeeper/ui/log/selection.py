"""What a person has selected: from one character of one row to another of any other."""

from typing import NamedTuple


class Spot(NamedTuple):
    """Before a character of a row's text."""

    row: int
    character: int


class Selection:
    """`anchor` is where it was begun, `caret` where it has got to."""

    def __init__(self) -> None:
        self.anchor: Spot | None = None
        self.caret: Spot | None = None

    def begin(self, spot: Spot) -> None:
        """Begin anew, with nothing selected."""
        self.anchor = self.caret = spot

    def extend(self, spot: Spot) -> None:
        """Let it reach to there."""
        self.anchor = self.anchor or spot
        self.caret = spot

    def clear(self) -> None:
        """Select nothing."""
        self.anchor = self.caret = None

    @property
    def is_empty(self) -> bool:
        return self.anchor is None or self.anchor == self.caret

    @property
    def bounds(self) -> tuple[Spot, Spot]:
        """First and last; only of one that is not empty."""
        assert self.anchor is not None and self.caret is not None
        first, last = sorted((self.anchor, self.caret))
        return first, last

    def within(self, row: int, length: int) -> tuple[int, int] | None:
        """Which characters of a row are selected."""
        if self.is_empty:
            return None
        first, last = self.bounds
        if not first.row <= row <= last.row:
            return None
        low = first.character if row == first.row else 0
        high = last.character if row == last.row else length
        return low, min(high, length)
