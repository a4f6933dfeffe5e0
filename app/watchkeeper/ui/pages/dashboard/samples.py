"""The card of the sample jobs: each with what it does, its last runs, when it fires, and a button that runs it."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from watchkeeper.model.ids import JobId
from watchkeeper.model.job_table import JobRow
from watchkeeper.model.text import Text, _
from watchkeeper.ui.clock import now
from watchkeeper.ui.glyphs import WORDS, glyph_of_job
from watchkeeper.ui.spans import ahead
from watchkeeper.ui.theme import Role, tokens
from watchkeeper.ui.trigger_words import without_zone
from watchkeeper.ui.widgets.elided import Elided
from watchkeeper.ui.widgets.glyph import Glyph
from watchkeeper.ui.widgets.sparkline import WIDTH, paint_sparkline
from watchkeeper.ui.widgets.words import Button, Label, line
from watchkeeper.ui.words import Spoken, shown

ROW = 40
Follow = Callable[[JobId], None]


class SamplesCard(Spoken, QFrame):
    """Nothing of it is shown while there are no samples."""

    def __init__(self, zone: Callable[[], str], run: Follow, open_job: Follow) -> None:
        super().__init__()
        self._zone, self._run, self._open = zone, run, open_job
        self.rows: list[SampleRow] = []
        self.setProperty("kind", "card")
        top = QHBoxLayout()
        top.setContentsMargins(15, 0, 15, 0)
        top.setSpacing(10)
        top.addWidget(Label(_("Sample jobs"), Role.SECTION))
        top.addWidget(Label(_("Change them as you like: nothing outside of them is touched."), Role.SMALL, ink=2))
        top.addStretch(1)
        holder = QWidget()
        holder.setFixedHeight(39)
        holder.setLayout(top)
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 5)
        layout.setSpacing(0)
        layout.addWidget(holder)
        layout.addLayout(self._list)

    def take(self, jobs: Sequence[JobRow], told: Mapping[str, str]) -> None:
        """Show these; `told` is what each does, by its name."""
        if [row.job.name for row in self.rows] != [job.name for job in jobs]:
            self._make_rows(jobs, told)
        for row, job in zip(self.rows, jobs, strict=True):
            row.take(job, told.get(job.name, ""))

    def retranslate(self) -> None:
        for row in self.rows:
            row.retranslate()

    def _make_rows(self, jobs: Sequence[JobRow], told: Mapping[str, str]) -> None:
        while (item := self._list.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.rows = [SampleRow(job, told.get(job.name, ""), self._zone, self._run, self._open) for job in jobs]
        for row in self.rows:
            self._list.addWidget(line(is_soft=True))
            self._list.addWidget(row)


class SampleRow(Spoken, QWidget):
    """One job; Enter or a double click opens it, R runs it."""

    def __init__(
        self,
        job: JobRow,
        told: str,
        zone: Callable[[], str],
        run: Follow,
        open_job: Follow,
    ) -> None:
        super().__init__()
        self.job, self._zone, self._run, self._open = job, zone, run, open_job
        self.setFixedHeight(ROW)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._glyph = Glyph(glyph_of_job(job), 16)
        self._name, self._told = Elided(Role.BODY), Elided(Role.SMALL, ink=2)
        self._name.say(job.name)
        self._name.setFixedWidth(118)
        self._bars, self._when = Bars(), Elided(Role.SMALL, ink=2)
        self._when.setFixedWidth(170)
        self.button = Button(_("Run now"), partial(run, job.id), kind="ghost", icon="ui/play")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(15, 0, 8, 0)
        layout.setSpacing(10)
        layout.addWidget(self._glyph)
        layout.addWidget(self._name)
        layout.addWidget(self._told, 1)
        layout.addWidget(self._bars)
        layout.addWidget(self._when)
        layout.addWidget(self.button)
        self.take(job, told)

    def take(self, job: JobRow, told: str) -> None:
        """What the job is now."""
        self.job = job
        self._glyph.show_icon(glyph_of_job(job))
        self._told.say(told)
        self._bars.show_job(job)
        self.retranslate()

    def retranslate(self) -> None:
        words = shown(self._fires())
        self._when.say(words)
        state = shown(WORDS[self.job.last.state]) if self.job.last is not None else ""
        self.setAccessibleName(", ".join(each for each in (self.job.name, state, words) if each))

    def paintEvent(self, event: QPaintEvent) -> None:
        t, painter = tokens(), QPainter(self)
        if self.hasFocus():
            painter.fillRect(self.rect(), t.selection)
            painter.fillRect(QRectF(0, 0, 2, ROW), t.accent)
        elif self.underMouse():
            painter.fillRect(self.rect(), t.hover)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._open(self.job.id)
            case Qt.Key.Key_R:
                self._run(self.job.id)
            case Qt.Key.Key_Down | Qt.Key.Key_J:
                self.focusNextPrevChild(True)
            case Qt.Key.Key_Up | Qt.Key.Key_K:
                self.focusNextPrevChild(False)
            case _:
                super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._open(self.job.id)

    def _fires(self) -> Text | str:
        if not self.job.triggers:
            return _("on request")
        when = without_zone(self.job.triggers[0], self._zone())
        if not self.job.is_enabled:
            return _("disabled, {when}", when=when)
        if self.job.next_at is None:
            return when
        return _("{when}, {ahead}", when=when, ahead=ahead(self.job.next_at, now()))


class Bars(QWidget):
    """The last runs of a job."""

    def __init__(self) -> None:
        super().__init__()
        self._job: JobRow | None = None
        self.setFixedSize(WIDTH + 16, ROW)

    def show_job(self, job: JobRow) -> None:
        """Of this job."""
        self._job = job
        self.setAccessibleName(", ".join(shown(WORDS[run.verdict or run.state]) for run in job.runs[-5:]))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._job is not None:
            paint_sparkline(QPainter(self), QRectF(self.rect()), self._job)
