"""Do not disturb: notices are kept and counted, but the desktop is not bothered; for good or until a moment."""

from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QObject, QTimer, Signal

from watchkeeper.model.text import Text, _
from watchkeeper.ui.clock import now
from watchkeeper.ui.memory import Memory
from watchkeeper.ui.spans import moment

#: Remembered: whether it is on, and until when, as an ISO moment; "" for good. Others may write the first.
QUIET, UNTIL = "quiet", "quiet.until"
#: The longest that a timer waits before it looks again.
_LOOK = timedelta(hours=1)


class Quiet(QObject):
    """One for the window."""

    changed = Signal()

    def __init__(self, memory: Memory, parent: QObject) -> None:
        super().__init__(parent)
        self._memory = memory
        self._told = (self.is_on, self.until)
        self._end = QTimer(self)
        self._end.setSingleShot(True)
        self._end.timeout.connect(self.look)
        self._wait()

    @property
    def is_on(self) -> bool:
        """Whether it holds at this moment."""
        until = self.until
        return bool(self._memory.get(QUIET, False)) and (until is None or now() < until)

    @property
    def until(self) -> datetime | None:
        """When it ends; None for never."""
        return _read(self._memory.get(UNTIL, ""))

    def turn(self, is_on: bool, until: datetime | None = None) -> None:
        """On, for good or until a moment (aware); or off."""
        self._memory.put(UNTIL, until.isoformat() if is_on and until else "")
        self._memory.put(QUIET, is_on)
        self.look()

    def look(self) -> None:
        """Tell if it is not as it was: it may have ended, or was turned elsewhere."""
        if not self.is_on and self.until is not None:
            self._memory.put(UNTIL, "")
            self._memory.put(QUIET, False)
        self._wait()
        if self._told != (told := (self.is_on, self.until)):
            self._told = told
            self.changed.emit()

    def words(self, zone: str) -> Text:
        """What holds, in a sentence."""
        if not self.is_on:
            return _("Notifications are shown")
        if self.until is None:
            return _("Do not disturb")
        return _("Do not disturb until {moment}", moment=moment(self.until, zone, now()))

    def _wait(self) -> None:
        self._end.stop()
        if self.is_on and self.until is not None:
            left = max(timedelta(), min(self.until - now(), _LOOK))
            self._end.start(round(left.total_seconds() * 1000) + 1)


def _read(remembered: str) -> datetime | None:
    try:
        until = datetime.fromisoformat(remembered)
    except ValueError:
        return None
    return until if until.tzinfo is not None else until.replace(tzinfo=UTC)
