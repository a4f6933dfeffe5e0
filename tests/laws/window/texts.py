"""All that a window says at a moment: what is painted, stands in its widgets and models, and is read aloud."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from typing import Any, NamedTuple

import pytest
from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex, Qt
from PySide6.QtGui import QFont, QPainter, QTextDocument, QTextFormat
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

#: What a widget may say, by the name of the method that tells it.
_SAID = (
    *("windowTitle", "toolTip", "statusTip", "whatsThis", "accessibleName", "accessibleDescription"),
    *("text", "title", "placeholderText"),
)
#: Of a block that shows what is typed into a terminal or a file.
_CODE = (QTextFormat.Property.BlockCodeFence, QTextFormat.Property.BlockCodeLanguage)
#: Rows of a model that are looked at.
_ROWS = 40


class Told(NamedTuple):
    """A text, and who says it."""

    by: str
    text: str


@contextmanager
def painted() -> Iterator[list[Told]]:
    """What is painted meanwhile; the output of programs stands in a font of its own, and is not ours."""
    found: list[Told] = []
    draw = QPainter.drawText

    def noted(painter: QPainter, *given: Any) -> Any:
        if not _is_output(painter.font()):
            found.extend(Told("painted", each) for each in given if isinstance(each, str))
        return draw(painter, *given)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(QPainter, "drawText", noted)
        yield found


def told_by(window: QWidget) -> Iterator[Told]:
    """What a window says as it stands now."""
    with painted() as found:
        window.grab()
    yield from found
    for widget in (window, *window.findChildren(QWidget)):
        if widget.isVisible():
            yield from (Told(type(widget).__name__, text) for text in _texts_of(widget))


def _texts_of(widget: QWidget) -> Iterator[str]:
    """What is written in a field is the person's own, what stands in the font of output a program's."""
    is_field = isinstance(widget, QLineEdit | QPlainTextEdit)
    for name in _SAID:
        is_own = name != "text" or not (is_field or _is_output(widget.font()))
        said = getattr(widget, name, None)
        if is_own and callable(said) and isinstance(text := said(), str):
            yield text
    if isinstance(widget, QComboBox):
        yield from (widget.itemText(number) for number in range(widget.count()))
    if isinstance(widget, QAbstractItemView) and widget.model() is not None:
        yield from _texts_in(widget.model())
    if isinstance(widget, QTextEdit):
        yield from _texts_of_document(widget.document())


def _texts_in(model: QAbstractItemModel) -> Iterator[str]:
    columns = range(1 if isinstance(model, QAbstractListModel) else model.columnCount(QModelIndex()))
    said = [model.headerData(column, Qt.Orientation.Horizontal) for column in columns]
    for row, column in product(range(min(_ROWS, model.rowCount(QModelIndex()))), columns):
        index = model.index(row, column)
        said += [index.data(role) for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole)]
    yield from (text for text in said if isinstance(text, str))


def _texts_of_document(document: QTextDocument) -> Iterator[str]:
    block = document.begin()
    while block.isValid():
        is_code = any(block.blockFormat().hasProperty(mark) for mark in _CODE)
        fragments = [] if is_code else [piece.fragment() for piece in block]
        shapes = [(each.text(), each.charFormat()) for each in fragments]
        yield from (text for text, shape in shapes if not (shape.fontFixedPitch() or _is_output(shape.font())))
        block = block.next()


def _is_output(font: QFont) -> bool:
    return font.styleHint() is QFont.StyleHint.Monospace
