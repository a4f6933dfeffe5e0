"""Whether keys or pointer have been used: whoever comes back to a screen that was not locked is known to be back."""

from datetime import timedelta

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer, Signal

from watchkeeper.ui.clock import now

#: Milliseconds between two looks. Only the first input after one is noticed: the others cost nothing.
BEAT = 30_000
_INPUTS = frozenset(
    (QEvent.Type.KeyPress, QEvent.Type.MouseMove, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel, QEvent.Type.Enter)
)


class Idleness(QObject):
    """Notices who does nothing for `span` and then something."""

    #: Somebody is back; the moment of what they did before.
    back = Signal(object)

    def __init__(self, span: timedelta, parent: QObject) -> None:
        super().__init__(parent)
        self._span = span
        self._used_at = now()
        clock = QTimer(self)
        clock.setInterval(BEAT)
        clock.timeout.connect(self.look)
        clock.start()
        self.look()

    def look(self) -> None:
        """Notice the next input."""
        application = QCoreApplication.instance()
        if application is not None:
            application.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The first input ends the look; nothing is kept from anybody."""
        if event.type() in _INPUTS:
            QCoreApplication.instance().removeEventFilter(self)  # type: ignore[union-attr]  # it was installed there
            used_at, self._used_at = self._used_at, now()
            if self._used_at - used_at > self._span:
                self.back.emit(used_at)
        return False
