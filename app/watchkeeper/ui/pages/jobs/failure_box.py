"""Where and how the last run of a job failed: a sentence, the line of its output, the way there."""

from collections.abc import Callable

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from watchkeeper.model.job_table import JobRow, LastRun
from watchkeeper.model.run import FAILURES
from watchkeeper.model.text import Text, _
from watchkeeper.ui.glyphs import WORDS
from watchkeeper.ui.pages.jobs.known import Known
from watchkeeper.ui.theme import Role, tokens
from watchkeeper.ui.widgets.words import Button, Label
from watchkeeper.ui.words import Spoken, shown

_LINES = 3


class FailureBox(Spoken, QWidget):
    """Hidden while the last run went well."""

    def __init__(self, open_run: Callable[[str], None]) -> None:
        super().__init__()
        self._open_run = open_run
        self._run_id = ""
        self._title = Label("", Role.SECTION)
        self._title.setWordWrap(True)
        self.words = Label("", Role.MONO)
        self.words.setWordWrap(True)
        self.words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._line = Button("", self._open, kind="inline")
        links = QHBoxLayout()
        links.addWidget(self._line)
        links.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 9, 12, 9)
        layout.setSpacing(4)
        layout.addWidget(self._title)
        layout.addWidget(self.words)
        layout.addLayout(links)
        self.hide()

    def take(self, row: JobRow, known: Known | None) -> None:
        """Show the failure of a job's last run, its line as soon as it is known."""
        last = row.last
        has_failed = last is not None and last.state in FAILURES
        self.setVisible(has_failed)
        if last is None or not has_failed:
            return
        error = known.error if known is not None and known.failed is not None and known.failed.id == last.id else None
        self._run_id = last.id
        self._title.say(_title(last, known))
        self.words.say(_cut(error.text) if error is not None else last.reason or "")
        numbered = error is not None and error.line is not None
        self._line.say(_("Line {n}", n=f"{error.line:,}") if numbered and error is not None else _("Log"))
        self.setAccessibleName(f"{shown(_title(last, known))}: {self.words.text()}")

    def paintEvent(self, event: QPaintEvent) -> None:
        t, painter = tokens(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(t.border_soft)
        painter.setBrush(t.surface_2)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.fillRect(QRectF(0, 0, 2, self.height()), t.failed)

    def _open(self) -> None:
        self._open_run(self._run_id)


def _title(last: LastRun, known: Known | None) -> Text:
    run = known.failed if known is not None else None
    state = WORDS[last.state]
    if run is None or run.id != last.id or known is None:
        return _("The last run: {state}", state=state)
    most = max(run.attempt, known.job.spec.retry.max_attempts)
    if last.exit_code is not None:
        return _(
            "{state}: exit {code}, attempt {n} of {most}", state=state, code=last.exit_code, n=run.attempt, most=most
        )
    return _("{state}, attempt {n} of {most}", state=state, n=run.attempt, most=most)


def _cut(text: str) -> str:
    """So much as stands in some lines; the log has all of it."""
    most = 40 * _LINES
    return text if len(text) <= most else text[: most - 1] + "…"
