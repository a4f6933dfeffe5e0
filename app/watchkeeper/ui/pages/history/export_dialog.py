"""Asks how runs are to be exported, before it is asked where."""

from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from watchkeeper.model.text import Text, _
from watchkeeper.ui.pages.history.export import Form
from watchkeeper.ui.theme import Role
from watchkeeper.ui.widgets.dialog import Dialog
from watchkeeper.ui.widgets.segmented import Segmented
from watchkeeper.ui.widgets.words import Label
from watchkeeper.ui.words import language

FORMS: dict[Form, tuple[Text, Text]] = {
    Form.CSV: (_("CSV"), _("A line for each run in UTF-8, for scripts and databases.")),
    Form.EXCEL: (_("CSV for Excel"), _("The same with the mark by which Excel knows UTF-8: Chinese stays readable.")),
    Form.JSON: (_("JSON"), _("A list of objects, with parameters and outputs as they are.")),
}


class ExportForm(QWidget):
    """Which form, and what it is good for."""

    def __init__(self, count: Text) -> None:
        super().__init__()
        choices = [(str(form), title) for form, (title, _told) in FORMS.items()]
        self.form = Segmented(choices, self._tell, name=_("Form"))
        self._hint = Label("", Role.SMALL, ink=2)
        self._hint.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        words = Label(count, Role.BODY, ink=2)
        words.setWordWrap(True)
        for widget in (words, self.form, self._hint):
            layout.addWidget(widget)
        self.form.choose(str(Form.EXCEL if language() == "zh_CN" else Form.CSV))
        self._tell()

    @property
    def chosen(self) -> Form:
        """How it is to be written."""
        return Form(self.form.chosen)

    def _tell(self) -> None:
        self._hint.say(FORMS[self.chosen][1])


def export_dialog(count: Text, choose_file: Callable[[Form], None]) -> Dialog:
    """Put it under a Veil; `choose_file` is called with the form."""
    form = ExportForm(count)
    return Dialog(_("Export runs"), form, ((_("Choose a file…"), lambda: choose_file(form.chosen)),))
