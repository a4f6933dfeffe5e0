"""The ways through a log: from error to error, warning to warning, mark to mark, hit to hit."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from watchkeeper.model.text import Text, _
from watchkeeper.ui.log.sheet import Sheet


class Steps(QObject):
    """Over one sheet; each leaves the cursor on what it has found."""

    #: There is nothing further that way, as a Text.
    missed = Signal(object)
    #: Another hit is the current one.
    hit_changed = Signal()

    def __init__(self, sheet: Sheet) -> None:
        super().__init__(sheet)
        self._sheet = sheet
        self._reading = sheet.reading
        #: Whether the next hits are shown as soon as there are any.
        self._is_waiting = False

    def next_error(self) -> None:
        self._next(self._reading.index.errors, _("No error further down"))

    def previous_error(self) -> None:
        self._previous(self._reading.index.errors, _("No error further up"))

    def next_warning(self) -> None:
        self._next(self._reading.index.warnings, _("No warning further down"))

    def previous_warning(self) -> None:
        self._previous(self._reading.index.warnings, _("No warning further up"))

    def first_error(self) -> None:
        """The one that is pinned."""
        if self._reading.index.first_error is not None:
            self._go(self._reading.index.first_error)

    def toggle_mark(self) -> None:
        """Mark the current row, or take its mark away."""
        row, marks = self._sheet.start, self._sheet.marks
        if row is None:
            return
        if row in marks:
            marks.remove(row)
        else:
            insort(marks, row)
        self._sheet.put_cursor(row)
        self._sheet.moved.emit()

    def next_mark(self) -> None:
        """The next one, from the last on to the first."""
        marks, row = self._sheet.marks, self._sheet.start
        if not marks:
            self.missed.emit(_("No line is marked: M marks one"))
        elif row is not None:
            self._go(marks[bisect_right(marks, row) % len(marks)])

    def next_hit(self) -> None:
        self._step_hit(1)

    def previous_hit(self) -> None:
        self._step_hit(-1)

    def await_hits(self) -> None:
        """Something else is looked for: its first hit from here on becomes the current one."""
        self._sheet.set_hit(None)
        self._is_waiting = True
        self.hit_changed.emit()

    def take_hits(self) -> None:
        """More has been found."""
        search, top = self._reading.search, self._sheet.arrangement.bounds[0]
        if not self._is_waiting or not search.count:
            return
        number = search.before(top)
        if number < search.count or not search.is_running:
            self._is_waiting = False
            self._show_hit(number % search.count)

    def _step_hit(self, by: int) -> None:
        search, sheet = self._reading.search, self._sheet
        if not search.count:
            if search.pattern:
                self.missed.emit(_("Nothing found so far") if search.is_running else _("Nothing found"))
            return
        here = (
            sheet.arrangement.hit if sheet.arrangement.hit is not None else search.before(sheet.start or 0) - (by > 0)
        )
        self._show_hit((here + by) % search.count)

    def _show_hit(self, number: int) -> None:
        self._sheet.set_hit(number)
        self._go(self._reading.search.hit(number).row)
        self.hit_changed.emit()

    def _next(self, rows: Sequence[int], none: Text) -> None:
        row = self._sheet.start
        start = -1 if row is None else row - (self._sheet.current_row != row)
        at = bisect_right(rows, start)
        if at < len(rows):
            self._go(rows[at])
        else:
            is_all = self._reading.is_indexed
            self.missed.emit(none if is_all else _("None so far: the log is still being read"))

    def _previous(self, rows: Sequence[int], none: Text) -> None:
        at = bisect_left(rows, self._sheet.start or 0)
        if at:
            self._go(rows[at - 1])
        else:
            self.missed.emit(none)

    def _go(self, row: int) -> None:
        self._sheet.put_cursor(row)
        self._sheet.to(row)
