"""The facts of two runs beside each other: the other one left, the run right; what differs stands out."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from watchkeeper.action.comparison import Comparison
from watchkeeper.model.run import Run
from watchkeeper.model.text import Text, _
from watchkeeper.ui.clock import now
from watchkeeper.ui.glyphs import color_of, glyph_of_run
from watchkeeper.ui.run_columns import origin_text, state_text, took
from watchkeeper.ui.spans import duration, moment
from watchkeeper.ui.theme import Role, tokens
from watchkeeper.ui.widgets.glyph import Glyph
from watchkeeper.ui.widgets.words import Button, Label, plain
from watchkeeper.ui.words import Spoken

LABEL, SIDE, BAR = 112, 340, 160
PITCH = 26
FACTS: tuple[tuple[str, Text], ...] = (
    ("started", _("Started")),
    ("took", _("Duration")),
    ("version", _("Version")),
    ("by", _("Started by")),
    ("host", _("Host")),
    ("attempt", _("Attempts")),
    ("exit", _("Exit code")),
)


class Bar(QWidget):
    """How long a run took, against the longer of the two."""

    def __init__(self) -> None:
        super().__init__()
        self._share, self._icon = 0.0, "status/success"
        self.setFixedSize(BAR, 16)

    def take(self, share: float, icon: str) -> None:
        """Show a share from 0 to 1."""
        self._share, self._icon = share, icon
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(BAR, 16)

    def paintEvent(self, event: QPaintEvent) -> None:
        t, painter = tokens(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(t.track)
        painter.drawRoundedRect(QRectF(0, 5, BAR, 6), 3, 3)
        painter.setBrush(t.fill_ok if self._icon == "status/success" else color_of(self._icon) or t.text_2)
        painter.drawRoundedRect(QRectF(0, 5, max(6.0, BAR * self._share), 6), 3, 3)


class Side(QWidget):
    """Glyph, number as a link, state; the facts are put into the grid around it."""

    def __init__(self, go: Callable[[], None]) -> None:
        super().__init__()
        self._glyph = Glyph("status/scheduled", 16)
        self.link = Button("", go, kind="inline")
        self._state = Label("", Role.STRONG)
        self.bar = Bar()
        self.values = {name: Label("", Role.SMALL) for name, _title in FACTS}
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for widget in (self._glyph, self._state, self.link):
            layout.addWidget(widget)
        layout.addStretch(1)

    def take(self, run: Run, title: Text) -> None:
        """Show whose side it is."""
        self._glyph.show_icon(glyph_of_run(run))
        self._state.say(state_text(run))
        self.link.say(title)


class Sides(Spoken, QWidget):
    """`go` opens a run by its id."""

    def __init__(self, go: Callable[[str], None], zone: Callable[[], str]) -> None:
        super().__init__()
        plain(self, 1)
        self._go, self._zone = go, zone
        self._found: Comparison | None = None
        self.other, self.run = (Side(partial(self._open, name)) for name in ("other", "run"))
        self._lay_out()

    def take(self, found: Comparison) -> None:
        """Show a comparison."""
        self._found = found
        self.retranslate()

    def retranslate(self) -> None:
        found = self._found
        if found is None:
            return
        self.other.take(found.other, _("#{number}, which it is compared with", number=found.other.number))
        self.run.take(found.run, _("#{number}, this run", number=found.run.number))
        both = [self._facts(run) for run in (found.other, found.run)]
        for name, _title in FACTS:
            for side, facts in zip((self.other, self.run), both, strict=True):
                side.values[name].say(facts[name] or "–")
                is_told = name in ("started", "took") or both[0][name] == both[1][name]
                side.values[name].set_role(Role.SMALL if is_told else Role.SMALL_TITLE)
        spans = [took(run) for run in (found.other, found.run)]
        longest = max((span for span in spans if span is not None), default=None)
        for side, run, span in zip((self.other, self.run), (found.other, found.run), spans, strict=True):
            side.bar.setVisible(span is not None)
            side.bar.take(span / longest if span and longest else 0.0, glyph_of_run(run))

    def _facts(self, run: Run) -> dict[str, Text | str]:
        span = took(run)
        return {
            "started": "" if run.started_at is None else moment(run.started_at, self._zone(), now()),
            "took": "" if span is None else duration(span),
            "version": f"v{run.job_version}",
            "by": _("{who} ({how})", who=run.actor, how=origin_text(run)),
            "host": run.host or _("inside the engine"),
            "attempt": str(run.attempt),
            "exit": "" if run.exit_code is None else str(run.exit_code),
        }

    def _open(self, name: str) -> None:
        if self._found is not None:
            self._go(f"run/{getattr(self._found, name).id}")

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(16, 4, 16, 12)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(0)
        grid.setColumnMinimumWidth(0, LABEL)
        grid.setColumnStretch(3, 1)
        for column, side in ((1, self.other), (2, self.run)):
            grid.setColumnMinimumWidth(column, SIDE)
            grid.addWidget(side, 0, column)
        grid.setRowMinimumHeight(0, 32)
        for row, (name, title) in enumerate(FACTS, 1):
            grid.setRowMinimumHeight(row, PITCH)
            grid.addWidget(Label(title, Role.SMALL, ink=2), row, 0)
            for column, side in ((1, self.other), (2, self.run)):
                grid.addLayout(_with_bar(side) if name == "took" else _alone(side.values[name]), row, column)


def _with_bar(side: Side) -> QHBoxLayout:
    row = _alone(side.values["took"])
    row.insertWidget(0, side.bar)
    return row


def _alone(widget: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    row.addWidget(widget)
    row.addStretch(1)
    return row
