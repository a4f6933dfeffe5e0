"""The attempts of a run, side by side: how each ended, how long it took, how long was waited then."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from watchkeeper.action.runs import Detail
from watchkeeper.model.run import FAILURES, State
from watchkeeper.model.text import Text, _
from watchkeeper.ui import icons
from watchkeeper.ui.clock import now
from watchkeeper.ui.glyphs import WORDS, color_of, glyph_of, glyph_of_run
from watchkeeper.ui.spans import duration, span
from watchkeeper.ui.theme import Role, font, tokens
from watchkeeper.ui.widgets.column import width_of
from watchkeeper.ui.words import Spoken, shown

#: Of a card; it is as wide as the room allows, three side by side.
NARROWEST, HEIGHT, GAP, SIDE = 150, 56, 8, 16
#: Cards that are shown, the newest.
MOST = 12


@dataclass(frozen=True)
class Card:
    """What is told of one attempt."""

    number: int
    icon: str
    began_at: datetime | None
    ended_at: datetime | None
    how: Text | str
    then: Text | str
    #: Why it ended so, in full.
    reason: Text | str = ""


class Attempts(Spoken, QWidget):
    """`chosen` is called with the number of an attempt whose output is wanted."""

    def __init__(self, chosen: Callable[[int], None]) -> None:
        super().__init__()
        self._chosen = chosen
        self.cards: list[Card] = []
        self.current = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def take(self, detail: Detail) -> None:
        """Show the attempts of a run; hidden while there is one only."""
        before = len(self.cards)
        self.cards = cards_of(detail)[-MOST:]
        self.current = min(self.current, len(self.cards) - 1) if len(self.cards) == before else len(self.cards) - 1
        self.setVisible(len(self.cards) > 1)
        self._fit()
        self.retranslate()

    def retranslate(self) -> None:
        self.setAccessibleName("; ".join(self._told(card) for card in self.cards))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(3 * (NARROWEST + GAP) + 2 * SIDE, self._height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()

    def event(self, event: QEvent) -> bool:
        """The reason of an attempt under the pointer."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            card = next((c for n, c in enumerate(self.cards) if self._rect(n).contains(event.pos())), None)
            QToolTip.showText(event.globalPos(), shown(card.reason) if card else "", self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for number, card in enumerate(self.cards):
            self._paint_card(painter, card, self._rect(number), number == self.current)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for number in range(len(self.cards)):
            if self._rect(number).contains(event.position()):
                self._take(number)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None or not self.cards:
            return super().keyPressEvent(event)
        self._take(max(0, min(len(self.cards) - 1, self.current + step)))

    def _take(self, number: int) -> None:
        self.current = number
        self.update()
        self._chosen(self.cards[number].number)

    def _rect(self, number: int) -> QRectF:
        row, column = divmod(number, self._columns())
        width = (self.width() - 2 * SIDE + GAP) / self._columns() - GAP
        return QRectF(SIDE + column * (width + GAP), 8 + row * (HEIGHT + GAP), width, HEIGHT)

    def _columns(self) -> int:
        return max(1, (self.width() - 2 * SIDE + GAP) // (NARROWEST + GAP))

    def _height(self) -> int:
        return 16 + -(-len(self.cards) // self._columns()) * (HEIGHT + GAP) - GAP

    def _fit(self) -> None:
        self.setFixedHeight(max(16, self._height()))

    def _told(self, card: Card) -> str:
        return f"{shown(_('Attempt {n}', n=card.number))}: {shown(card.reason or card.how)}"

    def _paint_card(self, painter: QPainter, card: Card, rect: QRectF, is_current: bool) -> None:
        t = tokens()
        painter.setPen(t.accent if is_current else t.border_soft)
        painter.setBrush(t.selection if is_current else t.surface_2)
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        icons.paint(
            painter, card.icon, color_of(card.icon) or t.text_2, QRectF(rect.left() + 11, rect.top() + 9, 14, 14)
        )
        upper = QRectF(rect.left() + 30, rect.top() + 4, rect.width() - 40, 24)
        lower = QRectF(rect.left() + 10, rect.top() + 28, rect.width() - 20, 22)
        took = "" if card.began_at is None else duration((card.ended_at or now()) - card.began_at)
        taken = _write(painter, upper, took, Role.SMALL, is_right=True)
        title = _("Attempt {number}", number=card.number)
        _write(painter, upper.adjusted(0, 0, -taken, 0), title, Role.STRONG, is_right=False)
        taken = _write(painter, lower, card.then, Role.SMALL, is_right=True, ink=2)
        how = shown(card.how)
        if width_of(how, Role.SMALL) <= lower.width() - taken:
            _write(painter, lower, how, Role.SMALL, is_right=False)


def cards_of(detail: Detail) -> list[Card]:
    """A card for each attempt, the newest last."""
    found = []
    starts = [*(attempt.started_at for attempt in detail.attempts[1:]), detail.run.started_at]
    for attempt, following in zip(detail.attempts, starts, strict=False):
        waited = None if following is None else following - attempt.ended_at
        then: Text | str = "" if waited is None else _("then waited {span}", span=span(waited))
        how: Text | str = _exit(attempt.exit_code) or WORDS[State.FAILED]
        icon, why = glyph_of(State.FAILED), attempt.reason or ""
        found.append(Card(attempt.number, icon, attempt.started_at, attempt.ended_at, how, then, why))
    run = detail.run
    if run.started_at is not None or not found:
        has_failed = run.state in FAILURES and bool(found)
        how = _exit(run.exit_code) or ("" if run.is_live else WORDS[run.state])
        then = _("no retries left") if has_failed else ""
        icon = glyph_of_run(run)
        found.append(Card(run.attempt, icon, run.started_at, run.ended_at, how, then, run.reason or ""))
    return found


def _exit(code: int | None) -> Text | None:
    return None if code is None else _("exit {code}", code=code)


def _write(painter: QPainter, rect: QRectF, text: Text | str, role: Role, *, is_right: bool, ink: int = 1) -> float:
    """Write it at one side, cut to the room; the room that it took."""
    words = shown(text)
    painter.setFont(font(role, words))
    painter.setPen(tokens().text if ink == 1 else tokens().text_2)
    side = Qt.AlignmentFlag.AlignRight if is_right else Qt.AlignmentFlag.AlignLeft
    cut = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, round(rect.width()))
    painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | side, cut)
    return painter.fontMetrics().horizontalAdvance(cut) + 8.0 if cut else 0.0
