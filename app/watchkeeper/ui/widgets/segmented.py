"""A few choices side by side, of which one holds; as segments on a ground, or as chips."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from watchkeeper.model.text import Text
from watchkeeper.ui.theme import Role, faded, font, tokens
from watchkeeper.ui.words import Spoken, shown

HEIGHT = 28
_PADDING = 12


class Segmented(Spoken, QWidget):
    """`choices`: what each is called in the program, and before people. `name`: what is chosen by it."""

    def __init__(
        self,
        choices: Sequence[tuple[str, Text | str]],
        on_change: Callable[[], object],
        *,
        name: Text | None = None,
        is_chips: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._choices, self._on_change, self._is_chips = tuple(choices), on_change, is_chips
        self._name = name
        self._current = 0
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus if is_chips else Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(HEIGHT)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.retranslate()

    @property
    def chosen(self) -> str:
        """What holds; "" for none of them."""
        return self._choices[self._current][0] if self._current >= 0 else ""

    def offer(self, choices: Sequence[tuple[str, Text | str]]) -> None:
        """Offer others, of which none holds yet."""
        self._choices, self._current = tuple(choices), -1
        self.retranslate()

    def choose(self, name: str) -> None:
        """Let another one hold; ValueError for an unknown one."""
        self._take([each for each, _text in self._choices].index(name))

    def show_choice(self, name: str | None) -> None:
        """Show that another one holds already, or none: nobody is told. ValueError for an unknown one."""
        self._current = -1 if name is None else [each for each, _text in self._choices].index(name)
        self.retranslate()

    def choose_next(self) -> None:
        """The one at the right; after the last the first."""
        self._take((self._current + 1) % len(self._choices))

    def retranslate(self) -> None:
        said = shown(self._choices[self._current][1]) if self._current >= 0 else ""
        self.setAccessibleName(said if self._name is None else f"{shown(self._name)}: {said}")
        self.setFixedWidth(self.sizeHint().width())
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(round(self._rects()[-1].right()) + (0 if self._is_chips else 2), HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        t, painter = tokens(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(t.accent if self.hasFocus() else Qt.PenStyle.NoPen)
        if not self._is_chips:
            painter.setBrush(t.control_active)
            painter.drawRoundedRect(QRectF(0.5, 0.5, self.width() - 1, HEIGHT - 1), 6, 6)
        for number, rect in enumerate(self._rects()):
            is_current = number == self._current
            if is_current:
                self._paint_current(painter, rect)
            words = shown(self._choices[number][1])
            painter.setFont(font(Role.SMALL_STRONG, words))
            painter.setPen(t.text if is_current else t.text_2)
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, words)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for number, rect in enumerate(self._rects()):
            if rect.contains(event.position()):
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
            self._on_change()

    def _paint_current(self, painter: QPainter, rect: QRectF) -> None:
        t = tokens()
        if self._is_chips:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(t.control_active)
            painter.drawRoundedRect(rect.adjusted(0, 2, 0, -2), 12, 12)
            return
        painter.setPen(Qt.PenStyle.NoPen if t.is_dark else t.border)
        painter.setBrush(faded(t.text, 0.13) if t.is_dark else t.surface_1)
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)

    def _rects(self) -> list[QRectF]:
        rects, x, inset = list[QRectF](), 0.0 if self._is_chips else 2.0, 0 if self._is_chips else 2
        for _name, text in self._choices:
            words = shown(text)
            width = round(QFontMetricsF(font(Role.SMALL_STRONG, words)).horizontalAdvance(words)) + 2 * _PADDING
            rects.append(QRectF(x, inset, width, HEIGHT - 2 * inset))
            x += width
        return rects
