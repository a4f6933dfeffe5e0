"""A line to a PostgreSQL server that can be cut, or lose what is said at a commit."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from enum import Enum, auto
from pathlib import Path

from tests.postgresql import Server, short_folder

_COMMIT = b"COMMIT\0"
_NAME = ".s.PGSQL.5432"


class Trap(Enum):
    """What becomes of the next commit: the connection breaks before the server hears of it, or before its answer."""

    REQUEST_LOST = auto()
    ANSWER_LOST = auto()


class Proxy:
    """Listens in a folder of its own, as the server does in its."""

    def __init__(self, folder: Path, server: Server) -> None:
        self._folder, self._upstream = folder, str(server.folder / _NAME)
        #: Set for the next commit; None again when it has snapped.
        self.trap: Trap | None = None
        #: Whether the line stays cut when the trap has snapped.
        self.stays_cut = False
        self._is_cut = False
        self._sockets: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(folder / _NAME))
        self._listener.listen(64)
        self._begin(self._accept)

    def url(self, database: str) -> str:
        return f"postgresql://keeper@/{database}?host={self._folder}"

    def cut(self) -> None:
        """Break every connection and take no new one."""
        self._is_cut = True
        _end(*tuple(self._sockets))

    def mend(self) -> None:
        self._is_cut = False

    def close(self) -> None:
        self.cut()
        _end(self._listener)
        self._listener.close()
        for thread in self._threads:
            thread.join()
        for each in self._sockets:
            each.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _address = self._listener.accept()
            except OSError:
                return
            if self._is_cut:
                client.close()
                continue
            server = socket.socket(socket.AF_UNIX)
            try:
                server.connect(self._upstream)
            except OSError:
                client.close()
                server.close()
                continue
            self._join(client, server)

    def _join(self, client: socket.socket, server: socket.socket) -> None:
        self._sockets |= {client, server}
        is_mute = threading.Event()
        self._begin(self._carry_requests, client, server, is_mute)
        self._begin(self._carry_answers, server, client, is_mute)

    def _carry_requests(self, client: socket.socket, server: socket.socket, is_mute: threading.Event) -> None:
        for data in _received(client):
            if _COMMIT in data and self.trap is not None:
                trap, self.trap = self.trap, None
                self._is_cut = self._is_cut or self.stays_cut
                if trap is Trap.REQUEST_LOST:
                    break
                is_mute.set()
            _send(server, data)
        _end(client, server)

    def _carry_answers(self, server: socket.socket, client: socket.socket, is_mute: threading.Event) -> None:
        for data in _received(server):
            if is_mute.is_set():
                break
            _send(client, data)
        _end(client, server)

    def _begin(self, work: Callable[..., None], *given: object) -> None:
        thread = threading.Thread(target=work, args=given, daemon=True)
        self._threads.append(thread)
        thread.start()


@contextmanager
def running_proxy(server: Server) -> Iterator[Proxy]:
    """A line to `server` that is gone afterwards."""
    with short_folder() as folder:
        proxy = Proxy(folder, server)
        try:
            yield proxy
        finally:
            proxy.close()


def _received(source: socket.socket) -> Iterator[bytes]:
    with suppress(OSError):
        while data := source.recv(65536):
            yield data


def _send(target: socket.socket, data: bytes) -> None:
    with suppress(OSError):
        target.sendall(data)


def _end(*ends: socket.socket) -> None:
    for each in ends:
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
