"""Running a job again with parameters that are looked at first, and changed where need be."""

import re
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from watchkeeper.model.form import ABSENT, Control, FormField
from watchkeeper.model.job import Job
from watchkeeper.model.run import Run
from watchkeeper.model.text import Text, _
from watchkeeper.ui.theme import Role
from watchkeeper.ui.widgets.entries import Entry, entry_of
from watchkeeper.ui.widgets.form import Row, column
from watchkeeper.ui.widgets.words import Button, Label
from watchkeeper.ui.words import Spoken, shown

WIDTH, HIGHEST = 640, 420
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
        #: What it would run with if nobody changed anything.
        self.given = {**job.spec.params, **(run.params or {})}
        #: What is not as it was; a value that was taken away is the default.
        self.changed: dict[str, Any] = {}
        self.entries = {field.name: entry_of(field) for field in _all_of(fields, self.given)}
        self.rows = {name: self._row(entry) for name, entry in self.entries.items()}
        self.ok = Button(_("Run again"), self._submit, kind="primary", icon="ui/rerun")
        self.problem = Label("", Role.SMALL)
        self.problem.setWordWrap(True)
        self.problem.hide()
        self._lay_out(run, job)
        self.retranslate()
        self.adjustSize()

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

    def _row(self, entry: Entry) -> Row:
        entry.setParent(self)
        entry.show_value(self.given.get(entry.field.name, ABSENT))
        entry.edited.connect(partial(self._edit, entry))
        return Row(entry.field.label, entry.widget, help=entry.field.help or "", is_wide=entry.is_wide)

    def _edit(self, entry: Entry, value: Any) -> None:
        name = entry.field.name
        new = entry.field.default if value is ABSENT else value
        self.changed.pop(name, None)
        if new != self.given.get(name, entry.field.default):
            self.changed[name] = new

    def _submit(self) -> None:
        fault = next(((name, entry.fault) for name, entry in self.entries.items() if entry.fault is not None), None)
        if fault is None:
            self.submitted.emit()
        else:
            self.complain(*fault)

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


def _all_of(fields: tuple[FormField, ...], given: dict[str, Any]) -> list[FormField]:
    """The fields of the handler, and those that it knows no more."""
    known = {field.name for field in fields}
    strange = (FormField(name=name, control=Control.DATA, label=Text(name)) for name in given if name not in known)
    return [*fields, *strange]


def _what_runs(run: Run, job: Job) -> Text:
    said = {"handler": job.spec.handler, "now": job.version, "number": run.number, "then": run.job_version}
    if job.version == run.job_version:
        return _("It runs {handler} by version {now} of the job, as run #{number} did. Changes hold this once.", **said)
    return _(
        "It runs {handler} by version {now} of the job; run #{number} ran version {then}. Changes hold this once.",
        **said,
    )
