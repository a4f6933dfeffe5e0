"""The job as it stands on the screen: plain data by path, every change of it one step of undo."""

import re
import time
from collections.abc import Iterator, Mapping
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from watchkeeper.model.form import ABSENT
from watchkeeper.model.text import Text, _
from watchkeeper.ui.words import shown

#: Seconds within which what is typed into one field is one step.
BREATH = 1.5

Values = dict[str, Any]
_STEP = re.compile(r"\[(\d+)\]|([^.\[\]]+)")


class Document(QObject):
    """What the editors of all fields show and change."""

    #: A value has changed: its path, "" when it may be any.
    changed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.values: Values = {}
        #: As it is in the store; empty for a new job.
        self.saved: Values = {}
        self.stack = QUndoStack(self)
        self.stack.setUndoLimit(500)

    @property
    def is_dirty(self) -> bool:
        """Whether it differs from what is stored."""
        return self.values != self.saved

    def load(self, values: Values, saved: Values) -> None:
        """Begin anew with these values."""
        self.values, self.saved = values, saved
        self.stack.clear()
        self.changed.emit("")

    def get(self, path: str) -> Any:
        """The value at a path like `retry.delay` or `triggers[0].cron`; ABSENT where there is none."""
        return _at(self.values, path)

    def put(self, path: str, value: Any, label: Text | None = None) -> None:
        """Change a value as one step of undo; ABSENT takes it away."""
        before = self.get(path)
        if before is value or (before == value and type(before) is type(value)):
            return
        words = shown(_("Change {field}", field=label if label is not None else path))
        after = _with(self.values, list(_steps(path)), value)
        self.stack.push(_Change(self, path, self.values, after, words))

    def assign(self, path: str, values: Values) -> None:
        """Other values, of which those at a path differ; for undo and redo."""
        self.values = values
        self.changed.emit(path)

    def changed_fields(self) -> set[str]:
        """The paths of the fields that differ from what is stored: `name`, `retry.delay`, `params.script`."""
        now, before = dict(_flat(self.values)), dict(_flat(self.saved))
        return {path for path in {**now, **before} if now.get(path, ABSENT) != before.get(path, ABSENT)}


class _Change(QUndoCommand):
    """One value became another."""

    def __init__(self, document: Document, path: str, before: Values, after: Values, words: str) -> None:
        super().__init__(words)
        self._document, self.path = document, path
        # The whole before and after: they share all that did not change.
        self._before, self.after = before, after
        self.at = time.monotonic()

    def redo(self) -> None:
        self._document.assign(self.path, self.after)

    def undo(self) -> None:
        self._document.assign(self.path, self._before)

    def id(self) -> int:
        return hash(self.path) & 0x3FFFFFFF

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, _Change) or other.path != self.path or other.at - self.at > BREATH:
            return False
        if not (isinstance(_at(self.after, self.path), str) and isinstance(_at(other.after, self.path), str)):
            return False
        self.after, self.at = other.after, other.at
        return True


def _at(values: Any, path: str) -> Any:
    for step in _steps(path):
        try:
            values = values[step]
        except (KeyError, IndexError, TypeError):
            return ABSENT
    return values


def _steps(path: str) -> Iterator[str | int]:
    for found in _STEP.finditer(path):
        yield int(found[1]) if found[1] is not None else found[2]


def _with(values: Any, steps: list[str | int], value: Any) -> Any:
    """The same values but for one; nothing that was there is changed in place, for undo holds on to it."""
    step, rest = steps[0], steps[1:]
    if isinstance(step, int):
        items = list(values) if isinstance(values, list | tuple) else []
        if rest:
            items[step] = _with(items[step], rest, value)
        elif value is ABSENT:
            del items[step]
        else:
            items[step : step + 1] = [value]
        return items
    fields = dict(values) if isinstance(values, Mapping) else {}
    inner = _with(fields.get(step, {}), rest, value) if rest else value
    if inner is ABSENT or (rest and inner in ({}, []) and step not in ("params", "triggers")):
        fields.pop(step, None)
    else:
        fields[step] = inner
    return fields


def _flat(values: Mapping[str, Any], place: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        path = f"{place}.{name}" if place else name
        if isinstance(value, Mapping) and name != "env":
            yield from _flat(value, path)
        else:
            yield path, value
