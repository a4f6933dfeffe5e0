"""One rule of a calendar as a card: what it is, its fields, and what is wrong with it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from watchkeeper.action.draft import Problem
from watchkeeper.model.calendar import weekdays_of
from watchkeeper.model.errors import Known
from watchkeeper.model.text import Text, _, plural
from watchkeeper.ui.pages.calendars.names import WHICH
from watchkeeper.ui.theme import Role, font, tokens
from watchkeeper.ui.widgets.chips import Chips
from watchkeeper.ui.widgets.choice import Choice
from watchkeeper.ui.widgets.form import Row
from watchkeeper.ui.widgets.search_choice import SearchChoice
from watchkeeper.ui.widgets.weekdays import Weekdays
from watchkeeper.ui.widgets.words import IconButton, Label
from watchkeeper.ui.words import Spoken, shown

Rule = dict[str, Any]
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Card(QWidget):
    """`show_rule` shows a rule without telling; `edited` tells the rule as it is now."""

    edited = Signal(object)
    dropped = Signal()
    title = _("Rule")

    def __init__(self) -> None:
        super().__init__()
        self._rule: Rule = {}
        #: The row where it is said what is wrong with the rule.
        self.main: Row | None = None
        self.heading = Label(self.title, Role.SECTION)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.addWidget(self.heading)
        head.addStretch(1)
        head.addWidget(IconButton("ui/close", _("Remove"), self.dropped.emit, size=14, parent=self))
        self.inner = QVBoxLayout(self)
        self.inner.setContentsMargins(12, 4, 8, 12)
        self.inner.setSpacing(8)
        self.inner.addLayout(head)

    def show_rule(self, rule: Rule) -> None:
        """Show what it says."""
        self._rule = rule
        self.show_values(rule)

    def show_values(self, rule: Rule) -> None:
        """Put the values into the fields."""

    def complain(self, problems: Sequence[Problem]) -> None:
        """Say the first thing that is wrong with it."""
        if self.main is not None:
            self.main.complain(problems[0].text if problems else None)

    def focus_field(self) -> None:
        """Give the keyboard to its first field."""
        if self.main is not None:
            self.main.field.setFocus()

    def tell(self, **values: Any) -> None:
        """Fields have other values; None takes one away."""
        self.edited.emit({**self._rule, **values})

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(tokens().border)
        painter.setBrush(tokens().surface_1)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)


class Hours(Spoken, QLineEdit):
    """The parts of each day; empty for all of it."""

    def __init__(self) -> None:
        super().__init__()
        self.setFont(font(Role.BODY))
        self.setFixedHeight(32)
        self.retranslate()

    def retranslate(self) -> None:
        self.setAccessibleName(shown(_("Hours")))
        self.setPlaceholderText(shown(_("whole days, or 22:00-06:00")))


class HoursCard(Card):
    """A card of a rule that may hold parts of its days only."""

    def add_hours(self) -> None:
        """The row with the hours, the last one."""
        self.hours = Hours()
        self.hours.textEdited.connect(self._take_hours)
        told = _(
            "Parts of each day, with commas between them; one that ends before it begins goes on into the next day"
        )
        self.hours_row = Row(_("Hours"), self.hours, is_wide=True, help=told)
        self.inner.addWidget(self.hours_row)

    def show_values(self, rule: Rule) -> None:
        words = str(rule.get("hours") or "")
        if self.hours.text().strip() != words:
            self.hours.setText(words)

    def complain(self, problems: Sequence[Problem]) -> None:
        of_hours = [problem for problem in problems if problem.field.endswith(".hours")]
        super().complain([problem for problem in problems if problem not in of_hours])
        if of_hours:
            self.hours_row.complain(of_hours[0].text)
        elif self.main is not self.hours_row:
            self.hours_row.complain(None)

    def _take_hours(self, words: str) -> None:
        self.tell(hours=words.strip() or None)


class CountryCard(HoursCard):
    """Public holidays; the page is asked for the parts of the country."""

    title = _("Public holidays")

    def __init__(self) -> None:
        super().__init__()
        self.country = SearchChoice(_("A country, by a few letters"))
        self.part = Choice(_("Part of the country"), [(None, _("the whole country"))])
        self.which = Choice(_("Which days"), WHICH)
        self.note = Label("", Role.SMALL, ink=2)
        self.note.setWordWrap(True)
        self.main = Row(_("Country"), self.country, is_wide=True)
        self.part_row = Row(_("Part"), self.part, is_wide=True)
        for widget in (self.main, self.part_row, Row(_("Days"), self.which, is_wide=True)):
            self.inner.addWidget(widget)
        self.add_hours()
        self.inner.addWidget(self.note)
        self.country.picked.connect(self._take_country)
        self.part.picked.connect(self._take_part)
        self.which.picked.connect(self._take_which)
        self.offer_parts(())
        self.say_known(())

    @property
    def code(self) -> str:
        """The country that is chosen."""
        return str(self._rule.get("country", ""))

    def show_values(self, rule: Rule) -> None:
        super().show_values(rule)
        self.country.show_value(str(rule.get("country", "")))
        self.part.show_value(rule.get("subdivision"))
        self.which.show_value(rule.get("which", WHICH[0][0]))

    def offer_countries(self, countries: Sequence[tuple[str, Text | str]]) -> None:
        """All that are known."""
        self.country.offer(countries)
        self.country.show_value(self.code)

    def offer_parts(self, parts: Sequence[tuple[str, str]]) -> None:
        """Those of the chosen country."""
        self.part.offer([(None, _("the whole country")), *((code, _part(code, name)) for code, name in parts)])
        self.part.show_value(self._rule.get("subdivision"))
        self.part_row.setVisible(bool(parts) or bool(self._rule.get("subdivision")))

    def say_known(self, notes: Sequence[Text]) -> None:
        """Which years are known, and what is not known of them."""
        self.note.say("\n".join(shown(note) for note in notes))
        self.note.setVisible(bool(notes))

    def _take_country(self, code: str) -> None:
        self.tell(country=code, subdivision=None)

    def _take_part(self, code: str | None) -> None:
        self.tell(subdivision=code)

    def _take_which(self, which: str) -> None:
        self.tell(which=None if which == WHICH[0][0] else which)


class WeeklyCard(HoursCard):
    """Days of the week; with hours a blackout window."""

    title = _("Days of the week")

    def __init__(self) -> None:
        super().__init__()
        self.days = Weekdays()
        self.days.chosen.connect(self._take_days)
        self.inner.addWidget(self.days)
        self.add_hours()
        self.main = self.hours_row

    def show_values(self, rule: Rule) -> None:
        super().show_values(rule)
        self.heading.say(_("Blackout window") if rule.get("hours") else self.title)
        try:
            chosen = weekdays_of(str(rule.get("days", "*")))
        except Known:
            chosen = frozenset()
        self.days.show_value(frozenset(day + 1 for day in chosen))

    def focus_field(self) -> None:
        self.days.days[1].setFocus()

    def _take_days(self, days: frozenset[int]) -> None:
        words = weekday_text(days)
        self.tell(days=None if words == "*" else words)


class DatesCard(HoursCard):
    """Dates of one's own."""

    title = _("Own dates")

    def __init__(self) -> None:
        super().__init__()
        self.dates = Chips(_("Dates"), "2026-12-24, 12-24..01-02")
        self.dates.edited.connect(self._take_dates)
        self.main = Row(
            _("Dates"),
            self.dates,
            is_wide=True,
            help=_("Typed, or chosen in the year; without a year it comes every year"),
        )
        self.inner.addWidget(self.main)
        self.add_hours()

    def show_values(self, rule: Rule) -> None:
        super().show_values(rule)
        if (words := [str(each) for each in rule.get("dates", ())]) != self.dates.words:
            self.dates.show_value(words)

    def focus_field(self) -> None:
        self.dates.input.setFocus()

    def _take_dates(self, words: list[str]) -> None:
        self.tell(dates=words)


