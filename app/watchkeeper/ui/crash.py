"""What becomes of a mistake of ours in the window: it is written to a file, and shown at the next start.

Nothing leaves the machine. A fatal signal is written by faulthandler, because nothing else can run then.
"""

import faulthandler
import logging
import os
import platform
import sys
import threading
import traceback
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler, qVersion

from watchkeeper import __version__
from watchkeeper.model.known_secrets import hidden

_log = logging.getLogger("watchkeeper.window")

#: Reports that are kept.
MOST = 10
_FATAL = "fatal.txt"
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


class Reporter:
    """Watches from `begin` to `end`; reports lie in the workspace's folder `crashes`."""

    def __init__(self, home: Path) -> None:
        self.folder = home / "crashes"
        self._fatal: TextIO | None = None
        #: Called with a report's file when the window is to say that something went wrong.
        self.on_report: Callable[[Path], None] = lambda file: None

    def begin(self) -> None:
        """Take every error that nobody catches."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._fatal = (self.folder / _FATAL).open("a", encoding="utf-8")
        faulthandler.enable(self._fatal)
        sys.excepthook = self._take
        threading.excepthook = self._take_from_thread
        qInstallMessageHandler(_take_message)

    def end(self) -> None:
        """Watch no more."""
        qInstallMessageHandler(None)
        sys.excepthook, threading.excepthook = sys.__excepthook__, threading.__excepthook__
        faulthandler.disable()
        if self._fatal is not None:
            self._fatal.close()
            self._fatal = None

    def take_from_loop(self, _loop: object, context: dict[str, Any]) -> None:
        """An exception handler for asyncio loops."""
        error = context.get("exception")
        if isinstance(error, BaseException):
            self._take(type(error), error, error.__traceback__)
        else:
            _log.error("%s", context.get("message"))

    def reports(self) -> list[Path]:
        """What has not been seen yet, newest first."""
        found = [file for file in self.folder.glob("*.txt") if file.name != _FATAL or file.stat().st_size]
        return sorted(found, key=lambda file: file.stat().st_mtime, reverse=True)

    def forget(self) -> None:
        """All of them have been seen."""
        for file in self.folder.glob("*.txt"):
            if file.name == _FATAL:
                # Whoever watches has it open, and goes on writing at its end.
                os.truncate(file, 0)
            else:
                file.unlink(missing_ok=True)

    def _take(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        _log.error("a mistake of ours", exc_info=(kind, error, trace))
        if issubclass(kind, KeyboardInterrupt):
            return
        file = self._write(hidden("".join(traceback.format_exception(kind, error, trace))))
        self.on_report(file)

    def _take_from_thread(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            self._take(args.exc_type, args.exc_value, args.exc_traceback)

    def _write(self, text: str) -> Path:
        for old in self.reports()[MOST - 1 :]:
            old.unlink(missing_ok=True)
        file = self.folder / f"{datetime.now():%Y%m%d-%H%M%S-%f}.txt"
        file.touch(0o600)
        file.write_text(f"{versions()}\n\n{text}", encoding="utf-8", errors="backslashreplace")
        return file


def versions() -> str:
    """A line for the head of a report."""
    return f"Watchkeeper {__version__}, Python {platform.python_version()}, Qt {qVersion()}, {platform.platform()}"


def _take_message(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    _log.log(_LEVELS.get(kind, logging.WARNING), "Qt: %s", message)
