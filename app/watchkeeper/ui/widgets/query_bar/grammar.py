"""What a query bar is told of its language, whose words are those of model/job_filter.py."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from watchkeeper.model.job_filter import Fault
from watchkeeper.model.text import Text


class Offer(NamedTuple):
    """What could stand at the caret."""

    #: As it is written: `status:`, `failed`, `"my own"`.
    written: str
    #: Its meaning, or how many have it.
    note: Text | str = ""

    @property
    def is_key(self) -> bool:
        """A value has to follow."""
        return self.written.endswith(":")


class Offers(NamedTuple):
    """What could take the place of the characters from `start` up to `end`, the likeliest first."""

    start: int
    end: int
    found: Sequence[Offer]


class Grammar(Protocol):
    """What the fields are, and what can stand in them."""

    def faults(self, text: str) -> Sequence[Fault]:
        """What can't be read, with its place."""

    def offers(self, text: str, caret: int) -> Offers:
        """What could stand where the caret is."""
