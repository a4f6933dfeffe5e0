"""Looks at the engine again and again: what it does, and what needs a person."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from watchkeeper.action.attention import Attention
from watchkeeper.action.desk import Desk
from watchkeeper.action.engine import Status
from watchkeeper.model.errors import Known
from watchkeeper.model.events import Event
from watchkeeper.model.text import Text
from watchkeeper.ui.bridge import Bridge
from watchkeeper.ui.tasks import Tasks

#: Milliseconds between two looks at the engine when nothing happens.
PULSE = 2_000
#: The same for what needs a person when nothing happens, and when a lot does: failures are searched for their errors.
SLOW_PULSE, SOON = 20_000, 500
#: Causes that are read; all are counted.
MOST = 5


class Lookout(QObject):
    """One for the window."""

    #: What the engine does, as it has just said; None when it does not answer.
    status_read = Signal(object)
    #: The causes that need a person, the worst first.
    attention_read = Signal(object)

    def __init__(self, desk: Desk, bridge: Bridge, refuse: Callable[[Text], None], parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._tasks = Tasks(refuse)
        self._pulse = _timer(self, PULSE, self.look)
        self._slow_pulse = _timer(self, SLOW_PULSE, self._look_at_causes)
        self._soon = _timer(self, SOON, self._look_at_causes)
        self._soon.setSingleShot(True)
        bridge.told.connect(self._take)
        bridge.is_connected_changed.connect(self._take_connection)

    def start(self) -> None:
        """Look now, and from now on."""
        self._pulse.start()
        self._slow_pulse.start()
        QTimer.singleShot(0, self, self.look)
        QTimer.singleShot(0, self, self._look_at_causes)

    def look(self) -> None:
        """At what the engine does."""
        self._tasks.start(self._read_status(), "status")

    def close(self) -> None:
        """Look no more."""
        for timer in (self._pulse, self._slow_pulse, self._soon):
            timer.stop()
        self._tasks.close()

    def _take(self, _batch: Sequence[Event]) -> None:
        self.look()
        if not self._soon.isActive():
            self._soon.start()

    def _take_connection(self) -> None:
        self.look()
        self._look_at_causes()

    def _look_at_causes(self) -> None:
        self._tasks.start(self._read_attention(), "attention")

    async def _read_status(self) -> None:
        try:
            status: Status | None = await self._desk.ask("engine.status")
        except Known:
            status = None
        self.status_read.emit(status)

    async def _read_attention(self) -> None:
        try:
            attention: Attention = await self._desk.ask("attention.list", limit=MOST)
        except Known:
            return
        self.attention_read.emit(attention)


def _timer(parent: QObject, interval: int, slot: Callable[[], None]) -> QTimer:
    made = QTimer(parent)
    made.setInterval(interval)
    made.timeout.connect(slot)
    return made
