"""What may be no longer so is painted in the faintest ink: all words alike, and no colour of a state."""

from dataclasses import replace
from functools import cache
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtWidgets import QLabel, QWidget
from shiboken6 import isValid

from watchkeeper.ui.theme.colors import Tokens
from watchkeeper.ui.theme.look import look

#: Those of a theme that become its faintest ink.
_INKS = ("text", "text_2", "success", "running", "failed", "warning", "blocked", "waiting", "cancelled")


class Pale(QObject):
    """One for the application; watches its paint events as long as anything is pale.

    Everything is painted with the tokens that hold at that moment (see `theme.tokens`), so that no widget has to know.
    """

    def __init__(self) -> None:
        super().__init__()
        self._grounds: set[QWidget] = set()

    def set_pale(self, ground: QWidget, is_pale: bool) -> None:
        """Paint a widget, and all within it, pale or in full colour again."""
        if is_pale is (ground in self._grounds):
            return
        self._grounds = {each for each in self._grounds if isValid(each) and each is not ground}
        if is_pale:
            self._grounds.add(ground)
        self._watch()
        ground.setProperty("pale", "true" if is_pale else "false")
        _repaint(ground)

    def _watch(self) -> None:
        application = QCoreApplication.instance()
        assert application is not None
        application.removeEventFilter(self)
        if self._grounds:
            application.installEventFilter(self)
        else:
            look().worn = look().tokens

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Put on the tokens in which this is to be painted."""
        is_pale = event.type() is QEvent.Type.Paint and isinstance(watched, QWidget) and self._is_within(watched)
        look().worn = paled(look().tokens) if is_pale else look().tokens
        return False

    def _is_within(self, widget: QWidget) -> bool:
        above: QWidget | None = widget
        while above is not None and above not in self._grounds:
            above = above.parentWidget()
        return above is not None


@cache
def pale() -> Pale:
    """The application's."""
    return Pale()


def paled(t: Tokens) -> Tokens:
    """A theme without its colours of states and with one ink."""
    inks: dict[str, Any] = dict.fromkeys(_INKS, t.text_3)
    return replace(t, fill_ok=t.planned, **inks)


def _repaint(ground: QWidget) -> None:
    """The style sheet looks at a property only when a widget is polished."""
    for label in (ground, *ground.findChildren(QLabel)):
        label.style().unpolish(label)
        label.style().polish(label)
    for widget in ground.findChildren(QWidget):
        widget.update()
