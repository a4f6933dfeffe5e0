"""Notifications of the desktop, with actions where it has them: org.freedesktop.Notifications over D-Bus.

From Python, Qt sends an unsigned number only by a call through an interface that knows its signature, which waits for
the answer: such calls are made in a thread, and not before the desktop has shown that it answers.
"""

import asyncio
import html
import os
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Q_ARG, Q_RETURN_ARG, SLOT, QMetaObject, QObject, Signal, Slot
from PySide6.QtDBus import QDBusConnection, QDBusInterface

from watchkeeper.ui.desktop_bus import PATIENCE, answer

NAME, PATH = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"
#: What a click on the notification itself is called.
DEFAULT = "default"
_DESKTOP_ENTRY = "io.github.watchkeeper.Watchkeeper"
_AS_THE_DESKTOP_LIKES = -1


class DesktopNotices(QObject):
    """`begin` says whether there are any; one that is shown again under its key takes the place of the one before."""

    #: Key, and what was clicked: an action's name or DEFAULT.
    chosen = Signal(str, str)

    def __init__(self, bus: QDBusConnection, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bus = bus
        self._numbers: dict[str, int] = {}
        #: Notifications whose numbers are not known yet, and what was clicked meanwhile in any unknown one.
        self._asked = 0
        self._early: list[tuple[int, str]] = []
        self.capabilities: tuple[str, ...] = ()

    async def begin(self) -> bool:
        """Ask the desktop what it can; whether notifications can have actions."""
        found = await answer(self._bus, NAME, PATH, NAME, "GetCapabilities")
        self.capabilities = tuple(found[0]) if found else ()
        for signal, slot in (
            ("ActionInvoked", "take_action(uint,QString)"),
            ("NotificationClosed", "take_end(uint,uint)"),
            ("ActivationToken", "take_token(uint,QString)"),
        ):
            self._bus.connect(NAME, PATH, NAME, signal, self, SLOT(slot))  # type: ignore[call-overload]  # it is a str
        return "actions" in self.capabilities

    async def show(self, key: str, title: str, body: str, actions: Sequence[tuple[str, str]]) -> bool:
        """Show it; `actions` are names with words. Whether the desktop took it."""
        if not self.capabilities:
            return False
        escaped = html.escape(body, quote=False) if "body-markup" in self.capabilities else body
        flat = [word for action in actions for word in action]
        self._asked += 1
        try:
            number = await asyncio.to_thread(_shown, self._bus.name(), self._numbers.get(key, 0), title, escaped, flat)
        finally:
            self._asked -= 1
        if number:
            self._numbers[key] = number
        self._catch_up(number)
        return bool(number)

    async def withdraw(self, key: str) -> None:
        """Take it away if it is still there."""
        if number := self._numbers.pop(key, 0):
            await asyncio.to_thread(_closed, self._bus.name(), number)

    @Slot("uint", str)
    def take_action(self, number: int, action: str) -> None:
        """Something was clicked, perhaps in a notification of another program."""
        key = next((key for key, known in self._numbers.items() if known == number), None)
        if key is not None:
            self.chosen.emit(key, action)
        elif self._asked:
            self._early.append((number, action))

    @Slot("uint", "uint")
    def take_end(self, number: int, _reason: int) -> None:
        """It is gone."""
        self._numbers = {key: known for key, known in self._numbers.items() if known != number}

    @Slot("uint", str)
    def take_token(self, number: int, token: str) -> None:
        """With this, Wayland lets a window come to the front; Qt looks for it in the environment."""
        if number in self._numbers.values():
            os.environ["XDG_ACTIVATION_TOKEN"] = token

    def _catch_up(self, number: int) -> None:
        """Take what was clicked before it was known whose number this is; the rest is another program's in the end."""
        clicked = [action for known, action in self._early if known == number]
        self._early = [each for each in self._early if each[0] != number and self._asked]
        for action in clicked:
            self.take_action(number, action)


def _shown(bus: str, before: int, title: str, body: str, actions: list[str]) -> int:
    """The number of the notification; 0 when there is none."""
    hints = {"desktop-entry": _DESKTOP_ENTRY}
    answer = _called(
        bus,
        "Notify",
        Q_RETURN_ARG("uint"),
        Q_ARG(str, "Watchkeeper"),
        Q_ARG("uint", before),
        Q_ARG(str, _DESKTOP_ENTRY),
        Q_ARG(str, title),
        Q_ARG(str, body),
        Q_ARG("QStringList", actions),
        Q_ARG("QVariantMap", hints),
        Q_ARG(int, _AS_THE_DESKTOP_LIKES),
    )
    return answer if isinstance(answer, int) else 0


def _closed(bus: str, number: int) -> None:
    _called(bus, "CloseNotification", Q_ARG("uint", number))


def _called(bus: str, method: str, *arguments: Any) -> Any:
    """What a method of the desktop gives; None when it fails."""
    desktop = QDBusInterface(NAME, PATH, NAME, QDBusConnection(bus))
    if not desktop.isValid():
        return None
    desktop.setTimeout(PATIENCE)
    try:
        answer = QMetaObject.invokeMethod(desktop, method, *arguments)
    except RuntimeError:
        return None
    return None if desktop.lastError().isValid() else answer
