"""Running a job again with parameters that are looked at first, and changed where need be."""

import re
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QPlainTextEdit, QScrollArea, QVBoxLayout, QWidget

from watchkeeper.model.form import FormField
from watchkeeper.model.job import Job
from watchkeeper.model.run import Run
from watchkeeper.model.text import Text, _
from watchkeeper.ui.pages.run.values import written
from watchkeeper.ui.theme import Role, font
from watchkeeper.ui.widgets.form import Row, column
from watchkeeper.ui.widgets.words import Button, Label
from watchkeeper.ui.words import Spoken, shown

WIDTH, HIGHEST, LINES = 640, 400, 132
#: What ends the name of a parameter in a place like `params.warning[0]`.
_NAME = re.compile(r"[.\[]")


class AgainDialog(Spoken, QWidget):
    """Put it under a Veil; `submitted` tells that it is to be done, `done` that it is over."""

    submitted = Signal()
    done = Signal()

    def __init__(self, run: Run, job: Job, fields: tuple[FormField, ...]) -> None:
        super().__init__()
        self.setFixedWidth(WIDTH)
        self._title = _("Run {job} again", job=run.job_name)
        self._before = {name: written(value) for name, value in _values(run, job, fields).items()}
        named = {field.name: field for field in fields}
        self.rows = {name: _row(name, value, named.get(name)) for name, value in self._before.items()}
        self.ok = Button(_("Run again"), self.submitted.emit, kind="primary", icon="ui/rerun")
        self.problem = Label("", Role.SMALL)
        self.problem.setWordWrap(True)
        self.problem.hide()
        self._lay_out(run, job)
        self.retranslate()
        self.adjustSize()

    @property
    def changed(self) -> dict[str, str]:
        """What is not as it was."""
        now = {name: _text_of(row.field) for name, row in self.rows.items()}
        return {name: text for name, text in now.items() if text != self._before[name]}

    def complain(self, place: str, text: Text) -> None:
        """Say what is wrong with a field, or with all of it."""
        wrong = self.rows.get(_NAME.split(place.removeprefix("params."))[0])
        for row in self.rows.values():
            row.complain(text if row is wrong else None)
        self.problem.setVisible(wrong is None)
        self.problem.say(text if wrong is None else "")
        if wrong is not None:
            wrong.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def retranslate(self) -> None:
        self.setAccessibleName(shown(self._title))

    def _lay_out(self, run: Run, job: Job) -> None:
        words = Label(_what_runs(run, job), Role.BODY, ink=2)
        words.setWordWrap(True)
        inside = QWidget()
        rows = column()
        rows.setContentsMargins(0, 0, 12, 0)
        inside.setLayout(rows)
        for row in self.rows.values():
            rows.addWidget(row)
        rows.addStretch(1)
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        scroll.setFixedHeight(min(HIGHEST, inside.sizeHint().height()))
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(Button(_("Cancel"), self.done.emit))
        buttons.addWidget(self.ok)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 24)
        layout.setSpacing(16)
        for widget in (Label(self._title, Role.PANEL_TITLE), words, scroll, self.problem):
            layout.addWidget(widget)
        layout.addLayout(buttons)
        first = next((row.field for row in self.rows.values()), self.ok)
        self.setFocusProxy(first)


def _values(run: Run, job: Job, fields: tuple[FormField, ...]) -> Mapping[str, Any]:
    """What it ran with, by the fields of its handler; those that say nothing are left out where nobody has to."""
    given = {**job.spec.params, **(run.params or {})}
    named = [field.name for field in fields if field.name in given or field.is_required]
    return {name: given.get(name, "") for name in dict.fromkeys([*named, *given])}


def _row(name: str, text: str, known: FormField | None) -> Row:
    field: QLineEdit | QPlainTextEdit
    if "\n" in text or (known is not None and known.control == "lines"):
        field = QPlainTextEdit(text)
        field.setFixedHeight(LINES)
        field.setTabChangesFocus(True)
    else:
        field = QLineEdit(text)
        field.setFixedHeight(32)
        field.setCursorPosition(0)
        if known is not None and known.is_secret:
            field.setEchoMode(QLineEdit.EchoMode.Password)
    field.setFont(font(Role.MONO))
    label: Text | str = known.label if known is not None else name
    field.setAccessibleName(shown(label))
    return Row(label, field, help=(known.help if known is not None else None) or "", is_wide=True)


def _text_of(field: QWidget) -> str:
    if isinstance(field, QPlainTextEdit):
        return field.toPlainText()
    return field.text() if isinstance(field, QLineEdit) else ""


def _what_runs(run: Run, job: Job) -> Text:
    said = {"handler": job.spec.handler, "now": job.version, "number": run.number, "then": run.job_version}
    if job.version == run.job_version:
        return _("It runs {handler} by version {now} of the job, as run #{number} did. Changes hold this once.", **said)
    return _(
        "It runs {handler} by version {now} of the job; run #{number} ran version {then}. Changes hold this once.",
        **said,
    )
