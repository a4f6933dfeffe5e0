"""A desktop's portal of settings, as a program: `portal_server.py '{"org.gnome.desktop.interface enable-animations":
false}'`. What it reads is set and told: `org.gnome.desktop.interface enable-animations true`.
"""

import json
import os
import sys
from typing import Any

from PySide6.QtCore import ClassInfo, QCoreApplication, QObject, QSocketNotifier, Signal, Slot
from PySide6.QtDBus import QDBusAbstractAdaptor, QDBusConnection, QDBusVariant

NAME, PATH = "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop"


@ClassInfo({"D-Bus Interface": "org.freedesktop.portal.Settings"})
class Portal(QDBusAbstractAdaptor):
    SettingChanged = Signal(str, str, QDBusVariant)

    def __init__(self, owner: QObject, settings: dict[str, Any]) -> None:
        super().__init__(owner)
        self._settings = settings

    @Slot(str, str, result=QDBusVariant)
    def Read(self, namespace: str, key: str) -> QDBusVariant:
        """As the real one does, in a variant within a variant."""
        return QDBusVariant(QDBusVariant(self._settings.get(f"{namespace} {key}", "")))

    def send(self) -> None:
        """Lines have come; each is written at once."""
        for line in os.read(sys.stdin.fileno(), 4096).decode().splitlines():
            namespace, key, value = line.split()
            self._settings[f"{namespace} {key}"] = json.loads(value)
            self.SettingChanged.emit(namespace, key, QDBusVariant(json.loads(value)))


def main() -> None:
    app = QCoreApplication([])
    owner = QObject()
    portal = Portal(owner, json.loads(sys.argv[1]))
    reader = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
    reader.activated.connect(portal.send)
    bus = QDBusConnection.sessionBus()
    assert bus.registerObject(PATH, owner, QDBusConnection.RegisterOption.ExportAdaptors)
    assert bus.registerService(NAME)
    print(json.dumps({"ready": True}), flush=True)
    app.exec()


if __name__ == "__main__":
    main()
