"""The page of one run."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, QTimer
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
from watchkeeper.ui.pages.run.deeds import Deeds
from watchkeeper.ui.pages.run.header import RunHeader
from watchkeeper.ui.pages.run.heading import heading
from watchkeeper.ui.pages.run.side import WIDTH, Side
from watchkeeper.ui.why_words import way_of, why_words
from watchkeeper.ui.widgets.reason_box import ReasonBox
from watchkeeper.ui.widgets.words import Button, IconButton

#: Milliseconds until it is asked anew why a run waits.
AGAIN = 2_000


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
        self.deeds = Deeds(console, self.tasks, wanted, self.reread)
        self._buttons = self._make_buttons()
        self.header = RunHeader(tuple(self._buttons.values()))
        self.side = Side(console.go, self._show_attempt, self._said, console.zone)
        self.why = ReasonBox()
        self._log_place = QVBoxLayout()
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(AGAIN)
        self._again.timeout.connect(self._look_again)
        self._lay_out()
        self._show_buttons()

    @property
    def run(self) -> Run | None:
        """The run, once it has been read."""
        return self.detail.run if self.detail else None

    async def refresh(self) -> None:
        """Read the run, and its output anew when it has another attempt."""
        detail: Detail = await self.console.desk.ask("run.show", run=self._wanted)
        usual, spec = await self._usual(detail.run), await self._spec(detail.run)
        before, self.detail = self.detail, detail
        most = None if spec is None else spec.retry.max_attempts
        self.header.take(detail.run, usual, self.console.zone(), most)
        self.side.take(detail, spec)
        self.rename(_("Run #{number}", number=detail.run.number), glyph_of_run(detail.run))
        self.deeds.take(detail.run, spec)
        self._show_buttons()
        await self._tell_why(detail.run)
        if self.deeds.has_failed():
            self.console.memory.put(milestones.READ_A_FAILURE, True)
        if before is None or before.run.attempt != detail.run.attempt or self.log_view is None:
            await self._open_log(detail)

    def commands(self) -> list[Command]:
        """What can be done with this run."""
        return self.deeds.commands()

    def concerns(self, events: Sequence[Event]) -> bool:
        """Only what happens to this run."""
        return self.run is None or any(getattr(event, "run_id", None) == self.run.id for event in events)

    def arrive(self) -> None:
        """The keyboard reads the log."""
        (self.log_view or self).setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        self._again.stop()
        self._close_log()
        super().leave()

    # What is shown.

    def _make_buttons(self) -> dict[str, QWidget]:
        deeds = self.deeds
        self._more = IconButton("ui/more", _("More"), self._open_menu)
        self._more.setProperty("kind", "boxed")
        return {
            "stop": Button(_("Stop"), deeds.stop, icon="ui/stop"),
            "acknowledge": Button(_("Acknowledge"), deeds.acknowledge, icon="ui/check"),
            "compare": Button(_("Compare with last success"), deeds.compare, icon="ui/compare"),
            "judge": Button(_("Say what it was…"), deeds.judge, kind="primary", icon="ui/check"),
            "rerun": Button(_("Run again"), deeds.rerun, kind="primary", icon="ui/rerun"),
            "more": self._more,
        }

    def _show_buttons(self) -> None:
        deeds, has_run = self.deeds, self.run is not None
        for name, is_shown in (
            ("stop", deeds.is_stoppable()),
            ("acknowledge", deeds.has_failed()),
            ("compare", has_run),
            ("judge", deeds.is_unknown()),
            ("rerun", deeds.has_ended()),
            ("more", has_run),
        ):
            self._buttons[name].setVisible(is_shown)

    def _open_menu(self) -> None:
        self.console.menu(self.commands(), self._more.mapToGlobal(self._more.rect().bottomLeft()))

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

    def _look_again(self) -> None:
        """What stands in its way changes without its doing."""
        if self.run is not None and self.isVisible():
            self.tasks.start(self._tell_why(self.run), "why")

    async def _tell_why(self, run: Run) -> None:
        if run.state in (State.QUEUED, State.WAITING):
            self._again.start()
        if run.state in (State.QUEUED, State.WAITING, State.UNKNOWN, State.ORPHANED):
            why = await self.console.desk.ask("run.why", run=run.id)
            place, words = way_of(why.blocker, why.blocker_id)
            link = None if words is None else (words, partial(self.console.go, place))
            sentence = why_words(why.sentence, why.likely_at if why.blocker else None, self.console.zone())
            self.why.tell(_("Why is it not running?"), sentence, link)
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
        if self.window().focusWidget() is self:
            self.arrive()

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
            if self.window().focusWidget() is self.log_view.sheet:
                self.setFocus(Qt.FocusReason.OtherFocusReason)
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
