"""The page of calendars: a list, the year of the chosen one, its form, and what a save would change."""

import asyncio
from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from watchkeeper.action import ical
from watchkeeper.action.calendar_preview import CalendarPreview
from watchkeeper.action.calendar_table import CalendarRow
from watchkeeper.action.draft import Problem
from watchkeeper.model import codec
from watchkeeper.model.calendar import Calendar, CalendarSpec
from watchkeeper.model.events import CalendarsChanged, Event, JobDeleted, JobSaved
from watchkeeper.model.text import Text, _, plural
from watchkeeper.ui.clock import now
from watchkeeper.ui.commands import Command
from watchkeeper.ui.console import Console
from watchkeeper.ui.pages.calendars.asking import Asking
from watchkeeper.ui.pages.calendars.deeds import commands_of
from watchkeeper.ui.pages.calendars.dialogs import import_dialog, removal_question
from watchkeeper.ui.pages.calendars.draft import CalendarDraft, Drafts, Kept, Values, written
from watchkeeper.ui.pages.calendars.form import CalendarForm
from watchkeeper.ui.pages.calendars.head import Head
from watchkeeper.ui.pages.calendars.list import CalendarsView
from watchkeeper.ui.pages.calendars.year_panel import YearPanel
from watchkeeper.ui.pages.page import Page
from watchkeeper.ui.widgets.banner import Banner
from watchkeeper.ui.widgets.empty import Empty
from watchkeeper.ui.widgets.form import ERROR
from watchkeeper.ui.widgets.words import Button, line
from watchkeeper.ui.words import shown

_PLACE = "calendars"
#: Milliseconds after the last change until the draft is kept and looked at.
PAUSE = 200
#: The name under which a new calendar's draft is kept.
NEW = ""


