"""Which rows stand where in a window of some height: only what is seen is laid out.

The place is a row, the anchor, and how many pixels of it are above the window. Every method that moves it may raise
Missing, and has then moved nothing that is seen.
"""

from contextlib import suppress

from watchkeeper.model.first_error import Level
from watchkeeper.model.text import Text
from watchkeeper.ui.log.block import HEIGHT, Block, Columns, laid_out
from watchkeeper.ui.log.moments import TimeMode, words
from watchkeeper.ui.log.pages import Missing
from watchkeeper.ui.log.reading import Reading
from watchkeeper.ui.log.times import Stamp
from watchkeeper.ui.log.walk import EveryRow, GraveRows, Walk
from watchkeeper.ui.theme import look

#: Above the first row.
PAD = 6
#: Right of the text.
_MARGIN = 12
#: How many rows above the first one are asked for the time before it.
_LOOK_BACK = 30
_KEPT = 400


class Arrangement:
    """Of one reading."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self.blocks: list[Block] = []
        self.columns = Columns.of(1, False)
        self.walk: Walk = EveryRow(reading.log, reading.rows)
        self.width, self.height = 0, 0
        self.is_wrapped = True
        self.mode = TimeMode.ABSOLUTE
        #: Of the search's hits, the current one.
        self.hit: int | None = None
        #: The widest row so far, where rows are not wrapped.
        self.widest = 0.0
        self.anchor: int | None = None
        self._shift = 0.0
        self._has_times = False
        self._laid: dict[tuple[int, int], Block] = {}
        self._laid_for: object = None

    @property
    def bounds(self) -> tuple[int, int]:
        """First byte that is seen, and the one after the last."""
        return (self.blocks[0].line.start, self.blocks[-1].line.end) if self.blocks else (0, 0)

    @property
    def is_at_end(self) -> bool:
        """The last row is seen to its foot."""
        if not self.blocks:
            return True
        last = self.blocks[-1]
        return last.line.end >= self._reading.log.size and last.bottom <= self.height + 1

    @property
    def room(self) -> float:
        """For text, to the side."""
        return max(80.0, self.width - self.columns.text - _MARGIN)

    def block_at(self, y: float) -> Block | None:
        """The row at this height."""
        return next((block for block in self.blocks if block.top <= y < block.bottom), None)

    def choose(self, level: Level) -> None:
        """Show only rows of that level and above from now on."""
        reading = self._reading
        self.walk = EveryRow(reading.log, reading.rows) if level < Level.WARNING else GraveRows(reading.index, level)
        self._laid.clear()

    # Movements

    def place(self, offset: int, share: float) -> None:
        """The row with this byte, at a share of the height."""
        row = self.walk.at(offset)
        if row is None:
            return self._show([])
        above = share * (self.height - HEIGHT)
        while above >= HEIGHT and (before := self.walk.before(row)) is not None:
            row = before
            above -= self.block(row).height
        return self._settle(row, max(0.0, -above))

    def reach(self, offset: int, share: float) -> None:
        """The same, but nothing moves if the row is seen already."""
        row = self.walk.at(offset)
        for block in self.blocks:
            if block.line.start == row and block.top >= 0 and block.bottom <= self.height:
                return self.arrange()
        return self.place(offset, share)

    def end(self) -> None:
        """The last row at the foot."""
        row = self.walk.at(self._reading.log.size)
        if row is None:
            return self._show([])
        room = self.height - PAD - self.block(row).height - HEIGHT * len(self._tail_headings())
        while room > 0 and (before := self.walk.before(row)) is not None:
            row = before
            room -= self.block(row).height
        self._show(self._filled(row, max(0.0, -room)), row, max(0.0, -room))
        return None

    def scroll(self, pixels: float) -> None:
        """Down, or up if negative."""
        row, shift = self.anchor, self._shift + pixels
        if row is None:
            return
        while shift < 0 and (before := self.walk.before(row)) is not None:
            row = before
            shift += self.block(row).height
        while shift >= (height := self.block(row).height) and (after := self.walk.after(row)) is not None:
            row = after
            shift -= height
        self._settle(row, max(0.0, shift))

    def arrange(self) -> None:
        """The same place again, after something has changed."""
        if self.anchor is None:
            self.place(0, 0.0)
        else:
            self._settle(self.anchor, self._shift)

    # How it is done

    def _settle(self, row: int, shift: float) -> None:
        """Lay out from there on, but leave nothing empty below the end."""
        filled = self._filled(row, shift)
        self._show(filled, row, shift)
        last = filled[-1]
        is_short = last.bottom + HEIGHT * len(self.tail) < self.height - 1
        with suppress(Missing):
            is_end = is_short and self.walk.after(last.line.start) is None
            if is_end and (shift > 0 or self.walk.before(row) is not None):
                self.end()

    def _filled(self, row: int, shift: float) -> list[Block]:
        """The rows from there down to the foot, or as many as are here."""
        self._measure()
        filled: list[Block] = []
        at: int | None = row
        top = PAD - shift
        try:
            while at is not None and top < self.height:
                block = self.block(at)
                block.top = top
                filled.append(block)
                top = block.bottom
                at = self.walk.after(at)
        except Missing:
            if not filled:
                raise
        return filled

    def block(self, row: int) -> Block:
        """A row, laid out."""
        line = self._reading.lines.line(row)
        if line.stamp is not None and not self._has_times:
            self._has_times = True
            self._measure()
        found = self._laid.get((line.start, line.end))
        if found is None:
            headings = self._reading.log.headings(row) if isinstance(self.walk, EveryRow) else ()
            is_error = row == self._reading.index.first_error
            found = laid_out(line, headings, self.room if self.is_wrapped else None, is_error=is_error)
            self._laid[line.start, line.end] = found
        return found

    @property
    def tail(self) -> tuple[Text, ...]:
        """What is said below the last row, where the next attempt has written nothing yet."""
        is_end = bool(self.blocks) and self.blocks[-1].line.end >= self._reading.log.size
        return self._tail_headings() if is_end else ()

    def _tail_headings(self) -> tuple[Text, ...]:
        return self._reading.log.headings(self._reading.log.size) if isinstance(self.walk, EveryRow) else ()

    def _show(self, filled: list[Block], row: int | None = None, shift: float = 0.0) -> None:
        self.blocks, self.anchor, self._shift = filled, row, shift
        self._tell_numbers()
        self._tell_times()
        self._tell_hits()
        if not self.is_wrapped:
            self.widest = max(self.widest, *(block.layout.maximumWidth() for block in filled), 0.0)
        if len(self._laid) > _KEPT:
            self._laid = {(block.line.start, block.line.end): block for block in filled}

    def _measure(self) -> None:
        """Columns, and what the layouts hang on."""
        index = self._reading.index
        self._has_times = self._has_times or index.first_stamp is not None
        self.columns = Columns.of(index.lines, self._has_times)
        made_for = (self.room if self.is_wrapped else None, self.columns, look().tokens, index.first_error)
        if made_for != self._laid_for:
            self._laid_for = made_for
            self._laid.clear()
            self.widest = 0.0

    def _tell_numbers(self) -> None:
        number: int | None = None
        is_every = isinstance(self.walk, EveryRow)
        for block in self.blocks:
            if number is None or not is_every:
                number = self._reading.number(block.line.start)
            elif block.line.is_line_start:
                number += 1
            block.number = number

    def _tell_times(self) -> None:
        first = self._reading.index.first_stamp
        before = self._stamp_before() if self.mode is TimeMode.DELTA else None
        for block in self.blocks:
            stamp = block.line.stamp
            block.time = words(stamp, self.mode, first, before) if stamp is not None else ""
            before = stamp or before

    def _stamp_before(self) -> Stamp | None:
        row = self.anchor
        try:
            for _step in range(_LOOK_BACK):
                row = self.walk.before(row) if row is not None else None
                if row is None:
                    return None
                if (stamp := self._reading.lines.line(row).stamp) is not None:
                    return stamp
        except Missing:
            return None
        return None

    def _tell_hits(self) -> None:
        search = self._reading.search
        for block in self.blocks:
            block.hits.clear()
            for number in search.in_row(block.line.start):
                hit = search.hit(number)
                block.hits.append((hit.start, hit.end, number == self.hit))
