"""One of very many, found by typing a few letters of its name, Chinese also by pinyin."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QStringListModel, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QCompleter, QLineEdit, QListView, QWidget

from watchkeeper.model.text import Text
from watchkeeper.ui import icons
from watchkeeper.ui.fuzzy import match
from watchkeeper.ui.theme import Role, font, tokens
from watchkeeper.ui.words import Spoken, shown

HEIGHT = 32


class SearchChoice(Spoken, QLineEdit):
    """`options`: values with their words. What is no option is told as it was typed, to be refused with a sentence."""

    picked = Signal(str)

    def __init__(
        self, name: Text, options: Sequence[tuple[str, Text | str]] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._name = name
        self._options = list(options)
        self.value = ""
        self._found = QStringListModel(self)
        self._completer = QCompleter(self._found, self)
        self._completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._completer.setMaxVisibleItems(12)
        self._popup = QListView()
        self._completer.setPopup(self._popup)
        self._completer.setWidget(self)
        self._completer.activated.connect(self._take)
        self.setFont(font(Role.BODY))
        self.setFixedHeight(HEIGHT)
        self.setTextMargins(0, 0, 22, 0)
        self.textEdited.connect(self._look)
        self.retranslate()

    def offer(self, options: Sequence[tuple[str, Text | str]]) -> None:
        """Other options."""
        self._options = list(options)
        self.retranslate()

    def show_value(self, value: str) -> None:
        """Show a value without telling."""
        self.value = value
        self.setText(self._words(value))
        self.setCursorPosition(0)

    def found(self, words: str) -> list[str]:
        """The options that these letters may mean, the likeliest first."""
        said = [label_of(value, text) for value, text in self._options]
        scored = [(met.score, each) for each in said if (met := match(words, each)) is not None]
        return [each for _score, each in (sorted(scored, key=lambda pair: -pair[0]) if words.strip() else scored)]

    def retranslate(self) -> None:
        self.setAccessibleName(shown(self._name))
        self.setPlaceholderText(shown(self._name))
        if not self.hasFocus():
            self.setText(self._words(self.value))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        self.selectAll()
        self._offer_all()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down and not self._popup.isVisible():
            return self._offer_all()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._popup.hide()
            return self._settle()
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self._settle()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        spot = QRectF(self.width() - 22, (self.height() - 14) / 2, 14, 14)
        icons.paint(QPainter(self), "ui/chevron-down", tokens().text_2, spot)

    def _offer_all(self) -> None:
        self._offer(self.found(""))

    def _look(self, words: str) -> None:
        self._offer(self.found(words))

    def _offer(self, found: list[str]) -> None:
        self._found.setStringList(found)
        if found:
            self._completer.complete()
        else:
            self._popup.hide()

    def _settle(self) -> None:
        """What was typed is the likeliest option."""
        words = self.text().strip()
        if words != self._words(self.value):
            found = self.found(words) if words else []
            self._take(found[0] if found else words)

    def _take(self, words: str) -> None:
        value = next((value for value, text in self._options if label_of(value, text) == words), words)
        is_other = value != self.value
        self.show_value(value)
        if is_other:
            self.picked.emit(value)

    def _words(self, value: str) -> str:
        return next((label_of(each, text) for each, text in self._options if each == value), value)


def label_of(value: str, text: Text | str) -> str:
    """The words of an option, its value behind them."""
    return f"{words} {value}" if (words := shown(text)) else value
