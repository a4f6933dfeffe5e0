"""The part about other jobs: those whose end starts this one."""

from collections.abc import Iterable, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from watchkeeper.action.draft import Problem
from watchkeeper.model.form import ABSENT
from watchkeeper.model.job_form import CHOICES, trigger_fields
from watchkeeper.model.text import _
from watchkeeper.model.trigger import On
from watchkeeper.ui.pages.job.document import Document
from watchkeeper.ui.pages.job.form import complain, problem_at
from watchkeeper.ui.theme import Role
from watchkeeper.ui.widgets.choice import Choice
from watchkeeper.ui.widgets.entries import LineEntry
from watchkeeper.ui.widgets.form import SPACING, WIDEST, Row
from watchkeeper.ui.widgets.words import Button, IconButton, Label


class _Upstream(QWidget):
    """One other job and how it must have ended."""

    edited = Signal(int, object)
    dropped = Signal(int)

    def __init__(self, position: int, trigger: dict[str, Any], jobs: Sequence[str]) -> None:
        super().__init__()
        self.position = position
        fields = {field.name: field for field in trigger_fields("after")}
        self.job = LineEntry(fields["after"], 264)
        self.job.setParent(self)
        self.job.offer(jobs)
        self.job.show_value(trigger.get("after", ABSENT))
        self.on = Choice(fields["on"].label, [(str(on), CHOICES[On][on]) for on in On], 180)
        self.on.show_value(trigger.get("on", str(On.SUCCESS)))
        self.job.edited.connect(self._tell)
        self.on.picked.connect(self._tell)
        drop = IconButton("ui/close", _("Remove"), self._drop)
        self.row = Row(_("After"), self.job.widget, more=(self.on, drop))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.row)

    def _tell(self, _what: object = None) -> None:
        trigger = {"kind": "after", "after": self.job.line.text()}
        if self.on.value != On.SUCCESS:
            trigger["on"] = self.on.value
        self.edited.emit(self.position, trigger)

    def _drop(self) -> None:
        self.dropped.emit(self.position)


class DependenciesSection(QWidget):
    """The `after` triggers of the job."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self._jobs: tuple[str, ...] = ()
        self.rows: list[_Upstream] = []
        self._slot = QVBoxLayout()
        self._slot.setSpacing(SPACING)
        self.empty = Label(_("It waits for no other job."), ink=2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addWidget(Label(_("Dependencies"), Role.PANEL_TITLE))
        layout.addWidget(Label(_("It starts when one of these jobs has ended so."), ink=2))
        layout.addSpacing(2)
        layout.addWidget(self.empty)
        layout.addLayout(self._slot)
        layout.addWidget(Button(_("After another job"), self._add, icon="ui/plus"))
        self.setMaximumWidth(WIDEST)
        document.changed.connect(self._follow)
        self.show_all()

    def offer(self, jobs: Sequence[str]) -> None:
        """The jobs that can be waited for."""
        if tuple(jobs) != self._jobs:
            self._jobs = tuple(jobs)
            self._make()

    def faults(self) -> Iterable[Problem]:
        """Nothing that is entered here is no value."""
        return ()

    def complain(self, problems: Sequence[Problem]) -> None:
        """Show each problem beside its job."""
        for row in self.rows:
            complain(row.row, problem_at(problems, f"triggers[{row.position}]"), self._document)

    def focus_field(self, path: str) -> None:
        """Give the keyboard to the first job."""
        for row in self.rows:
            if path.startswith(f"triggers[{row.position}]"):
                row.job.widget.setFocus()
                return

    def show_all(self) -> None:
        """Show what the document says; the cursor stays where it is."""
        wanted = [(n, each) for n, each in enumerate(self._triggers()) if each.get("kind") == "after"]
        if [row.position for row in self.rows] != [position for position, _trigger in wanted]:
            self._make()
            return
        for row, (_position, trigger) in zip(self.rows, wanted, strict=True):
            row.job.show_value(trigger.get("after", ABSENT))
            row.on.show_value(trigger.get("on", str(On.SUCCESS)))

    def _make(self) -> None:
        for row in self.rows:
            row.setParent(None)
            row.deleteLater()
        afters = [(n, each) for n, each in enumerate(self._triggers()) if each.get("kind") == "after"]
        self.rows = [_Upstream(position, trigger, self._jobs) for position, trigger in afters]
        for row in self.rows:
            row.edited.connect(self._take)
            row.dropped.connect(self._drop)
            self._slot.addWidget(row)
        self.empty.setVisible(not self.rows)

    def _triggers(self) -> list[dict[str, Any]]:
        found = self._document.get("triggers")
        return list(found) if isinstance(found, list | tuple) else []

    def _take(self, position: int, trigger: object) -> None:
        self._document.put(f"triggers[{position}]", trigger, _("Dependencies"))

    def _drop(self, position: int) -> None:
        rest = [each for number, each in enumerate(self._triggers()) if number != position]
        self._document.put("triggers", rest or ABSENT, _("Dependencies"))

    def _add(self) -> None:
        self._document.put("triggers", [*self._triggers(), {"kind": "after", "after": ""}], _("Dependencies"))
        self.rows[-1].job.widget.setFocus()

    def _follow(self, path: str) -> None:
        if not path or path.startswith("triggers"):
            self.show_all()
