"""The bus on which the programs of a desktop session talk: D-Bus, by Qt. Nobody waits for it but coroutines."""

import asyncio
import os
from pathlib import Path
from typing import Any

from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusPendingCallWatcher, QDBusVariant

#: Milliseconds that a program has for an answer.
PATIENCE = 3_000
_SYSTEM = Path("/run/dbus/system_bus_socket")


def session_bus() -> QDBusConnection | None:
    """The bus of this session; None where none is running: asking Qt without a look would start one."""
    folder = os.environ.get("XDG_RUNTIME_DIR")
    is_there = "DBUS_SESSION_BUS_ADDRESS" in os.environ or (folder is not None and Path(folder, "bus").is_socket())
    if not is_there:
        return None
    bus = QDBusConnection.sessionBus()
    return bus if bus.isConnected() else None


def system_bus() -> QDBusConnection | None:
    """The bus of the machine, on which it tells of its sleep; None where there is none."""
    if not _SYSTEM.is_socket():
        return None
    bus = QDBusConnection.systemBus()
    return bus if bus.isConnected() else None


async def answer(bus: QDBusConnection, name: str, path: str, face: str, method: str, *given: Any) -> list[Any] | None:
    """What a method of another program's interface gives; None when it fails, or nobody answers in time."""
    call = QDBusMessage.createMethodCall(name, path, face, method)
    call.setArguments(given)
    got: asyncio.Future[QDBusMessage] = asyncio.get_running_loop().create_future()
    watcher = QDBusPendingCallWatcher(bus.asyncCall(call, PATIENCE))

    def take() -> None:
        if not got.done():
            got.set_result(watcher.reply())

    watcher.finished.connect(take)
    reply = await got
    is_answer = reply.type() is QDBusMessage.MessageType.ReplyMessage
    return [unpacked(value) for value in reply.arguments()] if is_answer else None


def unpacked(value: Any) -> Any:
    """What a variant holds, however often it is wrapped."""
    while isinstance(value, QDBusVariant):
        value = value.variant()
    return value
