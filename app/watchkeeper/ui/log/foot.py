"""The line below a log: the keys that matter most, and how much there is."""

from collections.abc import Callable
from html import escape

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QToolTip, QWidget

from watchkeeper.model.text import Text, _
from watchkeeper.ui import icons
from watchkeeper.ui.theme import Role, font, tokens
from watchkeeper.ui.theme.style import draw_focus
from watchkeeper.ui.widgets.keycap import key_cap, key_cap_width
from watchkeeper.ui.words import Spoken, shown

HEIGHT = 29


class Hint(Spoken, QAbstractButton):
    """A key with a word; a click does the same."""

    def __init__(self, keys: str, word: Text, title: Text, on_click: Callable[[], object], parent: QWidget) -> None:
        super().__init__(parent)
        self._keys, self._word, self._title = keys, word, title
        self.setFixedHeight(24)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.clicked.connect(on_click)
        self.retranslate()

    def retranslate(self) -> None:
        title = shown(self._title)
        self.setAccessibleName(title)
        self.setToolTip(f"{title}  {self._keys}")
        self.setFixedWidth(self.sizeHint().width())
        self.update()

    def sizeHint(self) -> QSize:
        words = QFontMetricsF(font(Role.SMALL)).horizontalAdvance(shown(self._word))
        return QSize(round(key_cap_width(self._keys) + 6 + words) + 1, 24)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens()
        painter = QPainter(self)
        key_cap(painter, self._keys, QPointF(0, 3))
        face = font(Role.SMALL)
        painter.setFont(face)
        painter.setPen(t.text if self.underMouse() else t.text_2)
        low = round((24 + QFontMetricsF(face).capHeight()) / 2)
        painter.drawText(QPointF(key_cap_width(self._keys) + 6, low), shown(self._word))
        if self.hasFocus():
            draw_focus(painter, QRectF(self.rect()), 4)
        painter.end()


class State(Spoken, QWidget):
    """One sentence at the right, shortened where there is no room; with a mark if something is wrong."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._text: Text | str = ""
        self._is_problem = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    @property
    def words(self) -> str:
        """What it says."""
        return shown(self._text)

    def say(self, text: Text, *, is_problem: bool = False) -> None:
        """Say something else."""
        if (text, is_problem) != (self._text, self._is_problem):
            self._text, self._is_problem = text, is_problem
            self.retranslate()

    def retranslate(self) -> None:
        self.setAccessibleName(self.words)
        self.update()

    def event(self, event: QEvent) -> bool:
        """All of it in the tooltip, where it was shortened."""
        if isinstance(event, QHelpEvent):
            is_whole = QFontMetricsF(font(Role.SMALL)).horizontalAdvance(self.words) <= self.width()
            QToolTip.showText(event.globalPos(), "" if is_whole else f"<p>{escape(self.words)}</p>", self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        t, face = tokens(), font(Role.SMALL)
        metrics = QFontMetricsF(face)
        painter = QPainter(self)
        left = 20.0 if self._is_problem else 0.0
        words = metrics.elidedText(self.words, Qt.TextElideMode.ElideRight, self.width() - left)
        x = self.width() - metrics.horizontalAdvance(words)
        painter.setFont(face)
        painter.setPen(t.text_2)
        painter.drawText(QPointF(x, round((self.height() + metrics.capHeight()) / 2)), words)
        if self._is_problem:
            icons.paint(painter, "status/failed", t.failed, QRectF(x - 20, (self.height() - 14) // 2, 14, 14))
        painter.end()


class Foot(QWidget):
    """Below the sheet."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(HEIGHT)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(14, 1, 12, 0)
        self._row.setSpacing(13)
        self.state = State(self)
        self._row.addWidget(self.state, 1)

    def add(self, keys: str, word: Text, title: Text, on_click: Callable[[], object]) -> None:
        """One more key."""
        self._row.insertWidget(self._row.count() - 1, Hint(keys, word, title, on_click, self))

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens()
        painter = QPainter(self)
        painter.fillRect(self.rect(), t.surface_2)
        painter.fillRect(QRectF(0, 0, self.width(), 1), t.border)
        painter.end()


HINTS: tuple[tuple[str, Text, Text, str], ...] = (
    ("e", _("error"), _("Next error"), "next_error"),
    ("w", _("warning"), _("Next warning"), "next_warning"),
    ("m", _("mark"), _("Mark the line"), "toggle_mark"),
    ("n", _("hit"), _("Next hit"), "next_hit"),
    ("End", _("follow"), _("Follow the end"), "follow"),
)
