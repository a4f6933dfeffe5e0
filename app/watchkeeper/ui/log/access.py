"""What a screen reader is told of the rows: the lines that are seen, a moment after they have changed.

As the sheet's description, not by an interface of our own: with a factory for those in Python, PySide6 6.11 crashes in
windows that are opened later.
"""

from PySide6.QtCore import QObject, QTimer

from watchkeeper.ui.log.sheet import Sheet

#: Milliseconds after which the lines are told: nobody wants to hear what scrolls by.
CALM = 300


class Teller(QObject):
    """Of one sheet, and as long as it lives."""

    def __init__(self, sheet: Sheet) -> None:
        super().__init__(sheet)
        self._sheet = sheet
        self._calm = QTimer(self)
        self._calm.setSingleShot(True)
        self._calm.setInterval(CALM)
        self._calm.timeout.connect(self._tell)
        sheet.moved.connect(self._calm.start)
        sheet.reading.changed.connect(self._calm.start)

    def _tell(self) -> None:
        self._sheet.setAccessibleDescription(self._sheet.shown_text())