class MonthlyCard(HoursCard):
    """Days of the month, counted among all or among those of another calendar."""

    title = _("Days of the month")

    def __init__(self) -> None:
        super().__init__()
        self.days = Chips(_("Days of the month"), "1, 15, -1")
        self.of = Choice(_("Counted in"), [(None, _("all days"))])
        self.days.edited.connect(self._take_days)
        self.of.picked.connect(self._take_of)
        self.main = Row(_("Days"), self.days, is_wide=True, help=_("-1 is the last day of the month"))
        self.inner.addWidget(self.main)
        self.inner.addWidget(Row(_("Counted in"), self.of, is_wide=True))
        self.add_hours()

    def show_values(self, rule: Rule) -> None:
        super().show_values(rule)
        if (words := [str(each) for each in rule.get("monthly", ())]) != self.days.words:
            self.days.show_value(words)
        self.of.show_value(rule.get("of"))

    def offer_calendars(self, names: Sequence[str]) -> None:
        """The calendars among whose days can be counted."""
        self.of.offer([(None, _("all days")), *((name, name) for name in names)])
        self.of.show_value(self._rule.get("of"))

    def focus_field(self) -> None:
        self.days.input.setFocus()

    def _take_days(self, words: list[str]) -> None:
        self.tell(monthly=[int(word) if _is_whole(word) else word for word in words])

    def _take_of(self, name: str | None) -> None:
        self.tell(of=name)


