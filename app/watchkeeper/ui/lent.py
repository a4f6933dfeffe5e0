"""A value on the clipboard for a short while: taken off again, if it is still what lies there."""

from PySide6.QtCore import QCoreApplication, QMimeData, QObject, QTimer
from PySide6.QtGui import QClipboard, QGuiApplication

#: Seconds for which it lies there.
SECONDS = 30
#: Tells programs that watch the clipboard to keep nothing of it: KDE's and GNOME's way, macOS's, Windows'.
_PRIVATE = {
    "x-kde-passwordManagerHint": b"secret",
    "org.nspasteboard.ConcealedType": b"1",
    "ExcludeClipboardContentFromMonitorProcessing": b"1",
}


class Lent(QObject):
    """Watches over a value that lies on the clipboard; outlives the page, and ends with the program."""

    def __init__(self, value: str, seconds: float = SECONDS) -> None:
        super().__init__(QCoreApplication.instance())
        self._value = value
        self._clock = QTimer(self)
        self._clock.setSingleShot(True)
        self._clock.setInterval(round(seconds * 1_000))
        self._clock.timeout.connect(self.take_back)
        self._clock.start()
        QGuiApplication.instance().aboutToQuit.connect(self.take_back)  # type: ignore[union-attr]  # there is one

    def take_back(self) -> None:
        """Clear the clipboard unless something else lies there by now."""
        self._clock.stop()
        withdraw(self._value)
        self._value = ""
        self.deleteLater()


def lend(value: str, seconds: float = SECONDS) -> Lent:
    """Put a value on the clipboard for so long."""
    QGuiApplication.clipboard().setMimeData(private(value))
    return Lent(value, seconds)


def private(value: str) -> QMimeData:
    """Text that is not to be remembered."""
    data = QMimeData()
    data.setText(value)
    for name, mark in _PRIVATE.items():
        data.setData(name, mark)
    return data


def withdraw(value: str) -> None:
    """Take a value off the clipboard, and off what a selection by the pointer has put beside it."""
    clipboard = QGuiApplication.clipboard()
    for mode in (QClipboard.Mode.Clipboard, QClipboard.Mode.Selection):
        if value and clipboard.text(mode) == value:
            clipboard.clear(mode)
