"""One console for a workspace: a second start hands its words to the first and ends."""

from collections.abc import Sequence
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from watchkeeper.model import places

#: Milliseconds that the first console has to answer.
PATIENCE = 1_000
#: Bytes of one message at the most.
MOST = 65_536


def name_of(home: Path) -> str:
    """Where the console of a workspace listens."""
    return str(places.socket_of(home, "console"))


def hand_over(home: Path, words: Sequence[str]) -> bool:
    """Give the words to the console that shows this workspace; False when there is none."""
    socket = QLocalSocket()
    socket.connectToServer(name_of(home))
    if not socket.waitForConnected(PATIENCE):
        return False
    socket.write(msgspec.json.encode(list(words)) + b"\n")
    socket.waitForBytesWritten(PATIENCE)
    is_taken = socket.waitForReadyRead(PATIENCE)
    socket.disconnectFromServer()
    return is_taken


class Reception(QObject):
    """Listens for later starts."""

    #: The words that one was started with.
    asked = Signal(list)

    def __init__(self, home: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._welcome)
        # What a console that was killed has left would keep this one from listening.
        QLocalServer.removeServer(name_of(home))
        self.is_open = self._server.listen(name_of(home))

    def close(self) -> None:
        """Listen no more."""
        self._server.close()

    def _welcome(self) -> None:
        socket = self._server.nextPendingConnection()
        socket.readyRead.connect(self._take)
        socket.disconnected.connect(socket.deleteLater)

    def _take(self) -> None:
        socket = self.sender()
        assert isinstance(socket, QLocalSocket)
        if socket.bytesAvailable() > MOST:
            return socket.abort()
        if not socket.canReadLine():
            return
        words = _words(bytes(socket.readLine(MOST).data()))
        if words is None:
            return socket.abort()
        socket.write(b"ok\n")
        self.asked.emit(words)


def _words(line: bytes) -> list[str] | None:
    try:
        return msgspec.json.decode(line, type=list[str])
    except msgspec.DecodeError:
        return None
