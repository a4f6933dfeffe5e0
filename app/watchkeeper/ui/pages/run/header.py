"""The head of a run's page: what it is, what became of it, how long it took against the usual, what can be done."""

from collections.abc import Sequence
from datetime import timedelta

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from watchkeeper.model.run import HOLDING, Run, State
from watchkeeper.model.text import Text, _
from watchkeeper.model.usual import Usual
from watchkeeper.ui.clock import now
from watchkeeper.ui.glyphs import WORDS, color_of, glyph_of_run
from watchkeeper.ui.spans import duration, moment
from watchkeeper.ui.theme import Role, tokens
from watchkeeper.ui.widgets.elided import Elided
from watchkeeper.ui.widgets.glyph import Glyph
from watchkeeper.ui.widgets.words import Label, line, plain
from watchkeeper.ui.words import Spoken, shown

#: Below it there is room for the facts only.
NARROW = 960
#: Milliseconds between two looks at what time has gone by.
SECOND = 1_000


class RunHeader(Spoken, QWidget):
    """Two rows; buttons at the right of the first."""

    def __init__(self, buttons: Sequence[QWidget]) -> None:
        super().__init__()
        plain(self, 1)
        self._run: Run | None = None
        self._usual = Usual(None, None, 0)
        self._zone = "UTC"
        self._most: int | None = None
        self._glyph = Glyph("status/scheduled", 24)
        self._name, self._number = Label("", Role.PAGE_TITLE), Label("", Role.PANEL_TITLE, ink=2)
        self._state = Elided(Role.BODY, ink=2)
        self._facts = {name: Fact(title) for name, title in _FACTS}
        self._meter = Meter()
        self._against = Label("", Role.SMALL, ink=2)
        self._second = QTimer(self)
        self._second.setInterval(SECOND)
        self._second.timeout.connect(self._tell_time)
        self._lay_out(buttons)

    def take(self, run: Run, usual: Usual, zone: str, most: int | None) -> None:
        """Show a run, of which there may be `most` attempts; None where that is not known."""
        self._run, self._usual, self._zone, self._most = run, usual, zone, most
        self.retranslate()
        self._move_or_rest()

    def retranslate(self) -> None:
        run = self._run
        if run is None:
            return
        self._glyph.show_icon(glyph_of_run(run))
        self._name.say(run.job_name)
        self._number.say(f"#{run.number}")
        self._state.say(state_words(run))
        values = {
            "attempt": str(run.attempt) if self._most is None else f"{run.attempt} / {self._most}",
            "version": f"v{run.job_version}",
            "by": run.actor,
            "started": "" if run.started_at is None else moment(run.started_at, self._zone, now()),
            "host": run.host or "",
        }
        for name, value in values.items():
            self._facts[name].say(value)
        self._tell_time()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._tell_time()

    def showEvent(self, event: QShowEvent) -> None:
        self._move_or_rest()

    def hideEvent(self, event: QHideEvent) -> None:
        self._second.stop()

    def _move_or_rest(self) -> None:
        """Time is told only while it goes by and somebody looks."""
        is_moving = self._run is not None and self._run.started_at is not None and self._run.state in HOLDING
        self._second.start() if is_moving and self.isVisible() else self._second.stop()

    def _tell_time(self) -> None:
        span = None if self._run is None else elapsed(self._run)
        self._facts["elapsed"].say("" if span is None else duration(span))
        self._tell_meter(span)

    def _tell_meter(self, span: timedelta | None) -> None:
        usual = self._usual.p50
        has_room = self.width() >= NARROW
        for widget in (self._meter, self._against):
            widget.setVisible(span is not None and usual is not None and has_room)
        if span is None or usual is None or self._run is None:
            return
        self._meter.take(span, usual, self._usual.p95, glyph_of_run(self._run))
        times = span / usual if usual else 0.0
        self._against.say(_("{times}× p50 ({usual})", times=f"{times:.1f}", usual=duration(usual)))
        spans = _spans(self._usual)
        hint = _(
            "half of the last {n} successes took {p50} at most, 95 of 100 took {p95}", n=self._usual.count, **spans
        )
        self._meter.setToolTip(shown(hint))
        self._meter.setAccessibleName(self._against.text())
        self._meter.setAccessibleDescription(shown(hint))
        self._against.setToolTip(shown(hint))

    def _lay_out(self, buttons: Sequence[QWidget]) -> None:
        first = QHBoxLayout()
        first.setSpacing(10)
        for widget in (self._glyph, self._name, self._number):
            first.addWidget(widget)
        first.addSpacing(4)
        first.addWidget(self._state, 1)
        for button in buttons:
            first.addWidget(button)
        second = QHBoxLayout()
        second.setContentsMargins(50, 0, 16, 0)
        second.setSpacing(20)
        for fact in self._facts.values():
            second.addWidget(fact)
        second.addWidget(self._meter)
        second.addWidget(self._against)
        second.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 10, 0, 0)
        layout.setSpacing(8)
        first.setContentsMargins(16, 0, 16, 0)
        layout.addLayout(first)
        layout.addLayout(second)
        layout.addSpacing(4)
        layout.addWidget(line())


