"""A desktop's server of notifications, as a program: `notification_server.py actions,body`.

With `at-once` its person clicks before the program has even heard of the number.

Writes what it gets to its output, a JSON value in each line. What it reads are signals to be sent: `ActionInvoked 41
again`, `NotificationClosed 41 2`.
"""

import json
import os
import sys
from itertools import count
from typing import Any

from PySide6.QtCore import ClassInfo, QCoreApplication, QObject, QSocketNotifier, Signal, Slot
from PySide6.QtDBus import QDBusAbstractAdaptor, QDBusConnection

NAME, PATH = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"


def tell(**what: Any) -> None:
    print(json.dumps(what), flush=True)


@ClassInfo({"D-Bus Interface": NAME})
class Server(QDBusAbstractAdaptor):
    ActionInvoked = Signal("uint", str)
    NotificationClosed = Signal("uint", "uint")

    def __init__(self, owner: QObject, capabilities: list[str]) -> None:
        super().__init__(owner)
        self._capabilities, self._numbers = capabilities, count(41)

    @Slot(result="QStringList")
    def GetCapabilities(self) -> list[str]:
        return self._capabilities

    @Slot(str, "uint", str, str, str, "QStringList", "QVariantMap", int, result="uint")
    def Notify(
        self,
        app: str,
        replaces: int,
        icon: str,
        title: str,
        body: str,
        actions: list[str],
        hints: dict[str, Any],
        timeout: int,
    ) -> int:
        number = replaces or next(self._numbers)
        tell(number=number, replaces=replaces, title=title, body=body, actions=actions, hints=hints)
        if "at-once" in self._capabilities:
            self.ActionInvoked.emit(number, actions[0])
        return number

    @Slot("uint")
    def CloseNotification(self, number: int) -> None:
        tell(closed=number)
        self.NotificationClosed.emit(number, 3)

    def send(self) -> None:
        """Lines have come; each is written at once."""
        for line in os.read(sys.stdin.fileno(), 4096).decode().splitlines():
            signal, number, value = line.split()
            if signal == "ActionInvoked":
                self.ActionInvoked.emit(int(number), value)
            else:
                self.NotificationClosed.emit(int(number), int(value))


def main() -> None:
    app = QCoreApplication([])
    owner = QObject()
    server = Server(owner, sys.argv[1].split(","))
    reader = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
    reader.activated.connect(server.send)
    bus = QDBusConnection.sessionBus()
    assert bus.registerObject(PATH, owner, QDBusConnection.RegisterOption.ExportAdaptors)
    assert bus.registerService(NAME)
    tell(ready=True)
    app.exec()


if __name__ == "__main__":
    main()
