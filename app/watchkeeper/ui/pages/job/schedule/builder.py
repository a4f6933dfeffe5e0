"""The schedule built from lists and numbers: how often, when, on which days."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from watchkeeper.model.errors import Known
from watchkeeper.model.text import Text, _
from watchkeeper.model.trigger import time_of_day
from watchkeeper.ui.pages.job.schedule.pattern import (
    ALL_DAYS,
    Pattern,
    Repeat,
    cron_of,
    days_of_window,
    pattern_of,
    weekdays_text,
)
from watchkeeper.ui.theme import Role, font
from watchkeeper.ui.widgets.choice import Choice
from watchkeeper.ui.widgets.form import SPACING, Row
from watchkeeper.ui.widgets.pairs import set_wrong
from watchkeeper.ui.widgets.span import read_span, shown_span
from watchkeeper.ui.widgets.weekdays import Weekdays
from watchkeeper.ui.widgets.words import Label
from watchkeeper.ui.words import Spoken, shown

_REPEATS = (
    (Repeat.MINUTES, _("Every N minutes")),
    (Repeat.HOURS, _("Every N hours")),
    (Repeat.DAILY, _("Every day")),
    (Repeat.MONTHLY, _("Every month")),
    (Repeat.WINDOW, _("Within the day")),
)
Plain = dict[str, Any]


class Builder(Spoken, QWidget):
    """Shows a cron or window trigger and tells what it becomes."""

    edited = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._pattern = Pattern()
        self.repeat = Choice(_("Repeat"), _REPEATS, 132)
        self.n, self.day = _field(_("How many"), 60), _field(_("Day of the month"), 60)
        self.time = _field(_("Time of day"), 84)
        self.start, self.end = _field(_("From"), 76), _field(_("To"), 76)
        self.every = _field(_("Every"), 96)
        self._hours, self._minutes = Label(_("hours, from")), Label(_("minutes"))
        self._at, self._on = Label(_("at")), Label(_("on day"))
        self._from, self._to = Label(_("from")), Label(_("to"))
        self.days = Weekdays()
        line = QWidget()
        inner = QHBoxLayout(line)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(8)
        for part in (
            self.repeat, self.every, self._on, self.day, self.n, self._minutes, self._hours, self._at, self.time,
            self._from, self.start, self._to, self.end,
        ):  # fmt: skip
            inner.addWidget(part)
        line.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        line.setFocusProxy(self.repeat)
        self.row = Row(_("Repeat"), line)
        self.days_row = Row(_("Weekdays"), self.days, help=_("None chosen is the same as all"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addWidget(self.row)
        layout.addWidget(self.days_row)
        self.repeat.picked.connect(self._take_repeat)
        for field in (self.n, self.time, self.day, self.start, self.end, self.every):
            field.textEdited.connect(self._take)
        self.days.chosen.connect(self._take)

    @staticmethod
    def can_show(trigger: Plain) -> bool:
        """Whether a trigger has a form that is built here."""
        if trigger.get("kind") == "window":
            return days_of_window(str(trigger.get("days", "*"))) is not None
        return trigger.get("kind") == "cron" and pattern_of(str(trigger.get("cron", ""))) is not None

    def show_trigger(self, trigger: Plain) -> None:
        """Show one that can be shown."""
        fields = (self.n, self.time, self.day, self.start, self.end, self.every)
        is_typing = any(field.hasFocus() for field in fields)
        if is_typing and self.trigger() == {name: trigger[name] for name in self.trigger() if name in trigger}:
            return
        if trigger.get("kind") == "window":
            days = days_of_window(str(trigger.get("days", "*"))) or ALL_DAYS
            self._pattern = replace(self._pattern, repeat=Repeat.WINDOW, days=days)
            self.start.setText(str(trigger.get("start", "")))
            self.end.setText(str(trigger.get("end", "")))
            self.every.setText(shown_span(str(trigger.get("every", ""))))
        else:
            self._pattern = pattern_of(str(trigger.get("cron", ""))) or self._pattern
        self._show()

    def trigger(self) -> Plain:
        """What is built: the fields that make its kind."""
        pattern = self._pattern
        if pattern.repeat is Repeat.WINDOW:
            return {
                "kind": "window",
                "every": read_span(self.every.text()),
                "start": self.start.text().strip(),
                "end": self.end.text().strip(),
                "days": weekdays_text(pattern.days),
            }
        return {"kind": "cron", "cron": cron_of(pattern)}

    def complain(self, text: Text | None) -> None:
        """Say what is wrong with what was typed."""
        self.row.complain(text)

    def retranslate(self) -> None:
        for field, name in _NAMES.items():
            found: QLineEdit = getattr(self, field)
            found.setAccessibleName(shown(name))
        if self._pattern.repeat is Repeat.WINDOW:
            self.every.setText(shown_span(read_span(self.every.text())))

    def _show(self) -> None:
        pattern = self._pattern
        self.repeat.show_value(pattern.repeat)
        self.n.setText(str(pattern.n))
        self.day.setText(str(pattern.day or _LAST))
        self.time.setText(f"{pattern.hour:02}:{pattern.minute:02}")
        self.days.show_value(pattern.days)
        self._arrange()

    def _arrange(self) -> None:
        """Show what this repetition needs."""
        repeat = self._pattern.repeat
        for widget, wanted in (
            (self.n, (Repeat.MINUTES, Repeat.HOURS)),
            (self._minutes, (Repeat.MINUTES,)),
            (self._hours, (Repeat.HOURS,)),
            (self.time, (Repeat.HOURS, Repeat.DAILY, Repeat.MONTHLY)),
            (self._at, (Repeat.DAILY, Repeat.MONTHLY)),
            (self.day, (Repeat.MONTHLY,)),
            (self._on, (Repeat.MONTHLY,)),
            *((each, (Repeat.WINDOW,)) for each in (self.every, self._from, self.start, self._to, self.end)),
        ):
            widget.setVisible(repeat in wanted)
        self.days_row.setVisible(repeat is not Repeat.MONTHLY)

    def _take_repeat(self, repeat: Repeat) -> None:
        n = {Repeat.MINUTES: 15, Repeat.HOURS: 4}.get(repeat, self._pattern.n)
        self._pattern = replace(self._pattern, repeat=repeat, n=n, is_wild=False)
        if repeat is Repeat.WINDOW and not self.start.text():
            self.every.setText(shown_span("15m"))
            self.start.setText("09:00")
            self.end.setText("18:00")
        if repeat is Repeat.HOURS:
            self._pattern = replace(self._pattern, hour=self._pattern.hour % n)
        self._show()
        self.edited.emit(self.trigger())

    def _take(self, *_what: object) -> None:
        """Take all fields as they are; one that can't be read is marked, and nothing is told."""
        wrong = None
        for field in (self.n, self.time, self.day):
            fault = self._read(field) if not field.isHidden() else None
            set_wrong(field, fault is not None)
            wrong = wrong or fault
        self._pattern = replace(self._pattern, days=self.days.value or ALL_DAYS)
        self.row.complaint.say(wrong)
        self.fault = wrong
        if wrong is None:
            self.edited.emit(self.trigger())

    #: What was typed and can't be read.
    fault: Text | None = None

    def _read(self, field: QLineEdit) -> Text | None:
        words = field.text().strip()
        if field is self.time:
            try:
                time = time_of_day("at", words)
            except Known:
                return _("{text} is no time of day: write it like 09:00 or 17:30", text=words[:20])
            self._pattern = replace(self._pattern, hour=time.hour, minute=time.minute)
            return None
        if field is self.day:
            if words.lower() != _LAST.lower() and not _is_within(words, 31):
                return _("{text} is no day of the month: 1 to 31, or L for the last", text=words[:20])
            self._pattern = replace(self._pattern, day=0 if words.lower() == _LAST.lower() else int(words))
            return None
        most = 59 if self._pattern.repeat is Repeat.MINUTES else 23
        if not _is_within(words, most):
            return _("{text} is too many or no number: 1 to {most}", text=words[:20], most=most)
        self._pattern = replace(self._pattern, n=int(words))
        return None


#: The last day of a month.
_LAST = "L"
_NAMES = {
    "n": _("How many"),
    "day": _("Day of the month"),
    "time": _("Time of day"),
    "start": _("From"),
    "end": _("To"),
    "every": _("Every"),
}


def _field(name: Text, width: int) -> QLineEdit:
    made = QLineEdit()
    made.setFont(font(Role.BODY))
    made.setFixedSize(width, 32)
    made.setAccessibleName(shown(name))
    return made


def _is_within(words: str, most: int) -> bool:
    return words.isascii() and words.isdigit() and 1 <= int(words) <= most
