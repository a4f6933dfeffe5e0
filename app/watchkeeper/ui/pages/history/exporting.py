"""One export after the other: asked for, under way with how far it is, given up or done."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QProgressBar, QWidget

from watchkeeper.action.history import RunPage
from watchkeeper.model.text import Text, _, plural
from watchkeeper.ui.clock import now
from watchkeeper.ui.console import Console
from watchkeeper.ui.pages.history.export import Form, export
from watchkeeper.ui.pages.history.export_dialog import export_dialog
from watchkeeper.ui.tasks import Tasks
from watchkeeper.ui.theme import Role
from watchkeeper.ui.widgets.words import Button, Label
from watchkeeper.ui.words import locale, shown

_PARTS = 1_000


class Exporting:
    """`bar` is seen while one is under way."""

    def __init__(self, console: Console, tasks: Tasks) -> None:
        self._console, self._tasks = console, tasks
        self._words, self._meter = Label("", Role.SMALL, ink=2), QProgressBar()
        self._meter.setRange(0, _PARTS)
        self._meter.setTextVisible(False)
        self._meter.setFixedWidth(140)
        self.cancel = Button(_("Cancel"), self.give_up, kind="ghost", icon="ui/close")
        self.bar = QWidget()
        layout = QHBoxLayout(self.bar)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        for widget in (self._meter, self._words, self.cancel):
            layout.addWidget(widget)
        self.bar.hide()
        self._under_way: object = None

    def ask(self, given: Mapping[str, Any], found: RunPage) -> None:
        """How, then where."""
        self._console.lay_over(export_dialog(_count_words(found), partial(self._choose_file, given)))

    def begin(self, given: Mapping[str, Any], form: Form, file: str) -> None:
        """Write them there; one that is under way is given up for it."""
        self._tasks.start(self._exported(given, form, Path(file)), "export")

    def give_up(self) -> None:
        """Write no further; what was written is taken away."""
        self._tasks.start(self._given_up(), "export")

    def _choose_file(self, given: Mapping[str, Any], form: Form) -> None:
        name = f"runs-{now():%Y%m%d-%H%M}{form.suffix}"
        dialog = QFileDialog(self.bar.window(), shown(_("Export runs")), name)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(form.suffix.removeprefix("."))
        dialog.fileSelected.connect(partial(self.begin, given, form))
        dialog.open()

    async def _exported(self, given: Mapping[str, Any], form: Form, file: Path) -> None:
        mine = self._under_way = object()
        self._tell(0, 0)
        self.bar.show()
        try:
            count = await export(self._console.desk, given, file, form, self._console.zone(), self._tell)
        finally:
            # Another one may have begun for which this one was given up.
            self.bar.setVisible(self._under_way is not mine)
        said = plural("{n} run exported to {file}", "{n} runs exported to {file}", count, file=str(file))
        self._console.toast(said, glyph="status/success")

    async def _given_up(self) -> None:
        self._console.toast(_("The export was given up; no file is left"))

    def _tell(self, done: int, total: int) -> None:
        self._meter.setValue(round(_PARTS * done / total) if total else 0)
        written, of = (locale().toString(number) for number in (done, total))
        self._words.say(_("{done} of {total} runs exported", done=written, total=of) if total else _("Exporting…"))


def _count_words(found: RunPage) -> Text:
    count = locale().toString(found.total)
    if found.is_exact:
        return plural(
            "{count} run fits the filter; it is written, newest first.",
            "{count} runs fit the filter; all of them are written, newest first.",
            found.total,
            count=count,
        )
    return _("About {count} runs fit the filter; all of them are written, newest first.", count=count)
