"""Runs a job or a handler once: its parameters, as the job has them, in fields to be changed."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QScrollArea, QVBoxLayout, QWidget

from watchkeeper.model.errors import Known
from watchkeeper.model.form import Control, FormField
from watchkeeper.model.job import JobSpec
from watchkeeper.model.text import Text, _
from watchkeeper.ui.theme import Role, font
from watchkeeper.ui.widgets.choice import Choice
from watchkeeper.ui.widgets.dialog import PADDING, WIDE
from watchkeeper.ui.widgets.form import SPACING, Complaint, Row
from watchkeeper.ui.widgets.words import Button, Label
from watchkeeper.ui.words import shown

_TALLEST = 420
_LINES = 96
_SWITCH = (("true", _("yes")), ("false", _("no")))


class RunDialog(QWidget):
    """`start` gets what was changed; `refuse` tells the field of what the engine would not take."""

    done = Signal()

    def __init__(
        self,
        spec: JobSpec,
        fields: Sequence[FormField],
        start: Callable[["RunDialog", dict[str, str]], object],
        title: Text | None = None,
        fact: Text | None = None,
    ) -> None:
        """`title` and `fact` are those of a job if None."""
        super().__init__()
        title = title or _("Run {job} with parameters", job=spec.name)
        self.spec, self._start = spec, start
        self.setFixedWidth(WIDE)
        self.setAccessibleName(shown(title))
        self.entries = {field.name: _Entry(field, spec.params) for field in fields}
        self.complaint = Complaint(self)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(Button(_("Cancel"), self.done.emit))
        buttons.addWidget(Button(_("Run now"), self.take, kind="primary", icon="ui/play", hint="Ctrl+Enter"))
        rows = QWidget()
        inner = QVBoxLayout(rows)
        inner.setContentsMargins(0, 0, 8, 0)
        inner.setSpacing(SPACING)
        for entry in self.entries.values():
            inner.addWidget(entry.row)
        inner.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(rows)
        scroll.setWidgetResizable(True)
        scroll.setFixedHeight(min(_TALLEST, rows.sizeHint().height() + 8))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(PADDING, PADDING, PADDING, PADDING)
        layout.setSpacing(12)
        layout.addWidget(Label(title, Role.PANEL_TITLE))
        layout.addWidget(Label(fact or _("For this run only: the job stays as it is."), ink=2))
        layout.addWidget(scroll)
        layout.addWidget(self.complaint)
        layout.addLayout(buttons)
        if self.entries:
            self.setFocusProxy(next(iter(self.entries.values())).row.field)
        self.adjustSize()

    @property
    def changed(self) -> dict[str, str]:
        """The parameters that are not as the job has them, as words: the engine reads them."""
        return {name: entry.words for name, entry in self.entries.items() if entry.words != entry.before}

    def take(self) -> None:
        """Start the run, if the engine takes the parameters."""
        self._start(self, self.changed)

    def refuse(self, refusal: Known) -> None:
        """Say it at its field, else below."""
        about, what = _name_of(refusal.text)
        for name, entry in self.entries.items():
            entry.row.complain(what if name == about else None)
        self.complaint.say(None if about in self.entries else what)
        self.resize(self.width(), self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return self.take()
        super().keyPressEvent(event)


class _Entry:
    """A parameter as words."""

    def __init__(self, field: FormField, params: Mapping[str, Any]) -> None:
        self.before = _words(params.get(field.name, field.default))
        self._edit = _edit_of(field, self.before)
        self._edit.setAccessibleName(shown(field.label))
        self.row = Row(field.label, self._edit, help=field.help or "", unit=field.unit or "", is_wide=True)

    @property
    def words(self) -> str:
        """As they are now."""
        if isinstance(self._edit, Choice):
            return _words(self._edit.value)
        return self._edit.text() if isinstance(self._edit, QLineEdit) else self._edit.toPlainText()


def _edit_of(field: FormField, words: str) -> "Choice | QLineEdit | QPlainTextEdit":
    if field.control is Control.SWITCH or (field.control is Control.CHOICE and field.options):
        given = [(_words(option.value), option.label) for option in field.options] or list(_SWITCH)
        choice = Choice(field.label, given)
        choice.show_value(words)
        return choice
    if field.control is Control.LINES or "\n" in words:
        text = QPlainTextEdit(words)
        text.setFixedHeight(_LINES)
        text.setTabChangesFocus(True)
        text.setFont(font(Role.MONO))
        return text
    line = QLineEdit(words)
    line.setFixedHeight(32)
    line.setPlaceholderText(field.placeholder)
    if field.is_secret and not field.is_secret_name:
        line.setEchoMode(QLineEdit.EchoMode.PasswordEchoOnEdit)
    return line


def _words(value: Any) -> str:
    """A value as it is written on a command line."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _name_of(text: Text) -> tuple[str, Text]:
    """Which parameter a refusal is about, and what is wrong with it."""
    what = text.values.get("what")
    inner = what if isinstance(what, Text) and text.values.get("place") == "params" else text
    return str(inner.values.get("name", "")), inner
