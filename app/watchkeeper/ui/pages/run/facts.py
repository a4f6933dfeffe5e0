"""What is on record about a run: where it came from, what it ran on, how it was brought to its end."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QSizePolicy, QWidget

from watchkeeper.action.runs import Detail
from watchkeeper.model.job import JobSpec
from watchkeeper.model.run import Run
from watchkeeper.model.text import Text, _, from_stored, plural
from watchkeeper.ui.clock import now
from watchkeeper.ui.glyphs import WORDS
from watchkeeper.ui.log.amount import size_words
from watchkeeper.ui.run_columns import origin_text
from watchkeeper.ui.spans import moment
from watchkeeper.ui.theme import Role
from watchkeeper.ui.widgets.elided import Elided
from watchkeeper.ui.widgets.words import Button, IconButton, Label
from watchkeeper.ui.words import shown

LABEL = 96


class Fact(NamedTuple):
    """One of them; `place` is where its link leads."""

    title: Text
    value: Text | str
    place: str = ""
    #: One long word that other tools are to be given.
    is_id: bool = False


class Facts(QScrollArea):
    """`go` opens a place, `said` tells that something was copied."""

    def __init__(self, go: Callable[[str], None], said: Callable[[Text], None]) -> None:
        super().__init__()
        self._go, self._said = go, said
        self.facts: list[Fact] = []
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_facts(self, facts: list[Fact]) -> None:
        """Show these; the same ones are left as they are."""
        if facts == self.facts:
            return
        self.facts = facts
        inside = QWidget()
        grid = QGridLayout(inside)
        grid.setContentsMargins(16, 8, 12, 12)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        for row, fact in enumerate(facts):
            title = Label(fact.title, Role.SMALL, ink=2)
            title.setFixedWidth(LABEL)
            grid.addWidget(title, row, 0, Qt.AlignmentFlag.AlignVCenter if fact.is_id else Qt.AlignmentFlag.AlignTop)
            self._add_value(grid, row, fact)
        grid.setRowStretch(len(facts), 1)
        self.setWidget(inside)

    def _add_value(self, grid: QGridLayout, row: int, fact: Fact) -> None:
        if fact.place:
            link = Button(fact.value, partial(self._go, fact.place), kind="inline")
            grid.addWidget(link, row, 1, Qt.AlignmentFlag.AlignLeft)
            return
        if fact.is_id:
            grid.addLayout(self._id(fact), row, 1)
            return
        label = Label(fact.value, Role.SMALL)
        label.setWordWrap(True)
        label.setToolTip(shown(fact.value))
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        grid.addWidget(label, row, 1)

    def _id(self, fact: Fact) -> QHBoxLayout:
        """Cut to its room, and to be copied whole."""
        value = Elided(Role.SMALL)
        value.say(fact.value)
        layout = QHBoxLayout()
        layout.setSpacing(4)
        layout.addWidget(value, 1)
        layout.addWidget(IconButton("ui/copy", _("Copy"), partial(self._copy, fact)))
        return layout

    def _copy(self, fact: Fact) -> None:
        QGuiApplication.clipboard().setText(shown(fact.value))
        self._said(_("{name} is on the clipboard", name=fact.title))


def facts_of(detail: Detail, spec: JobSpec | None, zone: str) -> list[Fact]:
    """Those that there are."""
    found = (*_origin(detail.run, zone), *_ending(detail.run), *_ground(detail.run, spec), *_times(detail.run, zone))
    return [fact for fact in found if fact.value]


def proof_of(run: Run) -> Text | None:
    """What was signalled when it was stopped, and that nothing of it survived; None where nothing was."""
    proof = run.reason.values.get("proof") if run.reason is not None else None
    if isinstance(proof, Mapping):
        proof = from_stored(proof)
    if not isinstance(proof, Text):
        return None
    found, gone = proof.values.get("found"), proof.values.get("gone")
    if not isinstance(found, int) or not isinstance(gone, int):
        return proof
    if gone < found:
        return plural(
            "{n} process was signalled, and {left} is still there",
            "{n} processes were signalled, and {left} are still there",
            found,
            left=found - gone,
        )
    return plural(
        "{n} process was signalled and is gone; nothing of it survived",
        "{n} processes were signalled and are gone; nothing of them survived",
        found,
    )


def _origin(run: Run, zone: str) -> Iterator[Fact]:
    yield Fact(_("Started by"), _("{who} ({how})", who=run.actor, how=origin_text(run)))
    if run.nominal_at is not None:
        yield Fact(_("Occurrence"), moment(run.nominal_at, zone, now()))
    if run.after_run is not None:
        yield Fact(_("After"), _("the run before it"), f"run/{run.after_run}")
    if run.rerun_of is not None:
        yield Fact(_("Repeats"), _("an earlier run"), f"run/{run.rerun_of}")
    yield Fact(_("File"), run.file or "")
    yield Fact(_("Version"), _("v{n} of {job}", n=run.job_version, job=run.job_name), f"job/{run.job_id}#versions")


def _ending(run: Run) -> Iterator[Fact]:
    yield Fact(_("Exit code"), "" if run.exit_code is None else str(run.exit_code))
    if run.cancel_requested_by is not None:
        yield Fact(_("Stopped by"), run.cancel_requested_by)
    yield Fact(_("Proof"), proof_of(run) or "")
    if run.reason is not None and not run.is_live:
        yield Fact(_("Reason"), run.reason)
    if run.verdict is not None:
        said = {"verdict": WORDS[run.verdict], "who": run.verdict_by, "why": run.verdict_reason}
        yield Fact(_("Verdict"), _("{verdict}, says {who}: {why}", **said))


def _ground(run: Run, spec: JobSpec | None) -> Iterator[Fact]:
    yield Fact(_("Host"), run.host or ("" if run.started_at is None else _("inside the engine")))
    if spec is not None:
        yield Fact(_("Handler"), spec.handler)
        yield Fact(_("Directory"), spec.cwd or "")
    yield Fact(_("Pool"), run.pool or "")
    yield Fact(_("Key"), "" if run.concurrency_key in (None, f"job:{run.job_id}") else run.concurrency_key or "")
    yield Fact(_("Priority"), str(run.priority))
    if run.log_size or run.log_dropped:
        kept = size_words(run.log_size)
        dropped = _("{kept}, and {dropped} dropped", kept=kept, dropped=size_words(run.log_dropped))
        yield Fact(_("Log"), dropped if run.log_dropped else kept)


def _times(run: Run, zone: str) -> Iterator[Fact]:
    for title, at in ((_("Made"), run.created_at), (_("Due"), run.due_at), (_("Started"), run.started_at)):
        yield Fact(title, "" if at is None else moment(at, zone, now()))
    yield Fact(_("Ended"), "" if run.ended_at is None else moment(run.ended_at, zone, now()))
    yield Fact(_("Run id"), run.id, is_id=True)
    yield Fact(_("Execution id"), "" if run.execution_id == run.id else run.execution_id, is_id=True)
