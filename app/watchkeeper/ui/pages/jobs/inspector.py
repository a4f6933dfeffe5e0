"""What is known of one job, beside the table: what can be done first, then the reason, then the facts."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from watchkeeper.model.job_table import JobRow
from watchkeeper.model.run import State
from watchkeeper.model.text import Text, _
from watchkeeper.ui.clock import now
from watchkeeper.ui.glyphs import glyph_of_job
from watchkeeper.ui.pages.jobs.cells import last_text, soon_text, when_text
from watchkeeper.ui.pages.jobs.failure_box import FailureBox
from watchkeeper.ui.pages.jobs.known import Known
from watchkeeper.ui.pages.jobs.recent_run import RecentRun, began_text
from watchkeeper.ui.spans import ahead, duration, moment
from watchkeeper.ui.theme import Role
from watchkeeper.ui.widgets.fact import Fact
from watchkeeper.ui.widgets.glyph import Glyph
from watchkeeper.ui.widgets.words import Button, IconButton, Label, line, plain
from watchkeeper.ui.words import Spoken

WIDTH = 336


class Deeds:
    """What the buttons do; the page says how."""

    def __init__(
        self,
        *,
        run: Callable[[JobRow], None],
        edit: Callable[[JobRow], None],
        turn: Callable[[JobRow], None],
        more: Callable[[QWidget], None],
        open_all: Callable[[JobRow], None],
        open_run: Callable[[str], None],
        close: Callable[[], None],
    ) -> None:
        self.run, self.edit, self.turn, self.more = run, edit, turn, more
        self.open_all, self.open_run, self.close = open_all, open_run, close


class JobInspector(Spoken, QWidget):
    """Shows the row that is given at once, and what has to be asked for when that is known."""

    def __init__(self, deeds: Deeds, zone: Callable[[], str]) -> None:
        super().__init__()
        plain(self, 1)
        self.setFixedWidth(WIDTH)
        self.row: JobRow | None = None
        self.known: Known | None = None
        self._deeds, self._zone = deeds, zone
        self._glyph = Glyph("status/scheduled", 20)
        self._name = Label("", Role.PANEL_TITLE)
        self._name.setWordWrap(True)
        self._turn = Button(_("Disable"), self._of_row(deeds.turn))
        self._more = IconButton("ui/more", _("Menu of the job"), self._open_more, keys=".")
        self.failure = FailureBox(deeds.open_run)
        self._why_title = Label(_("Why is it not running?"), Role.SMALL_TITLE, ink=2)
        self.why = Label("", Role.BODY)
        self.why.setWordWrap(True)
        self.facts = {name: Fact(title) for name, title in _FACTS}
        self._runs = QVBoxLayout()
        self._runs.setSpacing(0)
        self._lay_out()

    def take(self, row: JobRow) -> None:
        """Show a job; what was asked for before stays while it is the same job."""
        if self.row is None or self.row.id != row.id:
            self.known = None
        self.row = row
        self.retranslate()

    def learn(self, known: Known) -> None:
        """Show what was asked for of the job that is shown."""
        if self.row is not None and known.job.id == self.row.id:
            self.known = known
            self.retranslate()

    def retranslate(self) -> None:
        row = self.row
        if row is None:
            return
        self._glyph.show_icon(glyph_of_job(row))
        self._name.say(row.name)
        self._turn.say(_("Disable") if row.is_enabled else _("Enable"))
        self.failure.take(row, self.known)
        self._tell_why(row)
        for name, fact in self.facts.items():
            fact.say(self._fact(name, row))
        self._show_runs(row)

    def _fact(self, name: str, row: JobRow) -> Text | str:
        match name:
            case "when":
                return when_text(row, self._zone())
            case "next":
                return self._next(row)
            case "last":
                return last_text(row)
            case "host":
                return "" if row.last is None else row.last.host or ""
            case "took":
                return "" if row.p50 is None else f"p50 {duration(row.p50)}, p95 {duration(row.p95 or row.p50)}"
            case "retries":
                return "" if self.known is None else self.known.retries
            case "version":
                return "" if self.known is None else self.known.version(self._zone())
            case "group":
                return row.group
            case "tags":
                return ", ".join(row.tags)
        return row.owner

    def _next(self, row: JobRow) -> Text | str:
        if row.next_at is None or not row.is_enabled:
            return soon_text(row)
        at = moment(row.next_at, self._zone(), now())
        return _("{moment}, {ahead}", moment=at, ahead=ahead(row.next_at, now()))

    def _tell_why(self, row: JobRow) -> None:
        live, why = row.live, None
        if live is not None and live.state not in (State.RUNNING, State.DISPATCHING):
            why = live.reason
        elif live is None and not row.is_enabled:
            why = _("It is disabled: its triggers do not fire. By hand it can be started.")
        for label in (self._why_title, self.why):
            label.setVisible(why is not None)
        self.why.say(why or "")

    def _show_runs(self, row: JobRow) -> None:
        while (item := self._runs.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        most = max((run.took for run in row.runs if run.took is not None), default=None)
        for run in reversed(row.runs[-RecentRun.MOST :]):
            began = None if self.known is None else self.known.began(run.id)
            when = "" if began is None else began_text(began, self._zone())
            self._runs.addWidget(RecentRun(run, when, most, partial(self._deeds.open_run, run.id)))
        if not row.runs:
            self._runs.addWidget(Label(_("It has not run yet"), Role.SMALL, ink=2))

    def _of_row(self, do: Callable[[JobRow], None]) -> Callable[[], None]:
        def carried_out() -> None:
            if self.row is not None:
                do(self.row)

        return carried_out

    def _open_more(self) -> None:
        self._deeds.more(self._more)

    def _lay_out(self) -> None:
        title = QHBoxLayout()
        title.setSpacing(4)
        title.addWidget(self._glyph)
        title.addSpacing(4)
        title.addWidget(self._name, 1)
        title.addWidget(IconButton("ui/open-window", _("Open the job"), self._of_row(self._deeds.edit), keys="E"))
        title.addWidget(IconButton("ui/close", _("Close"), self._deeds.close, size=14))
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(Button(_("Run now"), self._of_row(self._deeds.run), kind="primary", icon="ui/play"))
        buttons.addWidget(self._turn)
        buttons.addWidget(Button(_("Edit"), self._of_row(self._deeds.edit)))
        buttons.addStretch(1)
        buttons.addWidget(self._more)
        recent = QHBoxLayout()
        recent.addWidget(Label(_("Recent runs"), Role.SECTION), 1)
        recent.addWidget(Button(_("All"), self._of_row(self._deeds.open_all), kind="inline"))
        inner, scroll = QWidget(), QScrollArea(self)
        layout = QVBoxLayout(inner)
        layout.setContentsMargins(15, 12, 15, 12)
        layout.setSpacing(10)
        layout.addLayout(title)
        layout.addLayout(buttons)
        layout.addWidget(self.failure)
        layout.addWidget(self._why_title)
        layout.addWidget(self.why)
        layout.addWidget(line())
        facts = QVBoxLayout()
        facts.setSpacing(8)
        for fact in self.facts.values():
            facts.addWidget(fact)
        layout.addLayout(facts)
        layout.addWidget(line())
        layout.addLayout(recent)
        layout.addLayout(self._runs)
        layout.addStretch(1)
        scroll.setWidget(inner)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)


_FACTS: tuple[tuple[str, Text], ...] = (
    ("when", _("Schedule")),
    ("next", _("Next")),
    ("last", _("Last")),
    ("host", _("Host")),
    ("took", _("Duration")),
    ("retries", _("Retries")),
    ("version", _("Version")),
    ("group", _("Group")),
    ("tags", _("Tags")),
    ("owner", _("Owner")),
)
