"""What is wrong with what is being edited, as pages report it: shown in one panel."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from watchkeeper.model.text import Text


@dataclass(frozen=True)
class Problem:
    """One of them. `place` in words: `Schedule, deadline`."""

    text: Text
    place: Text | str = ""
    is_error: bool = True
    #: Goes where it can be mended.
    show: Callable[[], None] | None = None
    #: Mends it: words and what they do.
    fix: tuple[Text, Callable[[], None]] | None = None


class Problems(QObject):
    """By the page that reports them."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._found: dict[str, tuple[Problem, ...]] = {}

    def report(self, place: str, problems: Sequence[Problem]) -> None:
        """All that a page has now; none takes it off the list."""
        before = self._found.get(place, ())
        if problems:
            self._found[place] = tuple(problems)
        else:
            self._found.pop(place, None)
        if before != tuple(problems):
            self.changed.emit()

    def all(self) -> list[Problem]:
        """Errors first."""
        found = [problem for problems in self._found.values() for problem in problems]
        return sorted(found, key=lambda problem: not problem.is_error)
