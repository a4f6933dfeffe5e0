"""Whether somebody sits before the screen: it is locked and unlocked, the machine sleeps and wakes."""

from datetime import datetime, timedelta

from PySide6.QtCore import SLOT, QObject, QTimer, Signal, Slot
from PySide6.QtDBus import QDBusConnection

from watchkeeper.ui.clock import now

#: The screens of the desktops, by the interface that tells whether they are locked.
_SCREENS = ("org.freedesktop.ScreenSaver", "org.gnome.ScreenSaver", "org.cinnamon.ScreenSaver", "org.mate.ScreenSaver")
_LOGIN = "org.freedesktop.login1"
#: Milliseconds between two looks at the clock, and what the clock goes on meanwhile if the machine has slept.
BEAT = 30_000
GAP = timedelta(minutes=3)


class Presence(QObject):
    """Where no bus tells it, a sleep is seen by the clock all the same."""

    #: Somebody is back; the moment when they went.
    back = Signal(object)

    def __init__(self, session: QDBusConnection | None, system: QDBusConnection | None, parent: QObject) -> None:
        super().__init__(parent)
        self._left_at: datetime | None = None
        self._looked_at = now()
        clock = QTimer(self)
        clock.setInterval(BEAT)
        clock.timeout.connect(self.look)
        clock.start()
        if session is not None:
            for face in _SCREENS:
                self._hear(session, face, "ActiveChanged", "take(bool)")
        if system is not None:
            self._hear(system, f"{_LOGIN}.Manager", "PrepareForSleep", "take(bool)")
            self._hear(system, f"{_LOGIN}.Session", "Lock", "leave()")
            self._hear(system, f"{_LOGIN}.Session", "Unlock", "come_back()")

    @Slot(bool)
    def take(self, is_away: bool) -> None:
        """The screen is locked, or the machine goes to sleep; or that is over."""
        self.leave() if is_away else self.come_back()

    @Slot()
    def leave(self) -> None:
        """Somebody goes; who is away already has gone before."""
        self._left_at = self._left_at or now()

    @Slot()
    def come_back(self) -> None:
        """Somebody is there again."""
        self._looked_at = now()
        if self._left_at is not None:
            left_at, self._left_at = self._left_at, None
            self.back.emit(left_at)

    def look(self) -> None:
        """A clock that has leapt: the machine slept."""
        before, self._looked_at = self._looked_at, now()
        if self._left_at is None and self._looked_at - before > GAP:
            self.back.emit(before)

    def _hear(self, bus: QDBusConnection, face: str, signal: str, slot: str) -> None:
        bus.connect("", "", face, signal, self, SLOT(slot))  # type: ignore[call-overload]  # it is a str
