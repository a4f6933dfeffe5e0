"""A log as one row of bytes: the outputs of a run's attempts, one after the other."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from watchkeeper.model.errors import Known
from watchkeeper.model.text import Text, _
from watchkeeper.ui.log.source import Source


@dataclass(frozen=True)
class Part:
    """The output of one attempt."""

    attempt: int
    source: Source
    #: Its first byte's place in the whole log.
    begin: int
    #: What is said on the line above it: how the attempt before ended, when this one began.
    heading: Text | None


class Log(QObject):
    """Only its last part grows."""

    #: There is more of it, or it was closed.
    grew = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.parts: list[Part] = []
        self._begins: list[int] = []
        self._stops: list[Callable[[], None]] = []

    def add(self, source: Source, heading: Text | None = None, attempt: int | None = None) -> None:
        """The output of the next attempt; the one before is taken to be complete."""
        part = Part(attempt or len(self.parts) + 1, source, self.size, heading)
        self.parts.append(part)
        self._begins.append(part.begin)
        self._stops.append(source.listen(self.grew.emit))
        self.grew.emit()

    @property
    def size(self) -> int:
        """Bytes of all parts."""
        return self.parts[-1].begin + self.parts[-1].source.size() if self.parts else 0

    @property
    def is_closed(self) -> bool:
        """Nothing will be added to the last part."""
        return not self.parts or self.parts[-1].source.is_closed

    def part(self, offset: int) -> Part:
        """The part with this byte; the last one for what lies behind."""
        return self.parts[max(0, bisect_right(self._begins, offset) - 1)]

    def bounds(self, offset: int) -> tuple[int, int]:
        """Where the part with this byte begins and ends."""
        at = max(0, bisect_right(self._begins, offset) - 1)
        end = self._begins[at + 1] if at + 1 < len(self._begins) else self.size
        return self._begins[at], end

    def headings(self, offset: int) -> tuple[Text, ...]:
        """What is said above the row that begins there."""
        at = bisect_left(self._begins, offset)
        beginning = self.parts[at : bisect_right(self._begins, offset)]
        return tuple(part.heading for part in beginning if part.heading is not None)

    async def read(self, offset: int, length: int) -> bytes:
        """`length` bytes of one part, or as many as it has from there."""
        begin, end = self.bounds(offset)
        source = self.part(offset).source
        read, wanted = bytearray(), min(length, end - offset)
        while len(read) < wanted:
            more = await source.read(offset - begin + len(read), wanted - len(read))
            if not more:
                raise Known(_("the log is shorter than it was; open it again"))
            read += more
        return bytes(read)

    def close(self) -> None:
        """Follow it no longer."""
        for stop in self._stops:
            stop()
        self._stops.clear()
