"""What a person can use in a window, and where the Tab key leads."""

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QPlainTextEdit,
    QToolButton,
    QWidget,
)

_USED = (QAbstractButton, QAbstractItemView, QAbstractSpinBox, QComboBox, QLineEdit, QPlainTextEdit)
#: Presses of Tab within one control, which may lead through its parts, and in all.
_INSIDE, _MOST = 80, 600


def controls(window: QWidget) -> Iterator[QWidget]:
    """All that is seen and takes a press of a button: Qt's own, and what is painted by us."""
    for widget in window.findChildren(QWidget):
        is_control = isinstance(widget, _USED) and not isinstance(widget, QHeaderView)
        if (is_control or _takes_presses(widget)) and widget.isVisible() and widget.isEnabled():
            yield widget


def tab_stops(window: QWidget) -> set[QWidget]:
    """Where the keyboard comes by Tab, once around the window."""
    window.activateWindow()
    found: set[QWidget] = set()
    first = before = QApplication.focusWidget()
    assert first is not None, "nothing has the keyboard"
    inside = 0
    for _press in range(_MOST):
        QTest.keyClick(before, Qt.Key.Key_Tab)
        if QApplication.focusWidget() is before and isinstance(before, QPlainTextEdit):
            # Where Tab indents, Escape comes before it.
            QTest.keyClick(before, Qt.Key.Key_Escape)
            QTest.keyClick(before, Qt.Key.Key_Tab)
        focus = QApplication.focusWidget()
        assert focus is not None, f"the keyboard is lost after {before}"
        inside = inside + 1 if focus is before else 0
        assert inside < _INSIDE, f"Tab does not leave {before}"
        found.add(focus)
        if focus is first and focus is not before:
            break
        before = focus
    return found | {stop.focusProxy() for stop in found if stop.focusProxy() is not None}


def name_of(widget: QWidget) -> str:
    """What a screen reader says of it."""
    told = QAccessible.queryAccessibleInterface(widget)
    return "" if told is None else str(told.text(QAccessible.Text.Name)).strip()


def is_icon_only(widget: QWidget) -> bool:
    """A button without words."""
    has_icon = isinstance(widget, QToolButton) or (isinstance(widget, QAbstractButton) and not widget.icon().isNull())
    return has_icon and not widget.text().strip()  # type: ignore[attr-defined]  # both kinds of button have one


def _takes_presses(widget: QWidget) -> bool:
    own = (base for base in type(widget).__mro__ if base.__module__.startswith("watchkeeper"))
    return any("mousePressEvent" in vars(base) for base in own)
