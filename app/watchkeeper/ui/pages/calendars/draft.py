"""A calendar that is being written: plain data, every change a step that can be taken back, kept until it is saved."""

import time
from typing import Any

import msgspec
from PySide6.QtCore import QObject, Signal

from watchkeeper.model import codec
from watchkeeper.model.calendar import CalendarSpec
from watchkeeper.model.errors import Known
from watchkeeper.ui.memory import Memory

Values = dict[str, Any]

_NAME = "calendar.drafts"
#: Drafts and steps that are kept; the oldest give way.
_MOST, _MOST_STEPS = 20, 200
#: Seconds within which what is typed into one place is one step.
BREATH = 1.5


class Kept(msgspec.Struct, frozen=True):
    """One draft in the window's memory."""

    values: Values
    #: What it began from.
    saved: Values


class CalendarDraft(QObject):
    """What the form and the year show and change."""

    #: A value has changed: its place like `name` or `holds[2]`, "" when it may be any.
    changed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.values: Values = {}
        #: As it is in the store; for a new calendar what it begins with.
        self.saved: Values = {}
        self._past: list[Values] = []
        self._future: list[Values] = []
        self._last = ("", 0.0)

    @property
    def is_dirty(self) -> bool:
        """Whether it differs from what is stored."""
        return self.values != self.saved

    def load(self, kept: Kept) -> None:
        """Begin anew."""
        self.values, self.saved = kept.values, kept.saved
        self._past, self._future, self._last = [], [], ("", 0.0)
        self.changed.emit("")

    def rules(self, field: str) -> list[dict[str, Any]]:
        """The rules of `holds` or `but_not`."""
        return list(self.values.get(field, ()))

    def put(self, field: str, value: Any) -> None:
        """Another value for a field; None takes it away."""
        self._become({**self.values, field: value}, field)

    def put_rule(self, field: str, position: int, rule: dict[str, Any]) -> None:
        """Another form of one rule."""
        rules = self.rules(field)
        rules[position] = {name: value for name, value in rule.items() if value is not None}
        self._become({**self.values, field: rules}, f"{field}[{position}]")

    def add_rule(self, field: str, rule: dict[str, Any]) -> None:
        """One more rule, the last."""
        self.put_rules(field, [*self.rules(field), rule])

    def put_rules(self, field: str, rules: list[dict[str, Any]]) -> None:
        """Other rules."""
        self._become({**self.values, field: rules}, "")

    def toggle_day(self, day: str, is_held: bool) -> None:
        """Let a day change sides: an own date goes again, what rules hold is taken out, what is free is added."""
        for field in ("holds", "but_not"):
            if (position := self._own_dates(field)) is not None:
                dates = list(self.rules(field)[position]["dates"])
                if day in dates:
                    return self._put_dates(field, position, [each for each in dates if each != day])
        field = "but_not" if is_held else "holds"
        position = self._own_dates(field)
        if position is None:
            return self.add_rule(field, {"kind": "dates", "dates": [day]})
        self._put_dates(field, position, sorted([*self.rules(field)[position]["dates"], day]))

    def discard(self) -> None:
        """Back to what is saved, as a step."""
        self._become(self.saved, "")

    @property
    def can_undo(self) -> bool:
        """Whether a step can be taken back."""
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        """Whether a step that was taken back can be done again."""
        return bool(self._future)

    def undo(self) -> None:
        """Take the last step back."""
        if self._past:
            self._future.append(self.values)
            self._show(self._past.pop())

    def redo(self) -> None:
        """Do it again."""
        if self._future:
            self._past.append(self.values)
            self._show(self._future.pop())

    def _own_dates(self, field: str) -> int | None:
        """Where the dates stand that are whole days."""
        rules = enumerate(self.rules(field))
        return next((n for n, rule in rules if rule.get("kind") == "dates" and not rule.get("hours")), None)

    def _put_dates(self, field: str, position: int, dates: list[str]) -> None:
        rules = self.rules(field)
        if dates:
            rules[position] = {**rules[position], "dates": dates}
        else:
            del rules[position]
        self.put_rules(field, rules)

    def _become(self, values: Values, place: str) -> None:
        wanted = {name: value for name, value in values.items() if value not in (None, "", []) or name == "name"}
        if wanted == self.values:
            return
        now = time.monotonic()
        if not place or place != self._last[0] or now - self._last[1] > BREATH:
            self._past = [*self._past[-_MOST_STEPS + 1 :], self.values]
        self._last, self._future = (place, now), []
        self.values = wanted
        self.changed.emit(place)

    def _show(self, values: Values) -> None:
        self.values, self._last = values, ("", 0.0)
        self.changed.emit("")


class Drafts:
    """In the window's memory, by the name that the calendar has in the store; "" is a new one."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def find(self, name: str) -> Kept | None:
        """The draft; None when there is none, or none that can be read."""
        found = self._all().get(name)
        try:
            return None if found is None else codec.convert(found, Kept)
        except Known:
            return None

    def names(self) -> set[str]:
        """Of which calendars there are drafts."""
        return set(self._all())

    def keep(self, name: str, draft: CalendarDraft) -> None:
        """Remember what is not saved; what is, is forgotten."""
        rest = {each: kept for each, kept in self._all().items() if each != name}
        if draft.is_dirty:
            kept = codec.plain(Kept(draft.values, draft.saved))
            rest = {**dict(list(rest.items())[-(_MOST - 1) :]), name: kept}
        self._memory.put(_NAME, rest)

    def forget(self, name: str) -> None:
        """It is saved, or given up."""
        self._memory.put(_NAME, {each: kept for each, kept in self._all().items() if each != name})

    def _all(self) -> Values:
        found: Values = self._memory.get(_NAME, {})
        return found


def written(spec: CalendarSpec) -> Values:
    """The draft that says the same, without what holds anyway."""
    plain: Values = msgspec.json.decode(codec.encode(spec))
    return plain
