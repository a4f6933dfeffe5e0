"""The page of one run."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from watchkeeper.action.runs import Detail
from watchkeeper.model.errors import NotFound
from watchkeeper.model.events import Event
from watchkeeper.model.job import Job, JobSpec
from watchkeeper.model.run import Run, State
from watchkeeper.model.text import Text, _
from watchkeeper.model.usual import Usual
from watchkeeper.ui import milestones
from watchkeeper.ui.commands import Command
from watchkeeper.ui.console import Console
from watchkeeper.ui.glyphs import glyph_of_run
from watchkeeper.ui.links import link_to
from watchkeeper.ui.log.log import Log
from watchkeeper.ui.log.run_source import RunSource
from watchkeeper.ui.log.view import LogView
from watchkeeper.ui.pages.page import Page
from watchkeeper.ui.pages.run.header import RunHeader
from watchkeeper.ui.pages.run.heading import heading
from watchkeeper.ui.pages.run.side import WIDTH, Side
from watchkeeper.ui.widgets.reason_box import ReasonBox
from watchkeeper.ui.widgets.reason_dialog import ReasonDialog
from watchkeeper.ui.widgets.words import Button

_JUDGED = (State.FAILED, State.TIMED_OUT, State.CANCELLED, State.EXPIRED, State.UPSTREAM_FAILED)


class RunPage(Page):
    """`wanted` is the run's id or number."""

    topic = "states"

    def __init__(self, console: Console, wanted: str) -> None:
        super().__init__(console, f"run/{wanted}", _("Run {run}", run=_short(wanted)), "ui/monitor")
        self._wanted = wanted
        self.detail: Detail | None = None
        self._ran: Job | None = None
        self.log_view: LogView | None = None
        self._sources: list[RunSource] = []
        self._stop = Button(_("Stop"), self.stop, icon="ui/stop")
        self._rerun = Button(_("Run again"), self.rerun, icon="ui/rerun", kind="primary")
        self._judge = Button(_("Mark succeeded…"), self.mark_succeeded, icon="ui/check")
        self._acknowledge = Button(_("Acknowledge"), self.acknowledge, icon="ui/check")
        self._edit = Button(_("Edit job"), self.edit_job, icon="ui/edit")
        self._compare = Button(_("Compare with last success"), self.compare, icon="ui/compare")
        buttons = (self._stop, self._acknowledge, self._judge, self._compare, self._edit, self._rerun)
        self.header = RunHeader(buttons)
        self.side = Side(console.go, self._show_attempt, self._said, console.zone)
        self.why = ReasonBox()
        self._log_place = QVBoxLayout()
        self._lay_out()
        self._show_buttons(None)

    @property
    def run(self) -> Run | None:
        """The run, once it has been read."""
        return self.detail.run if self.detail else None

    async def refresh(self) -> None:
        """Read the run, and its output anew when it has another attempt."""
        detail: Detail = await self.console.desk.ask("run.show", run=self._wanted)
        usual, spec = await self._usual(detail.run), await self._spec(detail.run)
        before, self.detail = self.detail, detail
        self.header.take(detail.run, usual, self.console.zone())
        self.side.take(detail, spec)
        self.rename(_("Run #{number}", number=detail.run.number), glyph_of_run(detail.run))
        self._show_buttons(detail.run)
        await self._tell_why(detail.run)
        if self._has_failed():
            self.console.memory.put(milestones.READ_A_FAILURE, True)
        if before is None or before.run.attempt != detail.run.attempt or self.log_view is None:
            await self._open_log(detail)

    def commands(self) -> list[Command]:
        """What can be done with this run."""
        run = partial(Command, menu="run")
        return [
            run(
                "run.stop",
                _("Stop"),
                self.stop,
                ("S",),
                "ui/stop",
                action="run.cancel",
                is_possible=self._is_live,
                cli=self._cli("cancel"),
            ),
            run(
                "run.again",
                _("Run again"),
                self.rerun,
                ("R",),
                "ui/rerun",
                action="run.rerun",
                is_possible=self._has_ended,
                cli=self._cli("rerun"),
            ),
            run(
                "run.mark",
                _("Mark succeeded…"),
                self.mark_succeeded,
                icon="ui/check",
                action="run.mark",
                is_possible=self._may_be_judged,
            ),
            run(
                "run.acknowledge",
                _("Acknowledge"),
                self.acknowledge,
                ("A",),
                "ui/check",
                action="attention.acknowledge",
                is_possible=self._has_failed,
            ),
            run("run.compare", _("Compare with last success"), self.compare, ("C",), "ui/compare"),
            Command("run.edit", _("Edit job"), self.edit_job, ("Ctrl+E",), "ui/edit", "edit"),
            Command("run.copy_link", _("Copy link"), self.copy_link, icon="ui/link", menu="edit"),
        ]

    def concerns(self, events: Sequence[Event]) -> bool:
        """Only what happens to this run."""
        return self.run is None or any(getattr(event, "run_id", None) == self.run.id for event in events)

    def leave(self) -> None:
        self._close_log()
        super().leave()

    # Deeds.

    def stop(self) -> None:
        """Ask it to stop."""
        self._act("run.cancel")

    def acknowledge(self) -> None:
        """Somebody has seen it."""
        self._act("attention.acknowledge")

    def rerun(self) -> None:
        """Run the job again with the same parameters, and show that run."""
        if self.run is not None:
            self.tasks.start(self._rerun_and_go(self.run))

    def mark_succeeded(self) -> None:
        """Give it another outcome, with a reason."""
        if self.run is None:
            return
        action = "run.resolve" if self.run.state is State.UNKNOWN else "run.mark"
        title = _("Mark run #{number} succeeded", number=self.run.number)
        text = _("Its ending stays on record; statistics and jobs that follow take your word. Say why.")
        dialog = ReasonDialog(title, text, partial(self._judge_with, action))
        self.console.lay_over(dialog)

    def edit_job(self) -> None:
        """Open its job."""
        if self.run is not None:
            self.console.go(f"job/{self.run.job_id}")

    def compare(self) -> None:
        """Hold it beside the last success of its job."""
        self.console.go(f"compare/{self._wanted}")

    def copy_link(self) -> None:
        """The link to this run, to the clipboard."""
        QGuiApplication.clipboard().setText(link_to(self.place))
        self.console.toast(_("The link is on the clipboard"), glyph="status/success")

    def _judge_with(self, action: str, reason: str) -> None:
        self._act(action, state=State.SUCCEEDED, reason=reason)

    def _act(self, action: str, **given: object) -> None:
        if self.run is not None:
            self.tasks.start(self._acted(action, self.run, given))

    async def _acted(self, action: str, run: Run, given: dict[str, object]) -> None:
        await self.console.act(action, run=run.id, **given)
        self.reread()

    async def _rerun_and_go(self, run: Run) -> None:
        again = await self.console.act("run.rerun", run=run.id)
        if again is not None:
            self.console.go(f"run/{again.id}")

    # What may be done.

    def _is_live(self) -> bool:
        return self.run is not None and self.run.is_live and self.run.cancel_requested_at is None

    def _has_ended(self) -> bool:
        return self.run is not None and not self.run.is_live

    def _has_failed(self) -> bool:
        return self.run is not None and (self.run.verdict or self.run.state) in (*_JUDGED, State.UNKNOWN)

    def _may_be_judged(self) -> bool:
        return self.run is not None and self.run.verdict is None and self.run.state in (*_JUDGED, State.UNKNOWN)

    def _cli(self, verb: str) -> Callable[[], str]:
        return lambda: f"watchkeeper run {verb} {self.run.number if self.run else self._wanted}"

    def _show_buttons(self, run: Run | None) -> None:
        self._stop.setVisible(self._is_live())
        self._rerun.setVisible(self._has_ended())
        self._judge.setVisible(self._may_be_judged())
        self._acknowledge.setVisible(self._has_failed())
        self._edit.setVisible(run is not None)

    # What is shown.

    async def _usual(self, run: Run) -> Usual:
        try:
            found: Usual = await self.console.desk.ask("run.usual", job=run.job_id)
        except NotFound:
            return Usual(None, None, 0)
        return found

    async def _spec(self, run: Run) -> JobSpec | None:
        """The job as it was when it ran; its fields do not change any more."""
        if self._ran is None or self._ran.version != run.job_version:
            try:
                self._ran = await self.console.desk.ask("job.show", job=run.job_id, version=run.job_version)
            except NotFound:
                return None
        return self._ran.spec if self._ran is not None else None

    async def _tell_why(self, run: Run) -> None:
        if run.state in (State.QUEUED, State.WAITING, State.UNKNOWN, State.ORPHANED):
            found = await self.console.desk.ask("run.why", run=run.id)
            self.why.tell(_("Why is it not running?"), found.sentence)
        else:
            self.why.tell(None, "")

    async def _open_log(self, detail: Detail) -> None:
        self._close_log()
        log, run = Log(self), detail.run
        for attempt in detail.attempts:
            await self._add_output(log, detail, attempt.number)
        if run.started_at is not None or not detail.attempts:
            (await self._add_output(log, detail, run.attempt)).start()
        self.log_view = LogView(log, self.console.memory, link=self._link, parent=self)
        self._log_place.addWidget(self.log_view)

    async def _add_output(self, log: Log, detail: Detail, attempt: int) -> RunSource:
        source = RunSource(self.console.desk, detail.run.id, attempt, parent=self)
        await source.measure()
        self._sources.append(source)
        log.add(source, None if attempt == 1 else heading(detail, self.console.zone(), attempt), attempt)
        return source

    def _close_log(self) -> None:
        for source in self._sources:
            source.close()
        self._sources.clear()
        if self.log_view is not None:
            self.log_view.close_log()
            self._log_place.removeWidget(self.log_view)
            self.log_view.deleteLater()
            self.log_view = None

    def _link(self, attempt: int, offset: int) -> str:
        return link_to(self.place)

    def _said(self, text: Text) -> None:
        self.console.toast(text, glyph="status/success")

    def _lay_out(self) -> None:
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.why)
        column.addLayout(self._log_place, 1)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setHandleWidth(1)
        split.setChildrenCollapsible(False)
        split.addWidget(self.side)
        split.addWidget(right)
        split.setStretchFactor(1, 1)
        split.setSizes([WIDTH, 2 * WIDTH])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        layout.addWidget(split, 1)

    def _show_attempt(self, number: int) -> None:
        if self.log_view is not None:
            self.log_view.go_to(number, 0)


def _short(wanted: str) -> str:
    return f"#{wanted}" if wanted.isdecimal() else "…"
