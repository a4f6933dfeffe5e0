"""A window that says when its first page is read and painted, and ends."""

import time

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QShowEvent

from watchkeeper.ui.shell.window import Window

#: Milliseconds between two looks whether the page has been read.
BEAT = 2


class FirstWindow(Window):
    """Quits when it can be used."""

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._beat = QTimer(self)
        self._beat.timeout.connect(self._look)
        self._beat.start(BEAT)

    def _look(self) -> None:
        if self.page.read_at is not None:
            self._beat.stop()
            self.page.installEventFilter(self)
            self.page.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint:
            self.page.removeEventFilter(self)
            QTimer.singleShot(0, self._tell)
        return False

    def _tell(self) -> None:
        print(time.monotonic(), flush=True)
        self.quit()
