"""The part about the command: what carries the job out, and the form of that handler's own parameters."""

from collections.abc import Iterable, Sequence
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from watchkeeper.action.draft import Problem
from watchkeeper.action.handlers import Handler
from watchkeeper.model.form import ABSENT, Control, FormField
from watchkeeper.model.job_form import job_fields
from watchkeeper.model.text import _
from watchkeeper.ui.pages.job.document import Document
from watchkeeper.ui.pages.job.form import Form, complain, problem_at
from watchkeeper.ui.theme import Role
from watchkeeper.ui.widgets.entries import ChoiceEntry, CodeEntry, DataEntry, Entry, LineEntry, TableEntry
from watchkeeper.ui.widgets.form import SPACING, WIDEST, Row
from watchkeeper.ui.widgets.segmented import Segmented
from watchkeeper.ui.widgets.words import Label
from watchkeeper.ui.words import Spoken

#: Parameters of which a job gives one, by the handler: shown one at a time.
_EITHER = {"shell": ("script", "argv")}
_SCRIPT_HEIGHT = 260
#: The parameter of those that start a program which gives variables the names of secrets.
_OF_SECRETS = "secrets"


class CommandSection(Spoken, QWidget):
    """Handlers are read from the engine; until then the parameters are plain data."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self._handlers: dict[str, Handler] = {}
        self._shown: Handler | None = None
        self._form: Form | None = None
        self._either = self._wanted = ""
        self._secrets: tuple[str, ...] = ()
        field = next(field for field in job_fields() if field.name == "handler")
        self.handler = ChoiceEntry(field)
        self.handler.setParent(self)
        self.handler.edited.connect(self._take_handler)
        self.row = Row(field.label, self.handler.widget, help=field.help or "")
        ways = [("script", _("Script")), ("argv", _("Program and arguments"))]
        self.either = Segmented(ways, self._take_either, name=_("Given as"))
        self.either_row = Row(_("Given as"), self.either)
        self._slot = QVBoxLayout()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addWidget(Label(_("Command"), Role.PANEL_TITLE))
        layout.addSpacing(2)
        layout.addWidget(self.row)
        layout.addWidget(self.either_row)
        layout.addLayout(self._slot)
        self.setMaximumWidth(WIDEST)
        document.changed.connect(self._follow)
        self.show_all()

    def offer(self, handlers: Sequence[Handler]) -> None:
        """The handlers that there are."""
        known = {each.kind: each for each in handlers}
        if known != self._handlers:
            self._handlers = known
            self.handler.offer([(each.kind, each.title) for each in handlers])
            self._shown = None
            self.show_all()

    def offer_secrets(self, names: Sequence[str]) -> None:
        """The names of the secrets that there are, for the fields that take one."""
        self._secrets = tuple(names)
        self._complete()

    def faults(self) -> Iterable[Problem]:
        """What was entered and can't be a value."""
        return self._form.faults() if self._form is not None else ()

    def complain(self, problems: Sequence[Problem]) -> None:
        """Show each problem beside its field; what is wrong with the parameters as a whole beside the handler."""
        if self._form is not None:
            self._form.complain(problems)
        named = self._form.paths if self._form is not None else set()
        whole = [each for each in problems if each.field == "params" or _is_unnamed(each.field, named)]
        complain(self.row, problem_at(problems, "handler") or (whole[0] if whole else None), self._document)

    def focus_field(self, path: str) -> None:
        """Give the keyboard to the field of a path."""
        if self._form is None or not self._form.focus(path):
            self.handler.widget.setFocus()

    def show_all(self) -> None:
        """Show what the document says."""
        kind = self._document.get("handler")
        self.handler.show_value(None if kind is ABSENT else kind)
        handler = self._handlers.get(str(kind))
        self.either_row.setVisible(handler is not None and handler.kind in _EITHER)
        either = self._chosen(handler)
        if self._form is None or handler is not self._shown or either != self._either:
            self._make(handler, either)
        if either:
            self.either.show_choice(either)
        self._dress()

    def _chosen(self, handler: Handler | None) -> str:
        """Which of the parameters that exclude each other is given."""
        if handler is None or handler.kind not in _EITHER:
            return ""
        given = [name for name in _EITHER[handler.kind] if self._document.get(f"params.{name}") is not ABSENT]
        return given[0] if given else self._wanted or _EITHER[handler.kind][0]

    def _make(self, handler: Handler | None, either: str) -> None:
        self._shown, self._either = handler, either
        if self._form is not None:
            self._form.setParent(None)
            self._form.deleteLater()
        if handler is None:
            data = FormField(name="params", control=Control.DATA, label=_("Parameters"), default={})
            self._form = Form(self._document, [data], makers={"params": DataEntry})
        else:
            hidden = [name for name in _EITHER.get(handler.kind, ()) if name != either]
            hidden += ["interpreter"] if either == "argv" else []
            fields = [field for field in handler.fields if field.name not in hidden]
            makers = {field.name: _script if field.name == "script" else _long for field in fields if _is_code(field)}
            self._form = Form(self._document, fields, prefix="params.", makers=makers)
        self._slot.addWidget(self._form)
        self._complete()

    def _complete(self) -> None:
        """Whoever types the name of a secret is helped."""
        for entry in self._form.entries.values() if self._form is not None else ():
            if isinstance(entry, LineEntry) and entry.field.is_secret_name:
                entry.offer(self._secrets)
            elif isinstance(entry, TableEntry) and entry.field.name == _OF_SECRETS:
                entry.pairs.offer(self._secrets)

    def _dress(self) -> None:
        """A script is read as its interpreter reads it."""
        entry = self._form.entries.get("script") if self._form is not None else None
        if isinstance(entry, CodeEntry):
            entry.code.set_language(self._language())

    def _language(self) -> str:
        if self._shown is not None and self._shown.kind == "python":
            return "python"
        interpreter = self._document.get("params.interpreter")
        return "sh" if interpreter is ABSENT else str(interpreter)

    def _take_handler(self, kind: Any) -> None:
        """The parameters that the new handler has as well stay."""
        handler = self._handlers.get(str(kind))
        before = self._document.get("params")
        known = {field.name for field in handler.fields} if handler else set()
        self._document.stack.beginMacro("")
        self._document.put("handler", kind, _("Handler"))
        if isinstance(before, dict):
            self._document.put("params", {name: value for name, value in before.items() if name in known})
        self._document.stack.endMacro()

    def _take_either(self) -> None:
        name = self.either.chosen
        before = self._document.get("params")
        kept = dict(before) if isinstance(before, dict) else {}
        old = kept.pop(self._either, None)
        if name == "argv":
            kept.pop("interpreter", None)
        if old:
            kept[name] = _turned(old)
        self._wanted = name
        self._document.put("params", kept, _("Given as"))
        self.show_all()

    def _follow(self, path: str) -> None:
        if not path or path.startswith(("handler", "params")):
            self.show_all()


def _turned(old: Any) -> Any:
    """A script of one plain line as a program with arguments, and the other way round."""
    import shlex

    if isinstance(old, str):
        try:
            return shlex.split(old) if "\n" not in old.strip() else [old]
        except ValueError:
            return [old]
    return shlex.join(map(str, old))


def _is_code(field: FormField) -> bool:
    return field.control is Control.LINES


def _script(field: FormField) -> Entry:
    return CodeEntry(field, "sh", _SCRIPT_HEIGHT)


def _long(field: FormField) -> Entry:
    return CodeEntry(field, "", 84)


def _is_unnamed(path: str, named: Iterable[str]) -> bool:
    return path.startswith("params.") and not any(path == name or path.startswith(f"{name}.") for name in named)
