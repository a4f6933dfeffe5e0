"""What a screen reader is told of the rows: the lines that are seen, as they are at that moment."""

from functools import cache, partial

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget

from watchkeeper.ui.log.sheet import Sheet

#: Qt keeps an interface as long as its widget; Python has to keep it as long as Qt.
_kept: dict[int, "SpokenSheet"] = {}


class SpokenSheet(QAccessibleWidget):
    """Of one sheet."""

    def __init__(self, sheet: Sheet) -> None:
        super().__init__(sheet, QAccessible.Role.Document, sheet.accessibleName())
        self._sheet = sheet

    def text(self, kind: QAccessible.Text) -> str:
        if kind is QAccessible.Text.Name:
            return self._sheet.accessibleName()
        return self._sheet.shown_text() if kind is QAccessible.Text.Value else ""


@cache
def speak_sheets() -> None:
    """Let every sheet be told from now on."""
    QAccessible.installFactory(_interface)


def _interface(_name: str, thing: QObject) -> QAccessibleInterface | None:
    if not isinstance(thing, Sheet):
        return None
    key = id(thing)
    if key not in _kept:
        _kept[key] = SpokenSheet(thing)
        thing.destroyed.connect(partial(_forget, key))
    return _kept[key]


def _forget(key: int, _gone: object = None) -> None:
    _kept.pop(key, None)
