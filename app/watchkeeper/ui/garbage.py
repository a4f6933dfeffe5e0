"""Looks for garbage in the window's thread only.

Python looks for it in whatever thread makes the next object; a widget or timer of Qt's that is found there is destroyed
in the wrong thread, and the window crashes when its timer is due. The engine runs in this process on its own thread, so
that this is no rare case.
"""

import gc

from PySide6.QtCore import QObject, QTimer

from watchkeeper.ui.heap import give_back

#: Milliseconds between two looks.
BEAT = 1_000
#: Looks after which everything is looked at, however little there is, and memory given back.
ROUND = 300
#: New containers, looks at the youngest, looks at the middle-aged: from here on the next generation is looked at.
ENOUGH = (50_000, 10, 20)


class Garbage(QObject):
    """From `begin` to `end` nobody else looks."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._beat = QTimer(self)
        self._beat.setInterval(BEAT)
        self._beat.timeout.connect(self._look)
        self._young = self._middle = self._beats = 0

    def begin(self) -> None:
        """What exists by now stays; from now on only this thread looks."""
        gc.disable()
        gc.freeze()
        self._beat.start()

    def end(self) -> None:
        """Look once more, and let Python look by itself again."""
        self._beat.stop()
        gc.collect()
        gc.unfreeze()
        gc.enable()

    def _look(self) -> None:
        self._beats += 1
        if self._beats >= ROUND:
            self._beats = 0
            gc.collect()
            return give_back()
        if gc.get_count()[0] < ENOUGH[0]:
            return
        self._young += 1
        generation = 0
        if self._young >= ENOUGH[1]:
            self._young, generation = 0, 1
            self._middle += 1
            if self._middle >= ENOUGH[2]:
                self._middle, generation = 0, 2
        gc.collect(generation)
