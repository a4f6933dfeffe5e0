"""Numbers of things side by side, each with its glyph."""

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QWidget

from watchkeeper.model.text import Text
from watchkeeper.ui.theme import Role
from watchkeeper.ui.widgets.glyph import Glyph
from watchkeeper.ui.widgets.words import Label


class Count(QWidget):
    """A glyph with a number."""

    def __init__(self, glyph: str, words: Text, role: Role = Role.SMALL) -> None:
        super().__init__()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(Glyph(glyph, 14))
        layout.addWidget(Label(words, role, ink=2))


class Counts(QWidget):
    """As many as there are."""

    def __init__(self) -> None:
        super().__init__()
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(16)
        self.shown: list[tuple[str, Text]] = []

    def show_counts(self, counts: Sequence[tuple[str, Text]]) -> None:
        """Glyphs with their words."""
        if list(counts) == self.shown:
            return
        self.shown = list(counts)
        while (item := self._layout.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for glyph, words in counts:
            self._layout.addWidget(Count(glyph, words, Role.SMALL_STRONG))
