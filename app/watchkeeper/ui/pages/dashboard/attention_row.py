"""One cause: what happened, why, what it keeps from running, and what can be done about it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QEnterEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from watchkeeper.action.attention import Cause, Need
from watchkeeper.model.text import Text, _
from watchkeeper.ui.clock import now
from watchkeeper.ui.pages.dashboard.attention_words import GLYPHS, blocks_of, fact_of, why_of
from watchkeeper.ui.spans import ago
from watchkeeper.ui.theme import Role, tokens
from watchkeeper.ui.widgets.counts import Count
from watchkeeper.ui.widgets.elided import Elided
from watchkeeper.ui.widgets.glyph import Glyph
from watchkeeper.ui.widgets.words import Button, IconButton, Label
from watchkeeper.ui.words import Spoken, shown

ROW = 44
NAME, FACT = 200, 96

Deed = Callable[[Cause], None]


@dataclass(frozen=True)
class Deeds:
    """What the rows can have done; the page says how."""

    open_run: Deed
    rerun: Deed
    acknowledge: Deed
    settle: Deed
    #: What else there is, at a button.
    more: Callable[[Cause, QWidget], None]


class Row(Spoken, QWidget):
    """Enter opens the log, arrows go to other rows; the page has a command for each other deed."""

    def __init__(self, cause: Cause, deeds: Deeds) -> None:
        super().__init__()
        self.cause, self._deeds = cause, deeds
        self.setFixedHeight(ROW)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._fact, self._why = Label("", Role.STRONG), Elided(Role.MONO if cause.first_error else Role.BODY, ink=2)
        self._since = Label("", Role.SMALL, ink=2)
        self.buttons = [Button(words, partial(deed, cause), kind="link") for words, deed in self._offers()]
        self.more = IconButton("ui/more", _("More, for {job}", job=cause.job), self.open_more, keys=".")
        self._lay_out()
        self.retranslate()

    def retranslate(self) -> None:
        self._fact.say(fact_of(self.cause))
        self._why.say(why_of(self.cause))
        self._since.say(ago(self.cause.since, now()))
        told = (self.cause.job, fact_of(self.cause), why_of(self.cause))
        self.setAccessibleName(", ".join(words for text in told if (words := shown(text))))
        self.setAccessibleDescription(shown(blocks_of(self.cause)) if self.cause.blocks else "")

    def paintEvent(self, event: QPaintEvent) -> None:
        t, painter = tokens(), QPainter(self)
        if self.hasFocus():
            painter.fillRect(self.rect(), t.selection)
            painter.fillRect(QRectF(0, 0, 2, ROW), t.accent)
        elif self.underMouse():
            painter.fillRect(self.rect(), t.hover)

    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._deeds.open_run(self.cause)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._deeds.open_run(self.cause)
            case Qt.Key.Key_Down | Qt.Key.Key_J:
                self._turn_to(1)
            case Qt.Key.Key_Up | Qt.Key.Key_K:
                self._turn_to(-1)
            case _:
                super().keyPressEvent(event)

    def _turn_to(self, step: int) -> None:
        """The row that many below, or above."""
        parent = self.parentWidget()
        rows = [] if parent is None else parent.findChildren(Row)
        place = rows.index(self) + step if self in rows else -1
        if 0 <= place < len(rows):
            rows[place].setFocus(Qt.FocusReason.TabFocusReason)

    def open_more(self) -> None:
        """What else can be done, as a menu."""
        self._deeds.more(self.cause, self.more)

    def _offers(self) -> list[tuple[Text, Deed]]:
        deeds = self._deeds
        match self.cause.need:
            case Need.MISSED:
                return [(_("Decide"), deeds.settle)]
            case Need.LATE:
                return [(_("Why?"), deeds.open_run), (_("Acknowledge"), deeds.acknowledge)]
            case Need.UNKNOWN:
                return [(_("Resolve"), deeds.open_run), (_("Acknowledge"), deeds.acknowledge)]
        return [
            (_("View log"), deeds.open_run),
            (_("Rerun"), deeds.rerun),
            (_("Acknowledge"), deeds.acknowledge),
        ]

    def _lay_out(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 0, 8, 0)
        layout.setSpacing(12)
        layout.addWidget(Glyph(GLYPHS[self.cause.need], 20))
        name = Elided(Role.SECTION)
        name.say(self.cause.job)
        name.setFixedWidth(NAME)
        layout.addWidget(name)
        self._fact.setFixedWidth(FACT)
        layout.addWidget(self._fact)
        layout.addWidget(self._why, 1)
        if self.cause.blocks:
            blocks = Count("status/blocked", _("blocks {n}", n=self.cause.blocks))
            blocks.setToolTip(shown(blocks_of(self.cause)))
            layout.addWidget(blocks)
        layout.addWidget(self._since)
        for button in (*self.buttons, self.more):
            layout.addWidget(button)
