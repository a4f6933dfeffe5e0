"""What the person wants of every program: whether things may move. The desktop's portal knows, and tells changes."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import SLOT, QObject, Signal, Slot
from PySide6.QtDBus import QDBusConnection, QDBusVariant

from watchkeeper.ui.desktop_bus import answer
from watchkeeper.ui.tasks import Tasks

NAME, PATH = "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop"
FACE = "org.freedesktop.portal.Settings"
#: Namespace and key of a setting, and whether its value asks for stillness: of all desktops, of GNOME, of KDE.
_STILL: tuple[tuple[str, str, Callable[[Any], bool]], ...] = (
    ("org.freedesktop.appearance", "reduced-motion", lambda value: value == 1),
    ("org.gnome.desktop.interface", "enable-animations", lambda value: value is False),
    ("org.kde.kdeglobals.KDE", "AnimationDurationFactor", lambda value: str(value) in ("0", "0.0")),
)


class DesktopWishes(QObject):
    """Tells once it knows, and with every change."""

    #: Whether nothing is to move.
    told = Signal(bool)

    def __init__(self, bus: QDBusConnection, tasks: Tasks, parent: QObject) -> None:
        super().__init__(parent)
        self._bus, self._tasks = bus, tasks
        slot = SLOT("take_change(QString,QString,QDBusVariant)")
        bus.connect(NAME, PATH, FACE, "SettingChanged", self, slot)  # type: ignore[call-overload]  # it is a str
        self._ask()

    @Slot(str, str, QDBusVariant)
    def take_change(self, namespace: str, key: str, _value: QDBusVariant) -> None:
        """A setting of the desktop is another one now."""
        if any((namespace, key) == each[:2] for each in _STILL):
            self._ask()

    def _ask(self) -> None:
        self._tasks.start(self._asked(), "motion")

    async def _asked(self) -> None:
        is_still = False
        for namespace, key, asks_for_it in _STILL:
            found = await answer(self._bus, NAME, PATH, FACE, "Read", namespace, key)
            is_still = is_still or (found is not None and asks_for_it(found[0]))
        self.told.emit(is_still)
