"""What stands on the page and where: header, parts, forms, the panel at the right, problems below."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from watchkeeper.action.draft import Problem
from watchkeeper.action.handlers import Handler
from watchkeeper.model.form import FormField
from watchkeeper.model.job_form import job_fields
from watchkeeper.model.text import Text, _
from watchkeeper.ui.pages.job.beside import AheadPanel, DryRunPanel, VersionPanel, YamlPanel
from watchkeeper.ui.pages.job.command import CommandSection
from watchkeeper.ui.pages.job.dependencies import DependenciesSection
from watchkeeper.ui.pages.job.document import Document
from watchkeeper.ui.pages.job.head import Head
from watchkeeper.ui.pages.job.plain_section import PlainSection
from watchkeeper.ui.pages.job.schedule.section import ScheduleSection
from watchkeeper.ui.pages.job.sections import PARTS, fields_of, part_of
from watchkeeper.ui.pages.job.versions import VersionsSection, label_of
from watchkeeper.ui.widgets.banner import Banner
from watchkeeper.ui.widgets.empty import Empty
from watchkeeper.ui.widgets.entries import ChoiceEntry, Entry
from watchkeeper.ui.widgets.form import ERROR, WARNING
from watchkeeper.ui.widgets.nav import DOT, Nav
from watchkeeper.ui.widgets.words import Button, line, plain

#: A page that is narrower has no panel at the right.
NARROW = 960
#: The form with its margins.
MIDDLE = 688
BESIDE = 340
Section = PlainSection | ScheduleSection | CommandSection | DependenciesSection | VersionsSection


class JobView(QWidget):
    """Knows its widgets and nothing of the engine."""

    #: Another part is shown: its name.
    opened = Signal(str)

    def __init__(self, document: Document) -> None:
        super().__init__()
        self.document = document
        self.head, self.banner, self.nav = Head(), Banner(), Nav(PARTS, _("Parts of the job"))
        self.schedule, self.command = ScheduleSection(document), CommandSection(document)
        self.dependencies, self.versions = DependenciesSection(document), VersionsSection()
        fields = job_fields()
        self.host = PlainSection(document, [(_title("host"), fields_of("host", fields))], {"pool": _pool})
        self.sections: dict[str, Section] = {
            "basics": PlainSection(document, [(_title("basics"), fields_of("basics", fields))]),
            "schedule": self.schedule,
            "command": self.command,
            "host": self.host,
            "dependencies": self.dependencies,
            "retry": PlainSection(document, _retry_groups(fields_of("retry", fields))),
            "environment": PlainSection(document, [(_title("environment"), fields_of("environment", fields))]),
            "versions": self.versions,
        }
        self.ahead, self.dry_run, self.version, self.yaml = AheadPanel(), DryRunPanel(), VersionPanel(), YamlPanel()
        self._besides = {"schedule": self.ahead, "command": self.dry_run, "versions": self.version}
        self.stack, self.beside, self.body = QStackedWidget(), QStackedWidget(), QWidget()
        self._lay_out()
        self.nav.chosen.connect(self.show_part)
        self.nav.entered.connect(self.enter_part)

    def show_part(self, name: str) -> None:
        """Show a part, and beside it what follows from it."""
        self.nav.choose(name)
        self.stack.setCurrentIndex([part.name for part in PARTS].index(name))
        self.beside.setCurrentWidget(self._besides.get(name, self.yaml))
        self.opened.emit(name)

    def enter_part(self, name: str) -> None:
        """Show a part and give the keyboard to its first field, or to the script."""
        self.show_part(name)
        if name == "command":
            return self.command.focus_field("params.script")
        self.nav.setFocus()
        self.nav.focusNextChild()

    def open_field(self, path: str) -> None:
        """Go to the field of a path."""
        name = part_of(path)
        if name == "schedule" and any(path.startswith(f"triggers[{row.position}]") for row in self.dependencies.rows):
            name = "dependencies"
        self.show_part(name)
        self.sections[name].focus_field(path)

    def offer(
        self,
        handlers: Sequence[Handler],
        pools: Sequence[tuple[str, int]],
        calendars: Sequence[str],
        jobs: Sequence[str],
    ) -> None:
        """What a job may name."""
        self.command.offer(handlers)
        self.schedule.offer(calendars, jobs)
        self.dependencies.offer(jobs)
        pool = self.host.forms[0].entries["pool"]
        assert isinstance(pool, ChoiceEntry)
        pool.offer([(None, _("none")), *((name, f"{name} ({size})") for name, size in pools)])
        pool.show_value(self.document.get("pool"))

    def faults(self) -> list[Problem]:
        """What was entered and can't be a value."""
        return [fault for section in self.sections.values() for fault in section.faults()]

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Show each beside its field, and the worst of a part at the left."""
        for section in self.sections.values():
            section.complain(problems)
        self.mark(problems)

    def mark(self, problems: Sequence[Problem]) -> None:
        """A dot where something was changed, the worst glyph where something is wrong."""
        marks = {part_of(path): DOT for path in self.document.changed_fields()}
        for is_error, glyph in ((False, WARNING), (True, ERROR)):
            marks |= {part_of(each.field): glyph for each in problems if each.is_error is is_error}
        self.nav.mark(marks)

    def show_gone(self, why: Text, make_new: Callable[[], object]) -> None:
        """Show in place of the forms that there is no such job."""
        self.body.hide()
        self.head.hide_deeds()
        self.head.tell(_("No such job"), "")
        layout = self.layout()
        assert layout is not None
        layout.addWidget(Empty(_("This job is not there"), why, Button(_("New job"), make_new, kind="primary")))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.beside.setVisible(self.width() >= NARROW)

    def _lay_out(self) -> None:
        for part in PARTS:
            self.stack.addWidget(_scrolled(self.sections[part.name]))
        for panel in (self.yaml, self.ahead, self.dry_run, self.version):
            self.beside.addWidget(panel)
        self.stack.setMaximumWidth(MIDDLE)
        self.beside.setMinimumWidth(BESIDE)
        middle = QHBoxLayout(self.body)
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(0)
        middle.addWidget(self.nav)
        middle.addWidget(self.stack, 100)
        middle.addWidget(line(is_upright=True))
        middle.addWidget(self.beside, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.head)
        layout.addWidget(self.banner)
        layout.addWidget(self.body, 1)


def place_words(path: str) -> Text:
    """Where a field stands: its part and its own label."""
    title = next(part.title for part in PARTS if part.name == part_of(path))
    label = label_of(path)
    return _("{part}, {field}", part=title, field=label) if label.message else title


def _scrolled(section: QWidget) -> QScrollArea:
    inner = plain(QWidget(), 1)
    layout = QVBoxLayout(inner)
    layout.setContentsMargins(30, 14, 16, 24)
    layout.addWidget(section)
    if not isinstance(section, VersionsSection):
        layout.addStretch(1)
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setWidget(inner)
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return area


def _title(name: str) -> Text:
    return next(part.title for part in PARTS if part.name == name)


def _retry_groups(fields: Sequence[FormField]) -> list[tuple[Text, list[FormField]]]:
    retry = [field for field in fields if field.name.startswith("retry.")]
    timeouts = [field for field in fields if field.name.startswith("timeouts.")]
    rest = [field for field in fields if field not in retry and field not in timeouts]
    return [(_("Retry"), retry), (_("Timeouts"), timeouts), (_("After a crash"), rest)]


def _pool(field: FormField) -> Entry:
    return ChoiceEntry(field)
