"""What a row says: its text, colours, level and time."""

from dataclasses import dataclass

from watchkeeper.model.first_error import Level, level_of
from watchkeeper.ui.log.ansi import Span, styled
from watchkeeper.ui.log.pages import Pages
from watchkeeper.ui.log.rows import Rows
from watchkeeper.ui.log.times import Stamp, stamp_of


@dataclass(frozen=True)
class Line:
    """One row, ready to be laid out."""

    start: int
    end: int
    #: False for a row that goes on with a very long line.
    is_line_start: bool
    text: str
    spans: tuple[Span, ...]
    level: Level
    stamp: Stamp | None

    @property
    def cut(self) -> int:
        """How many characters of the text stand in the time's column."""
        return self.stamp.length if self.stamp is not None else 0


class Lines:
    """Reads rows of one log; Missing when their bytes are not here."""

    def __init__(self, pages: Pages, rows: Rows) -> None:
        self._pages = pages
        self._rows = rows
        self._kept: dict[tuple[int, int], Line] = {}

    def line(self, start: int) -> Line:
        """The row that begins there."""
        end = self._rows.end(start)
        line = self._kept.get((start, end))
        if line is None:
            if len(self._kept) > 2000:
                self._kept.clear()
            line = self._kept[start, end] = self._read(start, end)
        return line

    def _read(self, start: int, end: int) -> Line:
        data = self._pages.get(start, end)
        row = data[:-1].removesuffix(b"\r") if data.endswith(b"\n") else data
        is_line_start = self._rows.is_line_start(start)
        text, spans = styled(row)
        level = level_of(row) if is_line_start else Level.PLAIN
        return Line(start, end, is_line_start, text, spans, level, stamp_of(text) if is_line_start else None)
