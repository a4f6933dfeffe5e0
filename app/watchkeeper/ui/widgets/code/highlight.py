"""Colours a document a moment after it was changed; what is typed meanwhile keeps the colours of its line."""

from PySide6.QtCore import QTimer
from PySide6.QtGui import QSyntaxHighlighter, QTextDocument

from watchkeeper.ui.theme import look, tokens
from watchkeeper.ui.widgets.code.languages import Ink, Piece, formats, pieces

#: Milliseconds.
PAUSE = 60


class Highlighter(QSyntaxHighlighter):
    """Reads the whole document anew, and paints only the lines that look otherwise than before."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self._language = ""
        self._lines: list[list[Piece]] = []
        self._formats = formats(tokens())
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE)
        self._timer.timeout.connect(self.read)
        document.contentsChanged.connect(self._timer.start)
        look().changed.connect(self._dress)

    def set_language(self, language: str) -> None:
        """Read as this language from now on."""
        if language != self._language:
            self._language = language
            self.read()

    def read(self) -> None:
        """Colour what is there now."""
        before, self._lines = self._lines, pieces(self.document().toPlainText(), self._language)
        document = self.document()
        document.blockSignals(True)
        for number in range(max(len(before), len(self._lines))):
            if _line(before, number) != _line(self._lines, number):
                block = document.findBlockByNumber(number)
                if block.isValid():
                    self.rehighlightBlock(block)
        document.blockSignals(False)

    def highlightBlock(self, text: str) -> None:
        for start, length, ink in _line(self._lines, self.currentBlock().blockNumber()):
            self.setFormat(start, length, self._formats[Ink(ink)])

    def _dress(self) -> None:
        self._formats = formats(tokens())
        self.rehighlight()


def _line(lines: list[list[Piece]], number: int) -> list[Piece]:
    return lines[number] if number < len(lines) else []
