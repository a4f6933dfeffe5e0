"""Where the parts of the window stand: a splitter between page and panel, fixed rows above and below."""

from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from watchkeeper.ui.widgets.words import plain

L = TypeVar("L", QHBoxLayout, QVBoxLayout)


def framed(
    header: QWidget,
    rail: QWidget,
    tabs: QWidget,
    pages: QWidget,
    panel: QWidget,
    status: QWidget,
) -> QWidget:
    """The whole of it."""
    down = QSplitter(Qt.Orientation.Vertical)
    down.addWidget(pages)
    down.addWidget(panel)
    down.setStretchFactor(0, 1)
    down.setCollapsible(0, False)
    middle = _tight(QHBoxLayout())
    middle.addWidget(rail)
    column = _tight(QVBoxLayout())
    column.addWidget(tabs)
    column.addWidget(down, 1)
    middle.addLayout(column, 1)
    whole = plain(QWidget(), 0)
    layout = _tight(QVBoxLayout())
    layout.addWidget(header)
    layout.addLayout(middle, 1)
    layout.addWidget(status)
    whole.setLayout(layout)
    return whole


def _tight(layout: L) -> L:
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    return layout
