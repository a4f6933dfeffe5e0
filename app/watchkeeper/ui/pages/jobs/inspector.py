"""What is known of one job, beside the table: what can be done first, then the reason, then the facts."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from watchkeeper.model.job_table import JobRow, PastRun
from watchkeeper.model.run import State
from watchkeeper.model.text import Text, _
from watchkeeper.ui import icons
from watchkeeper.ui.glyphs import WORDS, color_of, glyph_of, glyph_of_job
from watchkeeper.ui.pages.jobs.cells import last_text, soon_text, when_text
from watchkeeper.ui.spans import duration
from watchkeeper.ui.theme import Role, font, tokens
from watchkeeper.ui.widgets.glyph import Glyph
from watchkeeper.ui.widgets.reason_box import ReasonBox
from watchkeeper.ui.widgets.words import Button, IconButton, Label, line, plain
from watchkeeper.ui.words import Spoken, shown

WIDTH = 336
RUNS = 8


class Deeds:
    """What the buttons do; the page says how."""

    def __init__(
        self,
        *,
        run: Callable[[JobRow], None],
        edit: Callable[[JobRow], None],
        turn: Callable[[JobRow], None],
        open_run: Callable[[str], None],
        close: Callable[[], None],
    ) -> None:
        self.run, self.edit, self.turn, self.open_run, self.close = run, edit, turn, open_run, close


class JobInspector(Spoken, QWidget):
    """Shows the row that is given."""

    def __init__(self, deeds: Deeds, zone: Callable[[], str]) -> None:
        super().__init__()
        plain(self, 1)
        self.setFixedWidth(WIDTH)
        self.row: JobRow | None = None
        self._deeds, self._zone = deeds, zone
        self._glyph = Glyph("status/scheduled", 20)
        self._name = Label("", Role.PANEL_TITLE)
        self._name.setWordWrap(True)
        self._turn = Button(_("Disable"), self._do_turn)
        self.why = ReasonBox()
        self._facts = {name: Label("", Role.SMALL) for name, _title in _FACTS}
        self._runs = QVBoxLayout()
        self._runs.setSpacing(0)
        self._lay_out()

    def take(self, row: JobRow) -> None:
        """Show a job."""
        self.row = row
        self.retranslate()

    def retranslate(self) -> None:
        row = self.row
        if row is None:
            return
        self._glyph.show_icon(glyph_of_job(row))
        self._name.say(row.name)
        self._turn.say(_("Disable") if row.is_enabled else _("Enable"))
        self._tell_why(row)
        values: dict[str, Text | str] = {
            "when": when_text(row, self._zone()),
            "next": soon_text(row),
            "last": last_text(row),
            "took": "" if row.p50 is None else f"p50 {duration(row.p50)}, p95 {duration(row.p95 or row.p50)}",
            "handler": row.handler,
            "pool": row.pool,
            "group": row.group,
            "owner": row.owner,
            "tags": ", ".join(row.tags),
        }
        for name, label in self._facts.items():
            label.say(values[name] or "–")
        self._show_runs(row)

    def _tell_why(self, row: JobRow) -> None:
        live, last = row.live, row.last
        if live is not None and live.reason is not None and live.state not in (State.RUNNING, State.DISPATCHING):
            self.why.tell(_("Why is it not running?"), live.reason)
        elif last is not None and last.reason is not None and last.state is not State.SUCCEEDED:
            self.why.tell(_("The last run: {state}", state=WORDS[last.state]), last.reason)
        else:
            self.why.tell(None, "")

    def _show_runs(self, row: JobRow) -> None:
        while (item := self._runs.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for run in reversed(row.runs[-RUNS:]):
            self._runs.addWidget(PastRunRow(run, row, partial(self._deeds.open_run, run.id)))
        if not row.runs:
            self._runs.addWidget(Label(_("It has not run yet"), Role.SMALL, ink=2))

    def _do_run(self) -> None:
        if self.row is not None:
            self._deeds.run(self.row)

    def _do_edit(self) -> None:
        if self.row is not None:
            self._deeds.edit(self.row)

    def _do_turn(self) -> None:
        if self.row is not None:
            self._deeds.turn(self.row)

    def _lay_out(self) -> None:
        title = QHBoxLayout()
        title.setSpacing(8)
        title.addWidget(self._glyph, alignment=Qt.AlignmentFlag.AlignTop)
        title.addWidget(self._name, 1)
        title.addWidget(IconButton("ui/close", _("Close"), self._deeds.close, size=14))
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(Button(_("Run now"), self._do_run, kind="primary", icon="ui/play"))
        buttons.addWidget(Button(_("Edit"), self._do_edit, icon="ui/edit"))
        buttons.addWidget(self._turn)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(15, 14, 12, 12)
        layout.setSpacing(10)
        layout.addLayout(title)
        layout.addLayout(buttons)
        self.why.layout().setContentsMargins(16, 10, 8, 10)  # type: ignore[union-attr]
        layout.addWidget(self.why)
        layout.addWidget(line())
        for name, fact in _FACTS:
            layout.addLayout(_fact(fact, self._facts[name]))
        layout.addWidget(line())
        layout.addWidget(Label(_("Recent runs"), Role.SECTION))
        layout.addLayout(self._runs)
        layout.addStretch(1)


_FACTS: tuple[tuple[str, Text], ...] = (
    ("when", _("Schedule")),
    ("next", _("Next")),
    ("last", _("Last")),
    ("took", _("Duration")),
    ("handler", _("Task type")),
    ("pool", _("Pool")),
    ("group", _("Group")),
    ("owner", _("Owner")),
    ("tags", _("Tags")),
)


def _fact(title: Text, value: Label) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(0)
    label = Label(title, Role.SMALL, ink=2)
    label.setFixedWidth(84)
    value.setWordWrap(True)
    row.addWidget(label, alignment=Qt.AlignmentFlag.AlignTop)
    row.addWidget(value, 1)
    return row


class PastRunRow(QWidget):
    """One of the last runs: glyph, number, a meter against p95, duration."""

    def __init__(self, run: PastRun, row: JobRow, follow: Callable[[], None]) -> None:
        super().__init__()
        self._run, self._row, self._follow = run, row, follow
        self.setFixedHeight(28)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(f"#{run.number} {shown(WORDS[run.verdict or run.state])}")

    def sizeHint(self) -> QSize:
        return QSize(280, 28)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._follow()

    def paintEvent(self, event: QPaintEvent) -> None:
        t, painter, run = tokens(), QPainter(self), self._run
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        glyph = glyph_of(run.state, has_warning=run.has_warning, verdict=run.verdict)
        icons.paint(painter, glyph, color_of(glyph) or t.text_2, QRectF(0, 7, 14, 14))
        painter.setFont(font(Role.SMALL_STRONG))
        painter.setPen(t.text)
        painter.drawText(QRectF(22, 0, 90, 28), Qt.AlignmentFlag.AlignVCenter, f"#{run.number}")
        right = self.width() - 4
        if run.took is not None:
            painter.setFont(font(Role.SMALL))
            painter.drawText(
                QRectF(right - 80, 0, 80, 28),
                Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight,
                duration(run.took),
            )
            self._paint_meter(painter, QRectF(right - 80 - 84, 12, 72, 4), glyph)

    def _paint_meter(self, painter: QPainter, rect: QRectF, glyph: str) -> None:
        t, most = tokens(), max((run.took for run in self._row.runs if run.took is not None), default=None)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(t.track)
        painter.drawRoundedRect(rect, 2, 2)
        if most and self._run.took is not None:
            painter.setBrush(t.fill_ok if glyph == "status/success" else color_of(glyph) or t.fill_ok)
            width = max(3.0, rect.width() * (self._run.took / most))
            painter.drawRoundedRect(QRectF(rect.left(), rect.top(), width, 4), 2, 2)
