"""Rows for fields, tied to the document: what is entered goes there, what changes there is shown here."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from PySide6.QtWidgets import QWidget

from watchkeeper.action.draft import Problem
from watchkeeper.model.form import ABSENT, Control, FormField
from watchkeeper.ui.pages.job.document import Document
from watchkeeper.ui.widgets.entries import Entry, entry_of
from watchkeeper.ui.widgets.fold import Fold
from watchkeeper.ui.widgets.form import ERROR, WARNING, Row, column
from watchkeeper.ui.words import Spoken

Make = Callable[[FormField], Entry]
#: Their help stands behind them, for they are short.
_SHORT = (Control.SPAN, Control.WHOLE, Control.DECIMAL, Control.SWITCH)


class Form(Spoken, QWidget):
    """`prefix` goes before the names of all fields; `makers` may give a field another control than its type asks.

    `beside`: fields that stand in the row of another one. A group is folded until a field of it is set; a field that
    makes no sense with the values of others is left out, unless it is set or something is wrong with it.
    """

    def __init__(
        self,
        document: Document,
        fields: Sequence[FormField],
        *,
        prefix: str = "",
        makers: Mapping[str, Make] | None = None,
        beside: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__()
        self._document, self._prefix, self._beside = document, prefix, beside or {}
        self.rows: dict[str, Row] = {}
        self.entries: dict[str, Entry] = {}
        #: The groups, with the names of their fields.
        self.folds: dict[Fold, list[str]] = {}
        self._wrong: set[str] = set()
        self._layout = column()
        self.setLayout(self._layout)
        for field in fields:
            self._add(field, (makers or {}).get(field.name, entry_of))
        document.changed.connect(self._follow)
        self.show_all()
        self._unfold()

    @property
    def paths(self) -> set[str]:
        """Where its fields stand in the job."""
        return {self._prefix + name for name in self.rows}

    def set_prefix(self, prefix: str) -> None:
        """Edit the same fields of another part."""
        self._prefix = prefix
        self.show_all()

    def show_all(self) -> None:
        """Show what the document says."""
        for name, entry in self.entries.items():
            entry.show_value(self._document.get(self._prefix + name))
        self._arrange()

    def faults(self) -> Iterable[Problem]:
        """What was entered that can't be a value."""
        for name, entry in self.entries.items():
            if entry.fault is not None and not self.isHidden():
                yield Problem(self._prefix + name, entry.fault)

    def complain(self, problems: Sequence[Problem]) -> None:
        """Show each problem beside its field."""
        self._wrong = {name for name in self.rows if problem_at(problems, self._prefix + name) is not None}
        for row in dict.fromkeys(self.rows.values()):
            names = [name for name, each in self.rows.items() if each is row]
            met = [problem_at(problems, self._prefix + name) for name in names]
            complain(row, next((problem for problem in met if problem is not None), None), self._document)
        for fold, names in self.folds.items():
            if self._wrong.intersection(names):
                fold.set_open(True)
        self._arrange()

    def focus(self, path: str) -> bool:
        """Give the keyboard to the field of a path; False when it is not here."""
        name = field_of(path.removeprefix(self._prefix), self.rows)
        if not path.startswith(self._prefix) or name is None:
            return False
        for fold, names in self.folds.items():
            if name in names:
                fold.set_open(True)
        self.rows[name].show()
        self.entries[name].widget.setFocus()
        return True

    def retranslate(self) -> None:
        for entry in self.entries.values():
            entry.retranslate()

    def _add(self, field: FormField, make: Make) -> None:
        entry = make(field)
        entry.setParent(self)
        entry.edited.connect(self._take)
        self.entries[field.name] = entry
        if field.name in self._beside:
            self.rows[field.name] = self.rows[self._beside[field.name]]
            self.rows[field.name].put_beside(field.label, entry.widget, field.help or "")
            return
        tail = field.unit or (field.help if field.control in _SHORT else None) or ""
        row = Row(field.label, entry.widget, help=field.help or "", unit=tail, is_wide=entry.is_wide)
        self.rows[field.name] = row
        if field.group is not None:
            fold = Fold(field.group)
            self.folds[fold] = []
            self._layout.addWidget(fold)
        if self.folds:
            fold = next(reversed(self.folds))
            self.folds[fold].append(field.name)
            fold.rows.addWidget(row)
        else:
            self._layout.addWidget(row)

    def _take(self, value: object) -> None:
        """What an entry tells goes to the place of its field."""
        entry = self.sender()
        assert isinstance(entry, Entry)
        self._document.put(self._prefix + entry.field.name, value, entry.field.label)

    def _follow(self, path: str) -> None:
        for name, entry in self.entries.items():
            place = self._prefix + name
            if not path or place == path or place.startswith((f"{path}.", f"{path}[")) or path.startswith(f"{place}."):
                entry.show_value(self._document.get(place))
        self._arrange()
        if not path:
            self._unfold()

    def _unfold(self) -> None:
        """Another job begins with the groups open in which it says something."""
        for fold, names in self.folds.items():
            fold.set_open(any(map(self._is_set, names)))

    def _arrange(self) -> None:
        """Show the fields that make sense with the others, and tell of each group how much of it is set."""
        for name, entry in self.entries.items():
            if name not in self._beside and entry.field.when:
                self.rows[name].setVisible(self._is_set(name) or name in self._wrong or self._makes_sense(entry.field))
        for fold, names in self.folds.items():
            fold.tell(sum(map(self._is_set, names)))

    def _is_set(self, name: str) -> bool:
        return self._document.get(self._prefix + name) is not ABSENT

    def _makes_sense(self, field: FormField) -> bool:
        return all(self._value(name) in values for name, values in field.when.items() if name in self.entries)

    def _value(self, name: str) -> object:
        value = self._document.get(self._prefix + name)
        return self.entries[name].field.default if value is ABSENT else value


def problem_at(problems: Sequence[Problem], path: str) -> Problem | None:
    """The worst problem of a field, or of a part of it."""
    met = [each for each in problems if each.field == path or each.field.startswith((f"{path}.", f"{path}["))]
    return next((each for each in met if each.is_error), met[0] if met else None)


def complain(row: Row, problem: Problem | None, document: Document) -> None:
    """Show a problem in a row, with its fix."""
    if problem is None:
        row.complain(None)
        return
    fix = problem.fix
    mend = None if fix is None else _Mend(document, problem).mend
    row.complain(problem.text, ERROR if problem.is_error else WARNING, fix.label if fix else None, mend)


class _Mend:
    """Puts the value of a fix into the document."""

    def __init__(self, document: Document, problem: Problem) -> None:
        self._document, self._problem = document, problem

    def mend(self) -> None:
        fix = self._problem.fix
        if fix is not None:
            self._document.put(fix.field, fix.value)


def field_of(path: str, names: Iterable[str]) -> str | None:
    """The field to which a path belongs."""
    return next((name for name in names if path == name or path.startswith((f"{name}.", f"{name}["))), None)