class CalendarsPage(Page):
    """`name`: the calendar that is shown first."""

    topic = "calendars"

    def __init__(self, console: Console, name: str = "") -> None:
        super().__init__(console, f"{_PLACE}/{name}" if name else _PLACE, _("Calendars"), "ui/calendar")
        #: The chosen one as the store has it; None for a new one, or none at all.
        self.calendar: Calendar | None = None
        self.rows: list[CalendarRow] = []
        self.problems: list[Problem] = []
        self._wanted: str | None = name or None
        self._is_loaded = False
        self._year: int | None = None
        self.draft, self.drafts = CalendarDraft(self), Drafts(console.memory)
        self.head, self.banner = Head(), Banner()
        self.list = CalendarsView(self)
        self.year = YearPanel(now().astimezone(ZoneInfo(console.zone())).date())
        self.form = CalendarForm(self.draft, console.go)
        self.asking = Asking(console.desk, (self.form.holds, self.form.but_not))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE)
        self._lay_out()
        self._connect()
        self._tell()

    # Reading.

    async def refresh(self) -> None:
        """Read the list, and the chosen one with what would become of it."""
        await self.asking.world()
        self.rows = await self.console.desk.ask("calendar.table")
        names = [row.name for row in self.rows]
        if self._wanted is None and not self._is_loaded:
            self._wanted = names[0] if names else None
        if self._wanted in names:
            detail = await self.console.desk.ask("calendar.show", name=self._wanted)
            self._take(detail.calendar)
        elif self.calendar is not None or (self._wanted is not None and not self._is_loaded):
            self._take_gone(names)
        self._offer()
        self._show_list()
        await self._look()

    def concerns(self, events: Sequence[Event]) -> bool:
        """Whether calendars, or those who follow them, have changed."""
        return any(isinstance(event, CalendarsChanged | JobSaved | JobDeleted) for event in events)

    def leave(self) -> None:
        """What is not saved stays as a draft, and that is said."""
        self._keep()
        if self._is_loaded and self.draft.is_dirty:
            self.console.toast(_("The draft of {calendar} is kept", calendar=self._name()))
        self._timer.stop()
        super().leave()

    def holds(self, place: str) -> bool:
        return place.partition("/")[0] == _PLACE

    def turn_to(self, place: str) -> None:
        if name := place.partition("/")[2]:
            self.show_calendar(name)

    def show_calendar(self, name: str) -> None:
        """Show another one; what is written of this one stays as a draft."""
        if name != self._wanted or not self._is_loaded:
            self._keep()
            self._wanted, self._is_loaded, self.calendar = name, False, None
            self.reread()

    def _take(self, calendar: Calendar) -> None:
        """The calendar as it is in the store now."""
        saved, self.calendar = written(calendar.spec), calendar
        if not self._is_loaded:
            kept = self.drafts.find(calendar.name)
            self._begin(kept if kept is not None and kept.values != saved else Kept(saved, saved))
        if saved == self.draft.saved:
            self.banner.say(None)
        elif not self.draft.is_dirty or self.draft.values == saved:
            self._begin(Kept(saved, saved))
        else:
            said = _("{actor} has saved this calendar meanwhile.", actor=calendar.saved_by)
            choices = ((_("Keep mine"), self._keep_mine), (_("Take theirs"), self._take_theirs))
            self.banner.say(said, choices)
        self._tell()

    def _take_gone(self, names: Sequence[str]) -> None:
        """It was deleted: what was written of it may become a new one, else another one is shown."""
        if self._is_loaded and self.draft.is_dirty and self.calendar is not None:
            self.drafts.forget(self.calendar.name)
            self.calendar, self._wanted = None, None
            self.banner.say(_("This calendar was deleted meanwhile: saving makes it anew."))
            self._tell()
            return
        self.calendar, self._is_loaded, self._wanted = None, False, names[0] if names else None
        if self._wanted is not None:
            self.reread()

    def _begin(self, kept: Kept) -> None:
        self.banner.say(None)
        self._is_loaded = True
        self.draft.load(kept)
        self._tell()

    def _offer(self) -> None:
        own = self._name()
        self.form.offer(self.asking.countries, [row.name for row in self.rows if row.name != own])

    def _show_list(self) -> None:
        self.list.model_.set_drafts(self.drafts.names())
        self.list.show_rows(self.rows, self._wanted or "")
        self.stack.setCurrentWidget(self.body if self.rows or self._is_loaded else self.empty)

    # What is entered.

    def _follow(self, _place: str) -> None:
        if self._is_loaded:
            self._timer.start()
            self._tell()

    def _pause_over(self) -> None:
        self._keep()
        self.tasks.start(self._look(), "look")

    def _keep(self) -> None:
        if self._is_loaded:
            self.drafts.keep(self.calendar.name if self.calendar is not None else NEW, self.draft)
            self.list.model_.set_drafts(self.drafts.names())

    async def _look(self) -> None:
        """What the engine thinks of the draft, and what becomes of it."""
        if self._is_loaded:
            self._show_preview(await self.asking.preview(self.draft.values, self._year))

    def _show_preview(self, preview: CalendarPreview) -> None:
        self.problems = [*self._own_problems(), *preview.problems]
        is_untouched = self.calendar is None and not self.draft.is_dirty
        self.form.complain([] if is_untouched else self.problems)
        self.form.effects.show_effects(preview.effects, is_right=not preview.problems)
        self.year.show_preview(preview)

    def _own_problems(self) -> list[Problem]:
        """A new calendar takes no other one's place unseen."""
        name = self.draft.values.get("name", "")
        if self.calendar is None and any(row.name == name for row in self.rows):
            return [Problem("name", _("there is a calendar {name} already: choose another name", name=str(name)[:60]))]
        return []

    def _toggle(self, day: date) -> None:
        self.draft.toggle_day(day.isoformat(), self.year.view.day(day).is_held)

    def _show_year(self, year: int) -> None:
        self._year = year
        self.tasks.start(self._look(), "look")

    def _ask_country(self, code: str) -> None:
        self.tasks.start(self.asking.country(code), f"country {code}")

    # Deeds.

    def new(self, values: Values | None = None) -> None:
        """Begin a new calendar; one that was begun before goes on."""
        self._keep()
        kept = self.drafts.find(NEW) if values is None else None
        blank: Values = {"name": "", "zone": self.console.zone()}
        self.calendar, self._wanted = None, None
        self._begin(kept or Kept(values or blank, blank))
        self._offer()
        self._show_list()
        self.tasks.start(self._look(), "look")
        self.form.set_new(True)
        self.form.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def duplicate(self) -> None:
        """A new calendar that says the same."""
        names = {row.name for row in self.rows}
        number = next(n for n in range(2, len(names) + 3) if f"{self._name()} {n}" not in names)
        self.new({**self.draft.values, "name": f"{self._name()} {number}"})

    def save(self) -> None:
        """Save it, unless something is wrong."""
        self.tasks.start(self._save(), "save")

    def discard(self) -> None:
        """Back to what is saved; can be undone."""
        self.draft.discard()

    def delete(self) -> None:
        """Ask, with what that means; one that is in use stays."""
        row = self._row()
        if row is not None:
            self.console.lay_over(removal_question(row, partial(self._delete, row.name)))

    def choose_file(self) -> None:
        """Ask for an iCalendar file."""
        dialog = QFileDialog(self, shown(_("iCalendar file")), "", "iCalendar (*.ics *.ical *.ifb)")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.take_file)
        dialog.open()

    def take_file(self, file: str) -> None:
        """Read a file, and say what its events would change."""
        self.tasks.start(self._read_file(Path(file)), "file")

    async def _save(self) -> None:
        self._timer.stop()
        self._keep()
        await self._look()
        if self.problems:
            self.form.complain(self.problems)
            self.form.focus_field(self.problems[0].field)
            what = plural("{n} error", "{n} errors", len(self.problems))
            self.console.toast(_("Not saved: {errors} to be put right", errors=what), glyph=ERROR)
            return
        given = {"spec": codec.convert(self.draft.values, CalendarSpec)}
        if self.calendar is not None:
            given["base"] = codec.convert(self.draft.saved, CalendarSpec)
        saved = await self.console.act("calendar.save", **given)
        if saved is not None:
            self.drafts.forget(NEW if self.calendar is None else self.calendar.name)
            values = written(saved.spec)
            self.calendar, self._wanted = saved, saved.name
            self._begin(Kept(values, values))
        await self.refresh()

    def _delete(self, name: str) -> None:
        self.tasks.start(self._deleted(name))

    async def _deleted(self, name: str) -> None:
        if await self.console.act("calendar.delete", name=name) is not None:
            self.drafts.forget(name)
            self.draft.load(Kept({}, {}))
            self._is_loaded, self._wanted, self.calendar = False, None, None
            await self.refresh()

    async def _read_file(self, file: Path) -> None:
        found = await asyncio.to_thread(ical.read, file)
        events = [{"kind": "event", **codec.plain(event)} for event in found.events]
        rules = self.draft.rules("holds")
        others = [rule for rule in rules if rule.get("kind") != "event"]
        with_them = {**self.draft.values, "holds": [*others, *events]}
        year = self.year.view.today.year
        before, after = [await self.asking.held(values, year) for values in (self.draft.values, with_them)]
        take = partial(self.draft.put_rules, "holds", with_them["holds"])
        replaced = len(rules) - len(others)
        self.console.lay_over(import_dialog(file.name, found, len(after - before), year, replaced, take))

    def _keep_mine(self) -> None:
        assert self.calendar is not None
        self._begin(Kept(self.draft.values, written(self.calendar.spec)))
        self._keep()

    def _take_theirs(self) -> None:
        assert self.calendar is not None
        saved = written(self.calendar.spec)
        self._begin(Kept(saved, saved))
        self._keep()

    # What is told.

    def _row(self) -> CalendarRow | None:
        return next((row for row in self.rows if self.calendar is not None and row.name == self.calendar.name), None)

    def _name(self) -> str:
        return self.calendar.name if self.calendar is not None else str(self.draft.values.get("name", ""))

    def can_save(self) -> bool:
        """Whether there is anything to save, and somebody who does."""
        return self._is_loaded and self.draft.is_dirty and self.console.bridge.is_connected

    def _tell(self) -> None:
        is_dirty = self._is_loaded and self.draft.is_dirty
        self.form.set_new(self.calendar is None)
        self.head.tell(
            self._state(is_dirty),
            is_there=self._is_loaded,
            is_dirty=is_dirty,
            can_save=self.can_save(),
            can_delete=self.calendar is not None,
        )
        if is_dirty is not self.is_dirty:
            self.is_dirty = is_dirty
            self.named.emit()

    def _state(self, is_dirty: bool) -> Text | str:
        if not self._is_loaded:
            return ""
        if self.calendar is None:
            return _("New, not saved yet")
        name = self.calendar.name
        if is_dirty:
            return _("{calendar}: changed, kept as a draft", calendar=name)
        return _("{calendar}, saved by {actor}", calendar=name, actor=self.calendar.saved_by)

    def commands(self) -> list[Command]:
        """What can be done with the calendar."""
        return commands_of(self)

    def arrive(self) -> None:
        """The keyboard begins with the list."""
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def retranslate(self) -> None:
        self._tell()

    def _connect(self) -> None:
        self._timer.timeout.connect(self._pause_over)
        self.draft.changed.connect(self._follow)
        self.list.chosen.connect(self.show_calendar)
        self.year.view.toggled.connect(self._toggle)
        self.year.year_asked.connect(self._show_year)
        for section in (self.form.holds, self.form.but_not):
            section.country_asked.connect(self._ask_country)
        head = self.head
        head.new_asked.connect(self.new)
        head.import_asked.connect(self.choose_file)
        head.duplicate_asked.connect(self.duplicate)
        head.delete_asked.connect(self.delete)
        head.discard_asked.connect(self.discard)
        head.save_asked.connect(self.save)
        self.console.bridge.is_connected_changed.connect(self._tell)

    def _lay_out(self) -> None:
        self.empty = Empty(
            _("No calendar yet"),
            _(
                "A calendar is a set of days and hours, like public holidays or a freeze; triggers fire on them only, "
                "or not at all."
            ),
            Button(_("New calendar"), self.new, kind="primary", icon="ui/plus"),
        )
        self.body = QWidget()
        middle = QHBoxLayout(self.body)
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(0)
        middle.addWidget(self.list)
        middle.addWidget(line(is_upright=True))
        middle.addWidget(self.year, 1)
        middle.addWidget(line(is_upright=True))
        middle.addWidget(self.form)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.body)
        self.stack.addWidget(self.empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.head)
        layout.addWidget(line())
        layout.addWidget(self.banner)
        layout.addWidget(self.stack, 1)
