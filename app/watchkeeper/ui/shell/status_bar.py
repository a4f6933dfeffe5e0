"""The row at the bottom: what the engine truly does now, and what the panels hold."""

from collections.abc import Callable
from datetime import timedelta

from PySide6.QtCore import QRectF, QTimer
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from watchkeeper.action.engine import Status
from watchkeeper.model.text import Text, _
from watchkeeper.ui.clock import now
from watchkeeper.ui.spans import ago, countdown, offset, span
from watchkeeper.ui.theme import Role, tokens
from watchkeeper.ui.theme.pale import pale
from watchkeeper.ui.widgets.glyph import Glyph
from watchkeeper.ui.widgets.words import Button, Label, line, plain
from watchkeeper.ui.words import Spoken

HEIGHT = 26
#: Milliseconds between two looks at the countdown.
SECOND = 1_000
#: An answer that is older is said to be.
STALE = timedelta(seconds=10)


class StatusBar(Spoken, QWidget):
    """Shows what it is given; the window asks the engine."""

    def __init__(self, toggle: Callable[[str], None]) -> None:
        """`toggle` shows or hides a panel by its name."""
        super().__init__()
        plain(self, 0)
        self.setFixedHeight(HEIGHT)
        self.status: Status | None = None
        self.is_connected = True
        self._glyph = Glyph("status/scheduled", 14)
        self._engine, self._running, self._queued = _fact(), _fact(), _fact()
        self._next, self._pause, self._zone = _fact(), _fact(), _fact()
        self._facts = (self._running, self._queued, self._next, self._pause)
        self.problems = _opener(_("Problems {n}", n=0), lambda: toggle("problems"))
        self._openers = (
            self.problems,
            _opener(_("Live log"), lambda: toggle("live")),
            _opener(_("Activity"), lambda: toggle("activity")),
        )
        self._lay_out()
        self._tick = QTimer(self)
        self._tick.setInterval(SECOND)
        self._tick.timeout.connect(self.retranslate)
        self.retranslate()

    def take(self, status: Status | None, *, is_connected: bool) -> None:
        """Show what the engine has answered; the last answer grows old when it answers no more."""
        self.status, self.is_connected = status or self.status, is_connected
        self.retranslate()

    def set_problems(self, count: int) -> None:
        """How many problems the panel holds."""
        self.problems.say(_("Problems {n}", n=count))

    def retranslate(self) -> None:
        status = self.status
        glyph, words = self._state()
        self._glyph.show_icon(glyph)
        self._engine.say(words)
        for part in (*self._facts, *self._partings, self._zone):
            part.setVisible(status is not None)
        for fact in self._facts:
            pale().set_pale(fact, self._is_stale())
        if status is None:
            return
        size = sum(slots.size for slots in status.slots)
        self._running.say(_("Running {used} / {size}", used=status.running, size=size))
        self._queued.say(_("Queued {n}", n=status.queued + status.waiting))
        self._next.say(self._next_words(status))
        self._pause.say(self._pause_words(status))
        self._zone.say(offset(now(), status.zone))
        self._zone.setToolTip(status.zone)

    def showEvent(self, event: QShowEvent) -> None:
        self._tick.start()

    def hideEvent(self, event: QHideEvent) -> None:
        self._tick.stop()

    def _state(self) -> tuple[str, Text]:
        if self.status is None:
            return "status/scheduled", _("Engine is starting")
        if self._is_stale():
            return "status/lost", _("Engine does not answer, as of {ago}", ago=ago(self.status.now, now()))
        if not self.status.is_running:
            return "status/disabled", _("No engine runs")
        if self.status.disk is not None:
            return "status/late", _("Disk is low, nothing starts")
        return ("status/paused", _("Schedule paused")) if self.status.pause else ("status/success", _("Engine running"))

    def _is_stale(self) -> bool:
        return self.status is not None and (not self.is_connected or now() - self.status.now > STALE)

    def _next_words(self, status: Status) -> Text:
        if status.next is None:
            return _("Nothing is due")
        return _("Next {job} in {countdown}", job=status.next.job, countdown=countdown(status.next.at - now()))

    def _pause_words(self, status: Status) -> Text:
        if status.pause is None:
            return _("Pause off")
        until = status.pause.until
        return (
            _("Paused for {span}", span=span(until - now())) if until else _("Paused: {why}", why=status.pause.reason)
        )

    def _lay_out(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(15, 0, 15, 0)
        layout.setSpacing(6)
        layout.addWidget(self._glyph)
        layout.addWidget(self._engine)
        self._partings = [_parting() for _label in self._facts]
        for parting, label in zip(self._partings, self._facts, strict=True):
            layout.addWidget(parting)
            layout.addWidget(label)
        layout.addStretch(1)
        for opener in self._openers:
            layout.addWidget(opener)
        layout.addSpacing(8)
        layout.addWidget(self._zone)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(QRectF(0, 0, self.width(), 1), tokens().border)


def _fact() -> Label:
    return Label("", Role.SMALL, ink=2)


def _opener(text: Text, on_click: Callable[[], None]) -> Button:
    return Button(text, on_click, kind="bar", role=Role.SMALL)


def _parting() -> QWidget:
    made = line(is_upright=True)
    made.setFixedHeight(11)
    return made
