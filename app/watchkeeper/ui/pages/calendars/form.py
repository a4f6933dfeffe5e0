"""The form of a calendar: its name and zone, its rules, and the jobs that follow it."""

from collections.abc import Callable, Sequence
from zoneinfo import available_timezones

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QScrollArea, QVBoxLayout, QWidget

from watchkeeper.action.calendar_table import CountryRow
from watchkeeper.action.draft import Problem
from watchkeeper.model.text import _
from watchkeeper.ui.pages.calendars.draft import CalendarDraft
from watchkeeper.ui.pages.calendars.effects import EffectsSection
from watchkeeper.ui.pages.calendars.rules import RulesSection
from watchkeeper.ui.theme import Role, font
from watchkeeper.ui.widgets.form import Complaint, Row
from watchkeeper.ui.widgets.search_choice import SearchChoice
from watchkeeper.ui.widgets.words import line, plain
from watchkeeper.ui.words import Spoken, shown

WIDTH = 396


class CalendarForm(Spoken, QScrollArea):
    """Tied to the draft: what is entered goes there, what changes there is shown here."""

    def __init__(self, draft: CalendarDraft, go: Callable[[str], None]) -> None:
        super().__init__()
        self._draft = draft
        self.name, self.description = QLineEdit(), QLineEdit()
        self.zone = SearchChoice(_("Time zone"), [(name, "") for name in sorted(available_timezones())])
        for field in (self.name, self.description):
            field.setFont(font(Role.BODY))
            field.setFixedHeight(32)
        self.complaint = Complaint()
        renamed = _("Jobs know it by this name; to call it otherwise, duplicate it")
        self.rows = {
            "name": Row(_("Name"), self.name, is_wide=True, help=renamed),
            "description": Row(_("Description"), self.description, is_wide=True),
            "zone": Row(_("Time zone"), self.zone, is_wide=True, help=_("Whose clocks its days and hours follow")),
        }
        self.holds = RulesSection(
            draft, "holds", _("Holds"), _("What one of these rules picks belongs to the calendar.")
        )
        self.but_not = RulesSection(draft, "but_not", _("But not"), _("What one of these rules picks does not."))
        self.effects = EffectsSection(go)
        self.name.textEdited.connect(self._take_name)
        self.description.textEdited.connect(self._take_description)
        self.zone.picked.connect(self._take_zone)
        draft.changed.connect(self._follow)
        self._lay_out()
        self.retranslate()

    def offer(self, countries: Sequence[CountryRow], calendars: Sequence[str]) -> None:
        """What rules may name."""
        for section in (self.holds, self.but_not):
            section.offer(countries, calendars)

    def set_new(self, is_new: bool) -> None:
        """Only a new calendar can be named."""
        self.name.setReadOnly(not is_new)
        self.name.setProperty("is_fixed", "false" if is_new else "true")

    def complain(self, problems: Sequence[Problem]) -> None:
        """Show each problem at its field; what belongs to none above them."""
        for name, row in self.rows.items():
            row.complain(next((each.text for each in problems if each.field == name), None))
        self.holds.complain(problems)
        self.but_not.complain(problems)
        placed = (*self.rows, "holds[", "but_not[")
        rest = [each for each in problems if not each.field.startswith(placed)]
        self.complaint.say(rest[0].text if rest else None)

    def focus_field(self, path: str) -> None:
        """Give the keyboard to the field of a path."""
        if path in self.rows:
            self.rows[path].field.setFocus()
        elif not self.holds.focus_field(path):
            self.but_not.focus_field(path)

    def retranslate(self) -> None:
        self.name.setAccessibleName(shown(_("Name")))
        self.description.setAccessibleName(shown(_("Description")))

    def _follow(self, place: str) -> None:
        values = self._draft.values
        for field, name in ((self.name, "name"), (self.description, "description")):
            if field.text() != (words := str(values.get(name, ""))):
                field.setText(words)
        if place in ("", "zone"):
            self.zone.show_value(str(values.get("zone", "")))

    def _take_name(self, words: str) -> None:
        self._draft.put("name", words)

    def _take_description(self, words: str) -> None:
        self._draft.put("description", words)

    def _take_zone(self, name: str) -> None:
        self._draft.put("zone", name)

    def _lay_out(self) -> None:
        inner = plain(QWidget(), 1)
        layout = QVBoxLayout(inner)
        layout.setContentsMargins(16, 14, 16, 24)
        layout.setSpacing(12)
        layout.addWidget(self.complaint)
        for row in self.rows.values():
            layout.addWidget(row)
        for section in (self.holds, self.but_not, self.effects):
            layout.addSpacing(4)
            layout.addWidget(line(is_soft=True))
            layout.addWidget(section)
        layout.addStretch(1)
        self.setWidget(inner)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFixedWidth(WIDTH)
