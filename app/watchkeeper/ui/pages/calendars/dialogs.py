"""What a file of events would do to a calendar, and what its removal means: said before anything is done."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtWidgets import QVBoxLayout, QWidget

from watchkeeper.action.calendar_table import CalendarRow
from watchkeeper.action.ical import BadEvent, Imported
from watchkeeper.model.text import Text, _, plural
from watchkeeper.ui.theme import density
from watchkeeper.ui.widgets.dialog import WIDE, Dialog
from watchkeeper.ui.widgets.lines import Line, Lines
from watchkeeper.ui.widgets.question import Question
from watchkeeper.ui.widgets.words import Label

#: Lines of a list that are seen at once.
_MOST_SEEN = 6


def import_dialog(
    name: str, found: Imported, days: int, year: int, replaced: int, take: Callable[[], object]
) -> Dialog:
    """`days` of the year and the next are added by the events; `replaced`: so many of before go."""
    body = QWidget()
    layout = QVBoxLayout(body)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(8)
    for text in _told(found, days, year, replaced):
        words = Label(text)
        words.setWordWrap(True)
        layout.addWidget(words)
    if found.bad:
        layout.addWidget(_bad(found.bad))
    choices: tuple[tuple[Text, Callable[[], object]], ...] = ()
    if found.events:
        choices = ((_("Add to the draft") if not found.bad else _("Add the others to the draft"), take),)
    return Dialog(_("Events of {file}", file=name), body, choices, width=WIDE)


def removal_question(row: CalendarRow, delete: Callable[[], object]) -> Question:
    """Whether a calendar is to go; one that jobs follow stays, and they are named."""
    if row.job_count:
        text = plural(
            "{n} job follows it: {jobs}. Take it out of its triggers first.",
            "{n} jobs follow it: {jobs}. Take it out of their triggers first.",
            row.job_count,
            jobs=", ".join(row.jobs) + ("…" if row.job_count > len(row.jobs) else ""),
        )
        return Question(_("{calendar} can't be deleted", calendar=row.name), text, ((_("Close"), _nothing),))
    answers = ((_("Cancel"), _nothing), (_("Delete"), partial(_answered, delete)))
    return Question(
        _("Delete the calendar {calendar}?", calendar=row.name), _("No job follows it. Undo brings it back."), answers
    )


def _nothing(_is_remembered: bool) -> None:
    """The question is closed, and that is all."""


def _answered(do: Callable[[], object], _is_remembered: bool) -> None:
    do()


def _told(found: Imported, days: int, year: int, replaced: int) -> Sequence[Text]:
    told = [plural("{n} event can be taken.", "{n} events can be taken.", len(found.events))]
    if found.events:
        told.append(
            plural(
                "{n} day of {year} and {next} is held that is not now.",
                "{n} days of {year} and {next} are held that are not now.",
                days,
                year=year,
                next=year + 1,
            )
        )
    if replaced:
        told.append(
            plural(
                "{n} event that was taken in before is replaced.",
                "{n} events that were taken in before are replaced.",
                replaced,
            )
        )
    if found.bad:
        told.append(plural("{n} event can't be read:", "{n} events can't be read:", len(found.bad)))
    return told


def _bad(bad: Sequence[BadEvent]) -> QWidget:
    lines = Lines(_("Every event can be read."))
    lines.set_lines(
        [
            Line(_("line {line}", line=each.line), "status/late", _("{uid}: {why}", uid=each.uid or "-", why=each.why))
            for each in bad
        ]
    )
    lines.setFixedHeight(min(len(bad), _MOST_SEEN) * density().row)
    return lines
