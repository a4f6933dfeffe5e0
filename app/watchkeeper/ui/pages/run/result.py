"""A table that a run has returned: outputs called `columns` and `rows`, as a query leaves them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import QRectF
from PySide6.QtGui import QGuiApplication, QPainter
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from watchkeeper.model import codec
from watchkeeper.model.text import Text, _, plural
from watchkeeper.ui.pages.run.values import written
from watchkeeper.ui.spreadsheet import csv_text
from watchkeeper.ui.theme import Role
from watchkeeper.ui.widgets.column import Column, width_of, write
from watchkeeper.ui.widgets.rows_model import WINDOW, RowsModel
from watchkeeper.ui.widgets.table import Table
from watchkeeper.ui.widgets.words import Button, Label

Row = Sequence[Any]

#: Widths of a column, and how much of it is looked at.
NARROWEST, WIDEST, LOOKED_AT = 56, 300, 50
#: What a cell without a value is called in SQL.
NULL = "NULL"
#: What stands beside the words in a cell.
_SIDES = 26
_BAR = 40


@dataclass(frozen=True)
class Found:
    """The table in a run's outputs."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    #: How many rows there were.
    total: int


def found_in(outputs: Mapping[str, Any]) -> Found | None:
    """The table that the outputs hold; None when they hold none."""
    columns, rows = outputs.get("columns"), outputs.get("rows")
    if not isinstance(columns, list) or not columns or not isinstance(rows, list):
        return None
    if not all(isinstance(name, str) for name in columns):
        return None
    if not all(isinstance(row, list) and len(row) == len(columns) for row in rows):
        return None
    count = outputs.get("row_count")
    return Found(tuple(columns), tuple(rows), max(count, len(rows)) if isinstance(count, int) else len(rows))


class Result(QWidget):
    """`said` tells that it was copied."""

    def __init__(self, said: Callable[[Text], None]) -> None:
        super().__init__()
        self._said = said
        self.found: Found | None = None
        self.table: Table[Row] | None = None
        self._count = Label("", Role.SMALL, ink=2)
        self.button = Button(_("Copy as CSV"), self.copy, icon="ui/copy", kind="ghost")
        bar = QHBoxLayout()
        bar.setContentsMargins(16, 0, 8, 0)
        bar.addWidget(self._count, 1)
        bar.addWidget(self.button)
        holder = QWidget()
        holder.setFixedHeight(_BAR)
        holder.setLayout(bar)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._layout.addWidget(holder)

    def take(self, outputs: Mapping[str, Any]) -> None:
        """Show the table of these outputs, if there is one."""
        found = found_in(outputs)
        if found == self.found:
            return
        self.found = found
        if self.table is not None:
            self._layout.removeWidget(self.table)
            self.table.deleteLater()
            self.table = None
        if found is not None:
            self._count.say(_counted(found))
            self.table = self._table(found)
            self._layout.addWidget(self.table, 1)

    def copy(self) -> None:
        """All rows that are here, to the clipboard."""
        if self.found is not None:
            cells = ([_plain(value) for value in row] for row in self.found.rows)
            QGuiApplication.clipboard().setText(csv_text(self.found.columns, cells))
            self._said(plural("{n} row is on the clipboard", "{n} rows are on the clipboard", len(self.found.rows)))

    def _table(self, found: Found) -> Table[Row]:
        model = RowsModel[Row](_columns(found), self)
        table = Table[Row](model, self)
        model.setParent(table)
        table.call(_("Result"))
        model.begin(len(found.rows), found.rows[:WINDOW])
        for offset in range(WINDOW, len(found.rows), WINDOW):
            model.put(offset, found.rows[offset : offset + WINDOW])
        return table


def _counted(found: Found) -> Text:
    if found.total > len(found.rows):
        return _("the first {n} of {total} rows", n=f"{len(found.rows):,}", total=f"{found.total:,}")
    return plural("{n} row", "{n} rows", len(found.rows))


def _columns(found: Found) -> list[Column[Row]]:
    widths = [_width(found, number) for number in range(len(found.columns))]
    is_narrow = sum(widths) <= 2 * WIDEST
    return [
        Column(
            name=str(number),
            title=_("{text}", text=name),
            width=width,
            text=partial(_cell, number),
            paint=partial(_paint, number, is_right=_is_of_numbers(found, number)),
            is_right=_is_of_numbers(found, number),
            is_stretched=is_narrow and number == len(widths) - 1,
        )
        for number, (name, width) in enumerate(zip(found.columns, widths, strict=True))
    ]


def _cell(number: int, row: Row) -> str:
    value = row[number]
    return NULL if value is None else written(value).replace("\n", " ⏎ ")


def _paint(number: int, painter: QPainter, rect: QRectF, row: Row, *, is_right: bool) -> None:
    """What is not there is no word, and looks like none."""
    write(painter, rect, _cell(number, row), ink=3 if row[number] is None else 2, is_right=is_right)


def _width(found: Found, number: int) -> int:
    words = [found.columns[number], *(_cell(number, row) for row in found.rows[:LOOKED_AT])]
    widest = max(width_of(each[:LOOKED_AT], Role.SMALL_STRONG) for each in words)
    return round(min(max(widest + _SIDES, NARROWEST), WIDEST))


def _is_of_numbers(found: Found, number: int) -> bool:
    values = [row[number] for row in found.rows[:LOOKED_AT] if row[number] is not None]
    return bool(values) and all(isinstance(each, int | float) and not isinstance(each, bool) for each in values)


def _plain(value: Any) -> Any:
    return codec.encode(value).decode() if isinstance(value, list | dict | bool) else value
