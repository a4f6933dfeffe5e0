"""Names with their values, a line each: parameters and outputs. Enter or the link copies a value."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from PySide6.QtGui import QGuiApplication

from watchkeeper.model import codec
from watchkeeper.model.text import Text, _
from watchkeeper.ui.widgets.lines import Line, Lines, Link

#: Characters of a value that are shown.
MOST = 400


class Values(Lines):
    """`said` tells that something was copied."""

    def __init__(self, empty: Text, said: Callable[[Text], None]) -> None:
        super().__init__(empty)
        self._said = said
        self.values: dict[str, Any] = {}

    def show_values(self, values: Mapping[str, Any]) -> None:
        """Show these."""
        self.values = dict(values)
        self.set_lines([self._line(name, value) for name, value in self.values.items()])

    def copy(self, name: str) -> None:
        """Its whole value, to the clipboard."""
        QGuiApplication.clipboard().setText(written(self.values[name]))
        self._said(_("{name} is on the clipboard", name=name))

    def _line(self, name: str, value: Any) -> Line:
        copied = partial(self.copy, name)
        fact = written(value)[:MOST].replace("\n", " ⏎ ")
        return Line(name, fact=fact, links=(Link(_("Copy"), copied),), open=copied, is_mono=True)


def written(value: Any) -> str:
    """A value as a person would write it."""
    return value if isinstance(value, str) else codec.encode(value).decode()
