"""Tabs inside a page or panel: words over an underline."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from watchkeeper.model.text import Text
from watchkeeper.ui.theme import Role, font, tokens
from watchkeeper.ui.words import Spoken, shown

HEIGHT = 34
_GAP = 24


class PageTabs(Spoken, QWidget):
    """`choices`: what each is called in the program, and before people."""

    def __init__(self, choices: Sequence[tuple[str, Text]], on_change: Callable[[str], object]) -> None:
        super().__init__()
        self._choices, self._on_change = list(choices), on_change
        self._current = 0
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.retranslate()

    @property
    def chosen(self) -> str:
        """Which one is shown."""
        return self._choices[self._current][0]

    def choose(self, name: str) -> None:
        """Show another; ValueError for an unknown one."""
        self._take([each for each, _text in self._choices].index(name))

    def offer(self, choices: Sequence[tuple[str, Text]]) -> None:
        """Other tabs; the chosen one stays, or the first is."""
        before = self.chosen
        self._choices = list(choices)
        names = [name for name, _text in self._choices]
        self._current = names.index(before) if before in names else 0
        self.retranslate()
        if self.chosen != before:
            self._on_change(self.chosen)

    def rename(self, name: str, text: Text) -> None:
        """Other words on one of them."""
        self._choices = [(each, text if each == name else words) for each, words in self._choices]
        self.retranslate()

    def retranslate(self) -> None:
        self.setAccessibleName(shown(self._choices[self._current][1]))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(round(self._rects()[-1].right()) + 16, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        t, painter = tokens(), QPainter(self)
        painter.fillRect(QRectF(0, HEIGHT - 1, self.width(), 1), t.border)
        for number, rect in enumerate(self._rects()):
            is_current = number == self._current
            words = shown(self._choices[number][1])
            painter.setFont(font(Role.STRONG if is_current else Role.BODY, words))
            painter.setPen(t.text if is_current else t.text_2)
            painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignHCenter, words)
            if is_current:
                painter.fillRect(QRectF(rect.left(), HEIGHT - 2, rect.width(), 2), t.accent)
                if self.hasFocus():
                    painter.setPen(t.accent)
                    painter.drawRoundedRect(rect.adjusted(-5.5, 4.5, 5.5, -5.5), 6, 6)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for number, rect in enumerate(self._rects()):
            if rect.adjusted(-_GAP / 2, 0, _GAP / 2, 0).contains(event.position()):
                self._take(number)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None:
            return super().keyPressEvent(event)
        self._take((self._current + step) % len(self._choices))

    def _take(self, number: int) -> None:
        if number != self._current:
            self._current = number
            self.retranslate()
            self._on_change(self.chosen)

    def _rects(self) -> list[QRectF]:
        rects, x = list[QRectF](), 16.0
        for _name, text in self._choices:
            words = shown(text)
            width = round(QFontMetricsF(font(Role.STRONG, words)).horizontalAdvance(words))
            rects.append(QRectF(x, 0, width, HEIGHT))
            x += width + _GAP
        return rects
