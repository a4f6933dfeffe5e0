"""How far what is shown can be trusted: whether it was read lately, and the engine would tell of changes."""

from datetime import datetime

from PySide6.QtCore import QObject, QTimer, Signal

from watchkeeper.model.text import Text, _
from watchkeeper.ui.bridge import Bridge
from watchkeeper.ui.clock import now
from watchkeeper.ui.spans import ago

#: Milliseconds after which an answer that was wanted is overdue.
LATE = 10_000


class Freshness(QObject):
    """One for each page."""

    changed = Signal()

    def __init__(self, bridge: Bridge, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge = bridge
        #: When it was read last; None for never.
        self.read_at: datetime | None = None
        self._failure: Text | None = None
        self._is_late = False
        self._overdue = QTimer(self)
        self._overdue.setSingleShot(True)
        self._overdue.setInterval(LATE)
        self._overdue.timeout.connect(self._take_delay)
        bridge.is_connected_changed.connect(self.changed)

    @property
    def is_stale(self) -> bool:
        """Whether it may be no longer so."""
        return not self._bridge.is_connected or self._failure is not None or self._is_late

    @property
    def words(self) -> Text:
        """Why, and how old it is."""
        if self.read_at is None:
            return _("{trouble} Nothing could be read yet.", trouble=self._trouble())
        return _("{trouble} What you see was read {ago}.", trouble=self._trouble(), ago=ago(self.read_at, now()))

    def want(self) -> None:
        """It is being read."""
        if not self._overdue.isActive():
            self._overdue.start()

    def come(self) -> None:
        """It was read."""
        self.read_at = now()
        self._settle(None)

    def fail(self, why: Text) -> None:
        """It could not be read."""
        self._settle(why)

    def _settle(self, failure: Text | None) -> None:
        self._overdue.stop()
        was_stale, self._failure, self._is_late = self.is_stale, failure, False
        if was_stale or failure is not None:
            self.changed.emit()

    def _take_delay(self) -> None:
        self._is_late = True
        self.changed.emit()

    def _trouble(self) -> Text:
        if not self._bridge.is_connected:
            return _("The engine does not answer.")
        if self._failure is not None:
            return _("This could not be read: {why}.", why=self._failure)
        return _("The engine is slow to answer.")
