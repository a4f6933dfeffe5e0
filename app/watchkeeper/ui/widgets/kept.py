"""Keeps the same things selected while the rows of a table are read anew, wherever they stand then."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from PySide6.QtCore import QItemSelection, QItemSelectionModel

from watchkeeper.ui.widgets.table import Table

R = TypeVar("R")


@contextmanager
def kept(table: Table[R], id_of: Callable[[R], str]) -> Iterator[None]:
    """A row is another thing once others came or went: what a person has chosen is known by its id."""
    rows = (table.rows.row(index.row()) for index in table.selectionModel().selectedRows())
    chosen = {id_of(row) for row in rows if row is not None}
    current = table.current
    yield
    here = {id_of(row): number for number in range(table.rows.total) if (row := table.rows.row(number)) is not None}
    if current is not None and id_of(current) in here:
        index = table.rows.index(here[id_of(current)], 0)
        table.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
    select(table, (number for known, number in here.items() if known in chosen))


def select(table: Table[R], numbers: Iterable[int]) -> None:
    """Exactly these rows."""
    last, chosen = len(table.rows.columns) - 1, QItemSelection()
    for number in numbers:
        chosen.select(table.rows.index(number, 0), table.rows.index(number, last))
    table.selectionModel().select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)
