"""What needs a person, a row for each cause, with what can be done about it."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QEnterEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from watchkeeper.action.attention import Attention, Cause, Need
from watchkeeper.model.text import Text, _, plural
from watchkeeper.ui.clock import now
from watchkeeper.ui.spans import ago, span
from watchkeeper.ui.theme import Role, tokens
from watchkeeper.ui.widgets.glyph import Glyph
from watchkeeper.ui.widgets.words import Button, Label, line
from watchkeeper.ui.words import Spoken, shown

ROW = 44
#: Rows that are shown; the rest is counted.
MOST = 5

GLYPHS = {
    Need.FAILED: "status/failed",
    Need.TIMED_OUT: "status/timed-out",
    Need.EXPIRED: "status/blocked",
    Need.UNKNOWN: "status/lost",
    Need.LATE: "status/late",
    Need.MISSED: "status/missed",
}


class Deeds:
    """What the rows can have done; the page says how."""

    def __init__(
        self,
        *,
        open_run: Callable[[Cause], None],
        rerun: Callable[[Cause], None],
        acknowledge: Callable[[Cause], None],
        settle: Callable[[Cause], None],
    ) -> None:
        self.open_run, self.rerun, self.acknowledge, self.settle = open_run, rerun, acknowledge, settle


class AttentionCard(Spoken, QFrame):
    """A card that says so when nothing needs anybody."""

    def __init__(self, deeds: Deeds, acknowledge_all: Callable[[], None]) -> None:
        super().__init__()
        self._deeds = deeds
        self._found: Attention | None = None
        self.rows: list[Row] = []
        self.setProperty("kind", "card")
        self._title = Label(_("Needs attention"), Role.SECTION)
        self._counts = QHBoxLayout()
        self._counts.setSpacing(16)
        self._all = Button(_("Acknowledge all"), acknowledge_all, kind="link")
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self._lay_out()
        self._show()

    def take(self, found: Attention) -> None:
        """Show what was found."""
        if found != self._found:
            self._found = found
            self._show()

    def retranslate(self) -> None:
        for row in self.rows:
            row.retranslate()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(15, 0, 10, 0)
        top.addWidget(self._title)
        top.addSpacing(12)
        top.addLayout(self._counts)
        top.addStretch(1)
        top.addWidget(self._all)
        holder = QWidget()
        holder.setFixedHeight(39)
        holder.setLayout(top)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 0, 1, 1)
        layout.setSpacing(0)
        layout.addWidget(holder)
        layout.addLayout(self._list)

    def _show(self) -> None:
        _empty(self._list)
        _empty(self._counts)
        found = self._found
        self._all.setVisible(bool(found and found.rows))
        if found is None or not found.rows:
            self.rows = []
            self._list.addWidget(Calm(found is None))
            return
        for need, count in found.counts.items():
            self._counts.addWidget(Count(GLYPHS[need], _count_words(need, count)))
        if found.blocked:
            self._counts.addWidget(Count("status/blocked", _("{n} blocked", n=found.blocked)))
        self.rows = [Row(cause, self._deeds) for cause in found.rows[:MOST]]
        for row in self.rows:
            self._list.addWidget(line(is_soft=True))
            self._list.addWidget(row)
        if len(found.rows) > MOST:
            more = Label(_("{n} more in History", n=len(found.rows) - MOST), Role.SMALL, ink=2)
            more.setContentsMargins(15, 6, 15, 8)
            self._list.addWidget(more)


class Calm(QWidget):
    """Nothing to do."""

    def __init__(self, is_reading: bool) -> None:
        super().__init__()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(15, 6, 15, 14)
        layout.setSpacing(12)
        words = QVBoxLayout()
        words.setSpacing(2)
        if is_reading:
            words.addWidget(Label(_("Reading…"), Role.BODY, ink=2))
        else:
            layout.addWidget(Glyph("status/success", 20), alignment=Qt.AlignmentFlag.AlignVCenter)
            words.addWidget(Label(_("Nothing needs you"), Role.SECTION))
            words.addWidget(Label(_("Failed, late and blocked jobs are shown here by their cause."), Role.SMALL, ink=2))
        layout.addLayout(words, 1)


class Count(QWidget):
    """A glyph with a number."""

    def __init__(self, glyph: str, words: Text) -> None:
        super().__init__()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(Glyph(glyph, 14))
        layout.addWidget(Label(words, Role.SMALL, ink=2))


class Row(Spoken, QWidget):
    """One cause."""

    def __init__(self, cause: Cause, deeds: Deeds) -> None:
        super().__init__()
        self.cause, self._deeds = cause, deeds
        self.setFixedHeight(ROW)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 0, 8, 0)
        layout.setSpacing(12)
        layout.addWidget(Glyph(GLYPHS[cause.need], 20))
        name = Label(cause.job, Role.SECTION)
        name.setFixedWidth(200)
        layout.addWidget(name)
        self._fact = Label(fact_of(cause), Role.STRONG)
        self._fact.setFixedWidth(96)
        layout.addWidget(self._fact)
        self._why = Label(why_of(cause), Role.MONO if cause.first_error else Role.BODY, ink=2)
        self._why.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        layout.addWidget(self._why, 1)
        if cause.blocks:
            layout.addWidget(Count("status/blocked", _("blocks {n}", n=cause.blocks)))
        self._since = Label("", Role.SMALL, ink=2)
        layout.addWidget(self._since)
        for words, deed in self._offers():
            layout.addWidget(Button(words, partial(deed, cause), kind="link"))
        self.retranslate()

    def retranslate(self) -> None:
        self._since.say(ago(self.cause.since, now()))
        self._why.setToolTip(shown(why_of(self.cause)))
        self.setAccessibleName(", ".join(shown(text) for text in (self.cause.job, fact_of(self.cause))))

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
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_L):
            self._deeds.open_run(self.cause)
        elif event.key() == Qt.Key.Key_A and self.cause.run_id is not None:
            self._deeds.acknowledge(self.cause)
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_J):
            self.focusNextPrevChild(True)
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_K):
            self.focusNextPrevChild(False)
        else:
            super().keyPressEvent(event)

    def _offers(self) -> list[tuple[Text, Callable[[Cause], None]]]:
        match self.cause.need:
            case Need.MISSED:
                return [(_("Decide"), self._deeds.settle)]
            case Need.LATE:
                return [(_("Why?"), self._deeds.open_run), (_("Acknowledge"), self._deeds.acknowledge)]
            case Need.UNKNOWN:
                return [(_("Resolve"), self._deeds.open_run), (_("Acknowledge"), self._deeds.acknowledge)]
        return [
            (_("View log"), self._deeds.open_run),
            (_("Rerun"), self._deeds.rerun),
            (_("Acknowledge"), self._deeds.acknowledge),
        ]


def fact_of(cause: Cause) -> Text:
    """What happened, in two words."""
    match cause.need:
        case Need.FAILED if cause.exit_code is not None:
            return _("exit {code}", code=cause.exit_code)
        case Need.FAILED:
            return _("failed")
        case Need.TIMED_OUT:
            return _("timed out")
        case Need.EXPIRED:
            return _("expired")
        case Need.UNKNOWN:
            return _("unknown")
        case Need.LATE:
            return _("{span} late", span=span(now() - cause.since))
    return _("{n} missed", n=cause.count)


def why_of(cause: Cause) -> Text | str:
    """The line that tells it best."""
    return cause.first_error or cause.reason or ""


def _count_words(need: Need, count: int) -> Text:
    match need:
        case Need.FAILED:
            return _("{n} failed", n=count)
        case Need.TIMED_OUT:
            return _("{n} timed out", n=count)
        case Need.EXPIRED:
            return _("{n} expired", n=count)
        case Need.UNKNOWN:
            return _("{n} unknown", n=count)
        case Need.LATE:
            return _("{n} late", n=count)
    return plural("{n} job missed runs", "{n} jobs missed runs", count)


def _empty(layout: QHBoxLayout | QVBoxLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
