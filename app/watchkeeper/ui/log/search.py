"""A search through all of a log: it tells what it has found so far, goes on while the log grows, and can be ended."""

import asyncio
import json
import re
import sys
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QTimer, Signal

from watchkeeper.model.text import Text, _
from watchkeeper.ui.log.log import Log
from watchkeeper.ui.log.rows import complete
from watchkeeper.ui.log.seeker import ANSWER, FRAME, Hit, Pattern
from watchkeeper.ui.tasks import Tasks

_PACKAGE_ROOT = str(Path(__file__).resolve().parents[3])
_BOOT = "import sys; sys.path.append(sys.argv[1]); from watchkeeper.ui.log.seeker import main; main()"
#: How much is given to the process at once, and how much may lie before it.
_PART = 512 * 1024
_AHEAD = 3 * _PART
#: An expression that takes longer over one part is given up.
PATIENCE = 5000
#: More hits than anybody looks at.
MOST = 1_000_000


class Search(QObject):
    """Of one log; a new expression ends the one before."""

    #: More hits, or it has begun or ended.
    changed = Signal()

    def __init__(self, log: Log, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._log = log
        self._tasks = Tasks(self._fail)
        self._process: QProcess | None = None
        self._rows, self._starts, self._ends = array("Q"), array("I"), array("I")
        self._answers = bytearray()
        self._room = asyncio.Event()
        self._grown = asyncio.Event()
        self._sent = 0
        #: All that is there has been given to the process.
        self._is_fed = False
        self._stall = QTimer(self)
        self._stall.setSingleShot(True)
        self._stall.setInterval(PATIENCE)
        self._stall.timeout.connect(self._give_up)
        self._log.grew.connect(self._grown.set)
        self.pattern = ""
        #: How far the log has been searched.
        self.end = 0
        #: Why there is no search.
        self.problem: Text | None = None

    @property
    def count(self) -> int:
        """Hits so far."""
        return len(self._rows)

    @property
    def rows(self) -> Sequence[int]:
        """Where the rows of the hits begin, in order, one for each hit."""
        return self._rows

    @property
    def is_running(self) -> bool:
        """Not all that is there has been searched."""
        return self._process is not None and not (self._is_fed and self.end >= self._sent)

    @property
    def is_cut(self) -> bool:
        """There are more hits than are kept."""
        return self.count >= MOST

    def begin(self, pattern: str, *, is_regex: bool = True, is_case_sensitive: bool = False) -> None:
        """Look for something else; for nothing if `pattern` is empty."""
        self.stop()
        self._rows, self._starts, self._ends = array("Q"), array("I"), array("I")
        self.pattern, self.end, self.problem = pattern, 0, None
        if pattern:
            self._begin(pattern, is_regex, is_case_sensitive)
        self.changed.emit()

    def stop(self) -> None:
        """Look no further; what was found stays."""
        self._tasks.close()
        self._stall.stop()
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.waitForFinished(1000)
            process.deleteLater()
        self._answers.clear()

    def hit(self, number: int) -> Hit:
        """The hit with this number, from 0."""
        return Hit(self._rows[number], self._starts[number], self._ends[number])

    def in_row(self, row: int) -> range:
        """The numbers of the hits in a row."""
        return range(bisect_left(self._rows, row), bisect_right(self._rows, row))

    def before(self, row: int) -> int:
        """How many hits lie in rows before this one."""
        return bisect_left(self._rows, row)

    def _begin(self, pattern: str, is_regex: bool, is_case_sensitive: bool) -> None:
        try:
            Pattern(pattern, is_regex=is_regex, is_case_sensitive=is_case_sensitive)
        except (re.error, OverflowError, RecursionError) as error:
            self.problem = _(
                "the expression {pattern} can't be read: {reason}; correct it, or search for plain text",
                pattern=pattern,
                reason=str(error),
            )
            return
        self._process = process = QProcess(self)
        process.readyReadStandardOutput.connect(self._take)
        process.bytesWritten.connect(self._see_room)
        process.errorOccurred.connect(self._see_error)
        process.start(sys.executable, ["-I", "-S", "-c", _BOOT, _PACKAGE_ROOT])
        wanted = {"pattern": pattern, "is_regex": is_regex, "is_case_sensitive": is_case_sensitive}
        process.write(json.dumps(wanted).encode() + b"\n")
        self._sent, self._is_fed = 0, False
        self._tasks.start(self._feed(process), "feed")

    async def _feed(self, process: QProcess) -> None:
        is_line_start = True
        while process is self._process:
            self._grown.clear()
            begin, stop = self._log.bounds(self._sent) if self._log.parts else (0, 0)
            if self._sent == begin:
                is_line_start = True
            is_whole = self._log.is_closed or stop < self._log.size
            data = await self._log.read(self._sent, _PART) if self._sent < stop else b""
            is_last = self._sent + len(data) == stop and is_whole
            length = len(data) if is_last else complete(data, self._sent, begin, is_line_start)
            self._is_fed = not length
            if not length:
                self.changed.emit()
                if is_whole and self._sent >= self._log.size:
                    break
                await self._grown.wait()
                continue
            self._send(process, data[:length], begin, is_line_start)
            is_line_start = data[length - 1 : length] == b"\n"
            await self._has_room(process)
        process.closeWriteChannel()

    def _send(self, process: QProcess, data: bytes, begin: int, is_line_start: bool) -> None:
        process.write(FRAME.pack(self._sent, begin, is_line_start, len(data)))
        process.write(data)
        self._sent += len(data)
        if not self._stall.isActive():
            self._stall.start()

    async def _has_room(self, process: QProcess) -> None:
        while process.bytesToWrite() > _AHEAD:
            self._room.clear()
            await self._room.wait()
        await asyncio.sleep(0)

    def _see_room(self) -> None:
        self._room.set()

    def _take(self) -> None:
        if self._process is None:
            return
        self._answers += self._process.readAllStandardOutput().data()
        while (length := self._whole_answer()) is not None:
            end, count = ANSWER.unpack_from(self._answers)
            at = ANSWER.size
            for hits, width in ((self._rows, 8), (self._starts, 4), (self._ends, 4)):
                hits.frombytes(bytes(self._answers[at : at + width * count]))
                at += width * count
            del self._answers[:length]
            self.end = end
            self._stall.start() if self.end < self._sent else self._stall.stop()
        if self.is_cut:
            self.stop()
        self.changed.emit()

    def _whole_answer(self) -> int | None:
        if len(self._answers) < ANSWER.size:
            return None
        _end, count = ANSWER.unpack_from(self._answers)
        length = int(ANSWER.size + 16 * count)
        return length if len(self._answers) >= length else None

    def _give_up(self) -> None:
        self._fail(
            _("the expression {pattern} takes too long on this log; search for something simpler", pattern=self.pattern)
        )

    def _see_error(self, error: QProcess.ProcessError) -> None:
        if self._process is not None and error is not QProcess.ProcessError.WriteError:
            self._fail(_("the search has ended unexpectedly: {reason}", reason=self._process.errorString()))

    def _fail(self, problem: Text) -> None:
        self.stop()
        self.problem = problem
        self.changed.emit()
