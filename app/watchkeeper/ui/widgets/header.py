"""The titles of a table: sorted by a click, moved, made wider, hidden; the choice is remembered as plain data."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter
from PySide6.QtWidgets import QHeaderView, QStyle, QWidget

from watchkeeper.ui import icons
from watchkeeper.ui.theme import Role, font, tokens
from watchkeeper.ui.theme.style import draw_checkbox
from watchkeeper.ui.widgets.cells import box_in
from watchkeeper.ui.widgets.column import LEAD, Column
from watchkeeper.ui.words import shown

HEIGHT = 30
#: The least that is left for the column that takes the rest.
LEAST = 190
_SIDE = 8


class Header(QHeaderView):
    """One for a table."""

    #: What to sort by, and whether downwards.
    sorting = Signal(str, bool)
    #: The box at the left was pressed.
    checked = Signal()
    #: Columns were chosen, moved or made wider.
    arranged = Signal()
    #: A menu is wanted for a column, at a place of the screen.
    menu_wanted = Signal(int, QPoint)

    def __init__(self, columns: Sequence[Column[Any]], parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.columns = list(columns)
        #: By what the list is sorted, and whether downwards.
        self.sort = ("", False)
        self._is_checked: bool | None = False
        self._hidden = {column.name for column in columns if not column.is_usual}
        self._room = 0
        self.setFont(font(Role.SMALL_STRONG))
        self.setFixedHeight(HEIGHT)
        self.setHighlightSections(False)
        self.setSectionsClickable(True)
        self.setSectionsMovable(True)
        self.setFirstSectionMovable(False)
        self.setMinimumSectionSize(36)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.sectionCountChanged.connect(self._begin)
        self.sectionClicked.connect(self._take_click)
        self.sectionMoved.connect(self.arranged)
        self.sectionHandleDoubleClicked.connect(self._fit_usual)
        self.customContextMenuRequested.connect(self._want_menu)

    # What the person wants.

    def names(self) -> list[str]:
        """The columns in the order in which they stand, those that are not shown as well."""
        return [self.columns[self.logicalIndex(number)].name for number in range(self.count())]

    def is_wanted(self, name: str) -> bool:
        """Whether the person wants to see it."""
        return name not in self._hidden

    def want(self, name: str, is_wanted: bool) -> None:
        """Show a column or not."""
        (self._hidden.discard if is_wanted else self._hidden.add)(name)
        self.make_room(self._room)
        self.arranged.emit()

    def move(self, name: str, by: int) -> None:  # type: ignore[override]  # nobody moves the widget itself
        """Let a column change places with its neighbour."""
        before = self.visualIndex(self._section(name))
        self.moveSection(before, max(self._fixed, min(self.count() - 1, before + by)))

    def sort_by(self, name: str, *, is_down: bool | None = None) -> None:
        """Sort by a column; by the same again the other way round."""
        if is_down is None:
            is_down = not self.sort[1] if self.sort[0] == name else False
        self.show_sort(name, is_down)
        self.sorting.emit(name, is_down)

    def show_sort(self, name: str, is_down: bool) -> None:
        """Show what it is sorted by."""
        self.sort = (name, is_down)
        self.viewport().update()

    def set_checked(self, is_checked: bool | None) -> None:
        """Show the box on, off, or by None partly on."""
        self._is_checked = is_checked
        self.viewport().update()

    @property
    def arrangement(self) -> dict[str, Any]:
        """The person's choice as plain data: order, hidden columns, widths."""
        widths = {c.name: self.sectionSize(n) for n, c in enumerate(self.columns) if not self.isSectionHidden(n)}
        usual = {column.name: column.width for column in self.columns if not column.is_stretched}
        changed = {name: width for name, width in widths.items() if name in usual and width != usual[name]}
        return {"order": self.names(), "hidden": sorted(self._hidden), "widths": changed}

    def arrange(self, arrangement: Mapping[str, Any]) -> None:
        """Take a choice over; what is not known any more is passed over, what is missing is as usual."""
        known = {column.name: column for column in self.columns}
        self._hidden = set(arrangement.get("hidden", (c.name for c in self.columns if not c.is_usual))) & known.keys()
        order = [name for name in arrangement.get("order", ()) if name in known]
        rest = [name for name in known if name not in order]
        for number, name in enumerate([*order, *rest]):
            self.moveSection(self.visualIndex(self._section(name)), number)
        for name, column in known.items():
            if not column.is_stretched:
                self.resizeSection(self._section(name), int(arrangement.get("widths", {}).get(name, column.width)))
        self.make_room(self._room)

    def make_room(self, width: int) -> None:
        """Hide what nobody wants; where it is narrow also what can be spared, the first that give way first."""
        self._room = width
        shown = [column for column in self.columns if column.name not in self._hidden]
        taken = sum(self._width(column) for column in shown if not column.is_stretched)
        for column in sorted(shown, key=lambda each: -each.gives_way):
            if column.gives_way and width and taken > width - LEAST:
                shown.remove(column)
                taken -= self._width(column)
        for number, column in enumerate(self.columns):
            self.setSectionHidden(number, column not in shown)

    # How it looks.

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        t, room, column = tokens(), QRectF(rect), self.columns[section]
        painter.fillRect(room, t.surface_2)
        painter.fillRect(QRectF(room.left(), room.bottom() - 1, room.width(), 1), t.border)
        if column.is_check:
            return self._paint_box(painter, room)
        words = shown(column.title)
        drawn = font(Role.SMALL_STRONG, words)
        wide = QFontMetricsF(drawn).horizontalAdvance(words)
        is_sorted = bool(column.sort) and self.sort[0] == column.sort
        lead = LEAD if self.sectionPosition(section) == 0 else 0
        inner = room.adjusted(_SIDE + lead, 0, -_SIDE - (18 if is_sorted and column.is_right else 0), 0)
        side = Qt.AlignmentFlag.AlignRight if column.is_right else Qt.AlignmentFlag.AlignLeft
        painter.setFont(drawn)
        painter.setPen(t.text if is_sorted else t.text_2)
        cut = QFontMetricsF(drawn).elidedText(words, Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | side, cut)
        if is_sorted:
            x = inner.right() + 4 if column.is_right else min(inner.left() + wide + 4, room.right() - 16)
            arrow = "ui/chevron-down" if self.sort[1] else "ui/chevron-up"
            icons.paint(painter, arrow, t.text_2, QRectF(x, room.center().y() - 7, 14, 14))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        self.arranged.emit()

    def _paint_box(self, painter: QPainter, rect: QRectF) -> None:
        state = QStyle.StateFlag.State_Enabled
        if self._is_checked is None:
            state |= QStyle.StateFlag.State_NoChange
        elif self._is_checked:
            state |= QStyle.StateFlag.State_On
        draw_checkbox(painter, box_in(rect), state)

    # Parts.

    @property
    def _fixed(self) -> int:
        """The first place that a column can be moved to."""
        return 1 if self.columns[0].is_check else 0

    def _section(self, name: str) -> int:
        return next(number for number, column in enumerate(self.columns) if column.name == name)

    def _width(self, column: Column[Any]) -> int:
        """Sections that are hidden have no size of their own, but remember it."""
        section = self._section(column.name)
        return self.sectionSize(section) or column.width

    def _begin(self, _before: int, count: int) -> None:
        if count != len(self.columns):
            return
        for number, column in enumerate(self.columns):
            mode = self.ResizeMode.Interactive
            mode = (
                self.ResizeMode.Stretch if column.is_stretched else self.ResizeMode.Fixed if column.is_check else mode
            )
            self.setSectionResizeMode(number, mode)
            if not column.is_stretched:
                self.resizeSection(number, column.width)
        self.make_room(self._room)

    def _take_click(self, section: int) -> None:
        column = self.columns[section]
        if column.is_check:
            self.checked.emit()
        elif column.sort:
            self.sort_by(column.sort)

    def _fit_usual(self, section: int) -> None:
        self.resizeSection(section, self.columns[section].width)
        self.arranged.emit()

    def _want_menu(self, at: QPoint) -> None:
        self.menu_wanted.emit(self.logicalIndexAt(at), self.viewport().mapToGlobal(at))