class IncludeCard(Card):
    """Whatever another calendar holds."""

    title = _("Another calendar")

    def __init__(self) -> None:
        super().__init__()
        self.calendar = Choice(_("Calendar"), [])
        self.calendar.picked.connect(self._take)
        self.main = Row(_("Calendar"), self.calendar, is_wide=True)
        self.inner.addWidget(self.main)

    def show_values(self, rule: Rule) -> None:
        self.calendar.show_value(rule.get("calendar") or None)

    def offer_calendars(self, names: Sequence[str]) -> None:
        """All but the one that is written."""
        self.calendar.offer([(name, name) for name in names])
        self.calendar.show_value(self._rule.get("calendar") or None)

    def _take(self, name: str) -> None:
        self.tell(calendar=name)


class EventsCard(Card):
    """All events that were taken in from iCalendar files."""

    title = _("Events of an iCalendar file")

    def __init__(self) -> None:
        super().__init__()
        self.told = Label("", Role.SMALL, ink=2)
        self.told.setWordWrap(True)
        self.inner.addWidget(self.told)

    def show_events(self, events: Sequence[Rule]) -> None:
        """Tell how many there are, and the first ones."""
        first = [f"{event.get('event', '')[:10]} {event.get('title', '')}".strip() for event in events[:3]]
        said = plural("{n} event: {first}", "{n} events: {first}", len(events), first=", ".join(first))
        self.told.say(said)


MADE: Mapping[str, Callable[[], Card]] = {
    "country": CountryCard,
    "weekly": WeeklyCard,
    "dates": DatesCard,
    "monthly": MonthlyCard,
    "calendar": IncludeCard,
    "event": EventsCard,
}


def weekday_text(days: frozenset[int]) -> str:
    """1 (Monday) to 7 as a rule says it: mon-fri, sat,sun, *."""
    if len(days) == 7:
        return "*"
    runs: list[list[int]] = []
    for day in sorted(days):
        if runs and day == runs[-1][-1] + 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    parts = [f"{_WEEKDAYS[run[0] - 1]}-{_WEEKDAYS[run[-1] - 1]}" if len(run) > 2 else "" for run in runs]
    return ",".join(part or ",".join(_WEEKDAYS[day - 1] for day in run) for part, run in zip(parts, runs, strict=True))


def _part(code: str, name: str) -> str:
    return code if code == name else f"{name} ({code})"


def _is_whole(word: str) -> bool:
    return word.removeprefix("-").isdecimal() and word.isascii()
