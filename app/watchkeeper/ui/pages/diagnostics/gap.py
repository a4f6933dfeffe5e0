"""How long the window's loop keeps somebody waiting: a timer that notes how late it is, while it is looked at."""

import time
from collections import deque
from datetime import timedelta

from PySide6.QtCore import QObject, Qt, QTimer

#: Milliseconds between two looks, and how many of them are remembered: ten seconds.
BEAT = 50
REMEMBERED = 200


class Gap(QObject):
    """The longest of the last ten seconds; None before the first look."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._late: deque[float] = deque(maxlen=REMEMBERED)
        self._before = 0.0
        self._clock = QTimer(self)
        self._clock.setTimerType(Qt.TimerType.PreciseTimer)
        self._clock.setInterval(BEAT)
        self._clock.timeout.connect(self._look)

    @property
    def longest(self) -> timedelta:
        """Nothing before the first look."""
        return timedelta(seconds=max(self._late, default=0.0))

    def begin(self) -> None:
        """Look from now on."""
        self._before = time.monotonic()
        self._clock.start()

    def end(self) -> None:
        """Look no more."""
        self._clock.stop()

    def _look(self) -> None:
        now = time.monotonic()
        self._late.append(max(0.0, now - self._before - BEAT / 1000))
        self._before = now
