"""A desktop for tests: a real D-Bus of its own, and on it programs which show notifications or tell settings."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from pathlib import Path
from threading import Thread
from typing import Any

from PySide6.QtDBus import QDBusConnection

_NUMBERS = count(1)


@contextmanager
def session_bus() -> Iterator[str]:
    """The address of a bus which lasts as long as the test."""
    words = ["dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as daemon:
        assert daemon.stdout is not None
        try:
            yield daemon.stdout.readline().strip()
        finally:
            daemon.terminate()


@contextmanager
def connected(address: str) -> Iterator[QDBusConnection]:
    """A connection of its own, as each program has one."""
    name = f"test-{next(_NUMBERS)}"
    bus = QDBusConnection.connectToBus(address, name)
    assert bus.isConnected(), bus.lastError().message()
    try:
        yield bus
    finally:
        QDBusConnection.disconnectFromBus(name)


class Server:
    """What a program on the bus was given, and what it is to say."""

    def __init__(self, server: "subprocess.Popen[str]") -> None:
        self._server = server
        self.heard: list[dict[str, Any]] = []

    @property
    def shown(self) -> list[dict[str, Any]]:
        """The notifications."""
        return [line for line in self.heard if "title" in line]

    @property
    def closed(self) -> list[int]:
        """The numbers of those that were taken away."""
        return [line["closed"] for line in self.heard if "closed" in line]

    def send(self, *words: object) -> None:
        """Let the server send a signal."""
        assert self._server.stdin is not None
        self._server.stdin.write(" ".join(str(word) for word in words) + "\n")
        self._server.stdin.flush()

    def listen(self) -> None:
        """Until the server ends."""
        assert self._server.stdout is not None
        for line in self._server.stdout:
            self.heard.append(json.loads(line))


@contextmanager
def server_of(address: str, program: str, given: str) -> Iterator[Server]:
    """One of the programs beside this file, known on the bus."""
    words = [sys.executable, str(Path(__file__).with_name(program)), given]
    environ = {**os.environ, "DBUS_SESSION_BUS_ADDRESS": address}
    with subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environ, text=True
    ) as server:
        assert server.stdout is not None
        assert json.loads(server.stdout.readline()) == {"ready": True}
        told = Server(server)
        listener = Thread(target=told.listen)
        listener.start()
        try:
            yield told
        finally:
            server.terminate()
            listener.join()


def notifications(address: str, capabilities: str) -> AbstractContextManager[Server]:
    """What shows notifications; `capabilities` like `actions,body`."""
    return server_of(address, "notification_server.py", capabilities)


def portal(address: str, settings: dict[str, Any]) -> AbstractContextManager[Server]:
    """What tells the settings of the desktop, by `namespace key`."""
    return server_of(address, "portal_server.py", json.dumps(settings))
