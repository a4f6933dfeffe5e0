"""A part of the editor that is nothing but a form."""

from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from watchkeeper.action.draft import Problem
from watchkeeper.model.form import FormField
from watchkeeper.model.text import Text
from watchkeeper.ui.pages.job.document import Document
from watchkeeper.ui.pages.job.form import Form, Make
from watchkeeper.ui.theme import Role
from watchkeeper.ui.widgets.form import WIDEST
from watchkeeper.ui.widgets.words import Label


class PlainSection(QWidget):
    """`groups`: the fields under a title each; the first title is the part's own."""

    def __init__(
        self,
        document: Document,
        groups: Sequence[tuple[Text, Sequence[FormField]]],
        makers: Mapping[str, Make] | None = None,
    ) -> None:
        super().__init__()
        self.forms: list[Form] = []
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(14)
        for number, (title, fields) in enumerate(groups):
            if number:
                layout.addSpacing(8)
            layout.addWidget(Label(title, Role.SECTION if number else Role.PANEL_TITLE))
            form = Form(document, fields, makers=makers)
            self.forms.append(form)
            layout.addWidget(form)
        self.setMaximumWidth(WIDEST)

    def faults(self) -> Iterable[Problem]:
        """What was entered and can't be a value."""
        return [fault for form in self.forms for fault in form.faults()]

    def complain(self, problems: Sequence[Problem]) -> None:
        """Show each problem beside its field."""
        for form in self.forms:
            form.complain(problems)

    def focus_field(self, path: str) -> None:
        """Give the keyboard to the field of a path."""
        for form in self.forms:
            if form.focus(path):
                return
