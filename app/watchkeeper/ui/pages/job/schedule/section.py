"""The part about the schedule: the trigger that is edited, its form, and what becomes of it in five weeks."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from watchkeeper.action.draft import Problem
from watchkeeper.action.preview import Preview
from watchkeeper.model import codec
from watchkeeper.model.errors import Known
from watchkeeper.model.form import ABSENT, FormField
from watchkeeper.model.job_form import TRIGGERS, job_fields, trigger_fields
from watchkeeper.model.text import Text, _, plural
from watchkeeper.model.trigger import Cron, Timed, Trigger, Window
from watchkeeper.model.words import words_of
from watchkeeper.ui.pages.job.document import Document
from watchkeeper.ui.pages.job.form import Form, complain, problem_at
from watchkeeper.ui.pages.job.schedule.builder import Builder
from watchkeeper.ui.pages.job.schedule.kinds import (
    BUILT,
    EVENT_NAMES,
    EVENTS,
    FRESH,
    MAIN,
    MODES,
    OWN_ROWS,
    TIMED,
    mode_of,
)
from watchkeeper.ui.pages.job.schedule.parts import Empty, Skip, TriggerTabs
from watchkeeper.ui.pages.job.schedule.said import Said, local_words, place_words
from watchkeeper.ui.pages.job.schedule.strip import Legend, Strip
from watchkeeper.ui.theme import Role
from watchkeeper.ui.widgets.entries import Entry, LineEntry, ListEntry, SegmentsEntry
from watchkeeper.ui.widgets.form import LABEL, SPACING, WARNING, WIDEST, Complaint, Row
from watchkeeper.ui.widgets.segmented import Segmented
from watchkeeper.ui.widgets.words import Button, Label, line
from watchkeeper.ui.words import Spoken


class ScheduleSection(Spoken, QWidget):
    """`refreshed` is asked for when the preview has to be read anew."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self._position = 0
        self._mode = "visual"
        self._calendars: tuple[str, ...] = ()
        self._jobs: tuple[str, ...] = ()
        self._form: Form | None = None
        self._more: Form | None = None
        self._timed: Form | None = None
        self._kind = ""
        self._is_more = False
        self.title = Label(_("Schedule"), Role.PANEL_TITLE)
        self.modes = Segmented(MODES, self._take_mode, name=_("How the schedule is made"))
        self.said = Said()
        self.said.copy_asked.connect(self._copy)
        self.builder = Builder()
        self.builder.edited.connect(self._take_built)
        self.skip = Skip()
        self.skip.edited.connect(self._take_skip)
        self.skip_row = Row(_("Skip"), self.skip, help=_("On what these calendars hold it does not run"), is_wide=True)
        self.doubts = Complaint()
        self.doubts.setContentsMargins(LABEL, 0, 0, 0)
        kinds = [(kind, EVENT_NAMES[kind]) for kind in EVENTS]
        self.events = Segmented(kinds, self._take_event, name=_("What starts it"))
        self.events_row = Row(_("Started by"), self.events)
        self.hint = Label(_("This expression has no simple form: edit it as cron."), ink=2)
        by_name = {field.name: field for field in job_fields()}
        self.shared = Form(
            document,
            [by_name["concurrency.policy"], by_name["timeouts.soft"]],
            makers={"concurrency.policy": SegmentsEntry},
        )
        self.more_button = Button(_("More"), self._toggle_more, kind="link")
        self.strip, self.legend = Strip(), Legend()
        self.count = Label("", Role.SMALL, ink=2)
        self.empty = Empty(self._add)
        self._build()
        document.changed.connect(self._follow)

    #: It was asked for a part that is not shown yet.
    resized = Signal()

    # What is known of the world around.

    def offer(self, calendars: Sequence[str], jobs: Sequence[str]) -> None:
        """The calendars that can be followed and the jobs that can be waited for."""
        if (tuple(calendars), tuple(jobs)) != (self._calendars, self._jobs):
            self._calendars, self._jobs = tuple(calendars), tuple(jobs)
            self._kind = ""
            self.show_all()

    def show_doubts(self, doubts: Sequence[Text]) -> None:
        """What is not known of the calendars that are followed."""
        said = doubts[0] if doubts else None
        for doubt in doubts[1:]:
            said = Text("{first}\n{rest}", {"first": said, "rest": doubt})
        self.doubts.say(said, WARNING)

    def show_preview(self, preview: Preview | None) -> None:
        """The five weeks; None while the schedule can't be told."""
        days = preview.days if preview is not None else []
        self.strip.show_days(days)
        self.legend.show_days(days)
        count, closed = sum(day.count for day in days), sum(1 for day in days if day.excluded and not day.count)
        said = plural("{n} run", "{n} runs", count)
        if closed:
            said = _("{runs}, {days} skipped", runs=said, days=plural("{n} day", "{n} days", closed))
        self.count.say(said if days else "")
        self.weeks.setVisible(bool(days) and any(day.count or day.excluded for day in days))

    # Problems.

    def faults(self) -> Iterable[Problem]:
        """What was entered and can't be a value."""
        for form in (self._form, self._timed, self._more, self.shared):
            if form is not None:
                yield from form.faults()
        if self.builder.fault is not None and self._mode == "visual":
            yield Problem(self._place("cron"), self.builder.fault)

    def complain(self, problems: Sequence[Problem]) -> None:
        """Show each problem beside its field."""
        for form in (self._form, self._timed, self._more, self.shared):
            if form is not None:
                form.complain(problems)
        at = f"triggers[{self._position}]"
        known = {path for form in (self._form, self._timed, self._more) if form for path in form.paths}
        rest = [each for each in problems if each.field.startswith(at) and each.field not in known]
        skip = problem_at(rest, f"{at}.not_on")
        complain(self.skip_row, skip, self._document)
        built = [each for each in rest if each is not skip]
        row = self.builder.row if self._mode == "visual" else self.events_row
        complain(row, next((each for each in built if each.is_error), None), self._document)

    def focus_field(self, path: str) -> None:
        """Give the keyboard to the field of a path."""
        if path.startswith("triggers["):
            self.choose(int(path[9 : path.index("]")]))
        for form in (self._form, self._timed, self._more, self.shared):
            if form is not None and form.focus(path):
                return
        (self.builder.repeat if self._mode == "visual" else self.modes).setFocus()

    # Triggers.

    @property
    def triggers(self) -> list[dict[str, Any]]:
        """All of the job's."""
        found = self._document.get("triggers")
        return list(found) if isinstance(found, list | tuple) else []

    @property
    def trigger(self) -> dict[str, Any]:
        """The one that is edited."""
        return self.triggers[self._position] if self._position < len(self.triggers) else {}

    def choose(self, position: int) -> None:
        """Edit another one."""
        if position != self._position and position < len(self.triggers):
            self._position = position
            self._mode = ""
            self.show_all()

    def show_all(self) -> None:
        """Show what the document says."""
        triggers = self.triggers
        self._position = min(self._position, max(0, len(triggers) - 1))
        self.empty.setVisible(not triggers)
        self.filled.setVisible(bool(triggers))
        self.modes.setVisible(bool(triggers))
        self._show_tabs(triggers)
        if triggers:
            self._show_trigger(self.trigger)

    def retranslate(self) -> None:
        self._say()

    def _show_tabs(self, triggers: list[dict[str, Any]]) -> None:
        self.tabs.setVisible(len(triggers) > 1)
        self.remove.setVisible(len(triggers) > 0)
        if len(triggers) > 1:
            self.choice.offer_options([(n, _("Trigger {n}", n=n + 1)) for n in range(len(triggers))], self._position)

    def _show_trigger(self, trigger: dict[str, Any]) -> None:
        kind = str(trigger.get("kind", ""))
        mode = mode_of(trigger)
        if not self._mode or (mode != self._mode and not (self._mode == "cron" and kind == "cron")):
            self._mode = mode
        is_odd = self._mode == "visual" and not Builder.can_show(trigger)
        self.modes.show_choice(self._mode)
        self.builder.setVisible(self._mode == "visual" and not is_odd)
        self.hint.setVisible(is_odd)
        self.events_row.setVisible(self._mode == "event")
        if self._mode == "visual" and not is_odd:
            self.builder.show_trigger(trigger)
        if self._mode == "event":
            self.events.show_choice(kind)
        self._make_forms(kind)
        self.skip_row.setVisible(kind in TIMED and bool(self._calendars or trigger.get("not_on")))
        self.skip.show_value(self._calendars, trigger.get("not_on", ()))
        self._say()

    def _make_forms(self, kind: str) -> None:
        wanted = f"{kind} {self._mode} {self._position}"
        if wanted == self._kind or kind not in TRIGGERS:
            return
        self._kind = wanted
        for form in (self._form, self._timed, self._more):
            if form is not None:
                form.setParent(None)
                form.deleteLater()
        fields, prefix = trigger_fields(kind), self._place("")
        main = () if self._mode == "visual" else MAIN[kind]
        makers = {"after": self._job_entry, "zone": _zone_entry, "only_on": self._calendar_entry}
        timed = [field for field in fields if field.name in ("misfire", "grace")]
        rest = [f for f in fields if f.name not in (*main, *OWN_ROWS, *(BUILT if self._mode == "visual" else ()))]
        self._form = Form(self._document, [f for f in fields if f.name in main], prefix=prefix, makers=makers)
        self._timed = Form(self._document, timed, prefix=prefix, beside={"grace": "misfire"})
        self._more = Form(self._document, rest, prefix=prefix, makers=makers)
        self._more.setVisible(self._is_more)
        self.more_button.setVisible(bool(rest))
        self._form.setVisible(bool(main))
        self.slots[0].addWidget(self._form)
        self.slots[1].addWidget(self._timed)
        self.slots[2].addWidget(self._more)

    def _say(self) -> None:
        trigger = self.trigger
        if not trigger:
            return
        try:
            read = codec.convert(dict(trigger), TRIGGERS[trigger["kind"]])
            words = words_of(_bare(read), local_words, is_placed=False)
            place = place_words(read.zone or "") if isinstance(read, Cron | Window) else ""
        except (Known, KeyError):
            words, place = _("Not complete yet"), ""
        self.said.tell(words, str(trigger.get("cron", "")), place)

    # What is entered.

    def _place(self, name: str) -> str:
        return f"triggers[{self._position}].{name}"

    def _put(self, trigger: dict[str, Any]) -> None:
        self._document.put(f"triggers[{self._position}]", trigger, _("Schedule"))

    def _take_mode(self) -> None:
        mode = self.modes.chosen
        before, self._mode = self.trigger, mode
        kind = FRESH[mode]["kind"]
        if (mode == "cron" and before.get("kind") == "window") or (
            mode_of(before) != mode and before.get("kind") != kind
        ):
            known = {field.name.partition(".")[0] for field in trigger_fields(kind)}
            kept = {name: value for name, value in before.items() if name in known and name != "kind"}
            self._put({**kept, **FRESH[mode]})
        self.show_all()

    def _take_built(self, built: dict[str, Any]) -> None:
        before = self.trigger
        known = {field.name.partition(".")[0] for field in trigger_fields(built["kind"])}
        kept = {name: value for name, value in before.items() if name in known and name not in BUILT}
        new = {**built, **{name: value for name, value in kept.items() if name != "kind"}}
        if new.get("days") == "*":
            del new["days"]
        self._put(new)

    def _take_event(self) -> None:
        kind = self.events.chosen
        if kind != self.trigger.get("kind"):
            self._put({"kind": kind})

    def _take_skip(self, names: list[str]) -> None:
        self._document.put(self._place("not_on"), names or ABSENT, _("Skip"))

    def _add(self) -> None:
        self._document.put("triggers", [*self.triggers, dict(FRESH["visual"])], _("Triggers"))
        self.choose(len(self.triggers) - 1)

    def _remove(self) -> None:
        rest = [trigger for number, trigger in enumerate(self.triggers) if number != self._position]
        self._mode = ""
        self._document.put("triggers", rest or ABSENT, _("Triggers"))

    def _toggle_more(self) -> None:
        self._is_more = not self._is_more
        if self._more is not None:
            self._more.setVisible(self._is_more)
        self.more_button.say(_("Less") if self._is_more else _("More"))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.said.text)

    def _follow(self, path: str) -> None:
        if not path or path.startswith("triggers"):
            self.show_all()

    def _job_entry(self, field: FormField) -> Entry:
        entry = LineEntry(field)
        entry.offer(self._jobs)
        return entry

    def _calendar_entry(self, field: FormField) -> Entry:
        entry = ListEntry(field)
        entry.chips.offer(self._calendars)
        return entry

    def _build(self) -> None:
        self.choice = TriggerTabs()
        self.choice.picked.connect(self.choose)
        self.tabs = QWidget()
        tabs = QHBoxLayout(self.tabs)
        tabs.setContentsMargins(0, 0, 0, 0)
        tabs.addWidget(self.choice)
        tabs.addStretch(1)
        head = QHBoxLayout()
        head.addWidget(self.title)
        head.addStretch(1)
        head.addWidget(self.modes)
        self.filled = QWidget()
        filled = QVBoxLayout(self.filled)
        filled.setContentsMargins(0, 0, 0, 0)
        filled.setSpacing(SPACING)
        self.slots = [QVBoxLayout() for _count in range(3)]
        self.add = Button(_("Another trigger"), self._add, kind="link", icon="")
        self.remove = Button(_("Remove this trigger"), self._remove, kind="link")
        links = QHBoxLayout()
        links.setContentsMargins(112, 0, 0, 0)
        for button in (self.more_button, self.add, self.remove):
            links.addWidget(button)
        links.addStretch(1)
        for part in (self.tabs, self.said, self.builder, self.hint, self.events_row):
            filled.addWidget(part)
        filled.addLayout(self.slots[0])
        filled.addWidget(self.skip_row)
        filled.addWidget(self.doubts)
        filled.addLayout(self.slots[1])
        filled.addWidget(self.shared)
        filled.addLayout(links)
        filled.addLayout(self.slots[2])
        self.weeks = QWidget()
        weeks = QVBoxLayout(self.weeks)
        weeks.setContentsMargins(0, 4, 0, 0)
        weeks.setSpacing(4)
        titles = QHBoxLayout()
        titles.addWidget(Label(_("The next 35 days"), Role.SECTION))
        titles.addStretch(1)
        titles.addWidget(self.count)
        weeks.addWidget(line(is_soft=True))
        weeks.addSpacing(6)
        weeks.addLayout(titles)
        weeks.addWidget(self.strip)
        weeks.addWidget(self.legend)
        filled.addWidget(self.weeks)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(14)
        layout.addLayout(head)
        layout.addWidget(self.empty)
        layout.addWidget(self.filled)
        self.setMaximumWidth(WIDEST)
        self.show_all()


def _bare(trigger: Trigger) -> Trigger:
    """Without the calendars, which have a row of their own."""
    if not isinstance(trigger, Timed):
        return trigger
    return msgspec.structs.replace(trigger, only_on=(), not_on=())


def _zone_entry(field: FormField) -> Entry:
    from zoneinfo import available_timezones

    entry = LineEntry(field)
    entry.offer(sorted(available_timezones()))
    return entry