_FACTS: tuple[tuple[str, Text], ...] = (
    ("attempt", _("Attempt")),
    ("version", _("Version")),
    ("by", _("Started by")),
    ("started", _("Started")),
    ("host", _("Host")),
    ("elapsed", _("Elapsed")),
)


class Fact(QWidget):
    """A label and its value; hidden where there is none."""

    def __init__(self, title: Text) -> None:
        super().__init__()
        self._value = Label("", Role.SMALL_STRONG)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(Label(title, Role.SMALL, ink=2))
        layout.addWidget(self._value)
        self.hide()

    def say(self, value: str) -> None:
        """Show a value."""
        self._value.say(value)
        self.setVisible(bool(value))


class Meter(QWidget):
    """How far a run is, against the usual, which is marked."""

    def __init__(self) -> None:
        super().__init__()
        self._share, self._mark, self._late, self._icon = 0.0, 0.5, 1.0, "status/running"
        self.setFixedSize(132, 16)

    def take(self, span: timedelta, p50: timedelta, p95: timedelta | None, icon: str) -> None:
        """Show a span with a line at p50, and a fainter one at p95."""
        full = max(span, p50 * 1.25, (p95 or p50) * 1.05)
        self._share = span / full if full else 0.0
        self._mark = p50 / full if full else 0.0
        self._late = (p95 or p50) / full if full else 0.0
        self._icon = icon
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(132, 16)

    def paintEvent(self, event: QPaintEvent) -> None:
        t, painter = tokens(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(t.track)
        painter.drawRoundedRect(QRectF(0, 5, 132, 6), 3, 3)
        color = color_of(self._icon) or t.running
        painter.setBrush(t.fill_ok if self._icon == "status/success" else color)
        painter.drawRoundedRect(QRectF(0, 5, max(6, 132 * self._share), 6), 3, 3)
        painter.fillRect(QRectF(round(132 * self._late), 4, 1, 8), t.text_2)
        painter.fillRect(QRectF(round(132 * self._mark), 2, 1, 12), t.text)


def _spans(usual: Usual) -> dict[str, str]:
    return {name: duration(getattr(usual, name) or timedelta()) for name in ("p50", "p95")}


def elapsed(run: Run) -> timedelta | None:
    """How long the attempt has taken, or takes by now."""
    if run.started_at is None:
        return None
    if run.ended_at is not None:
        return run.ended_at - run.started_at
    return now() - run.started_at if run.state in HOLDING else None


def state_words(run: Run) -> Text:
    """What became of it, in a sentence."""
    if run.cancel_requested_at is not None and run.is_live:
        return _("Stopping, as {who} wished", who=run.cancel_requested_by or "")
    if run.verdict is not None:
        return _(
            "{state}; {who} judged it {verdict}: {why}",
            state=WORDS[run.state],
            who=run.verdict_by or "",
            verdict=WORDS[run.verdict],
            why=run.verdict_reason or "",
        )
    words = WORDS[run.state]
    if run.state is State.SUCCEEDED and run.has_warning:
        words = _("Succeeded with a warning")
    if run.reason is not None and run.state not in (State.RUNNING, State.DISPATCHING, State.SUCCEEDED):
        return _("{state}: {reason}", state=words, reason=run.reason)
    return words
