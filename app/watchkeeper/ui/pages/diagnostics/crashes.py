"""What mistakes of the console left: a line for each report, to be read, copied, saved, forgotten."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from watchkeeper.model.text import _, plural
from watchkeeper.ui.crash import Reporter
from watchkeeper.ui.theme import Role
from watchkeeper.ui.widgets.lines import Line, Lines, Link
from watchkeeper.ui.widgets.words import Button, Label, line

#: Bytes of a report that are read.
_MOST = 1_000_000


class Crashes(QWidget):
    """`show_report`, `copy` and `save` are given a report's file."""

    def __init__(
        self,
        folder: Path | None,
        show_report: Callable[[Path], object],
        copy: Callable[[Path], object],
        save: Callable[[Path], object],
    ) -> None:
        super().__init__()
        self._reporter = None if folder is None else Reporter(folder)
        self._deeds = (show_report, copy, save)
        self._fact = Label("", Role.SMALL, ink=2)
        self.lines = Lines(_("No mistake of the console is waiting to be looked at."))
        self.lines.call(_("Mistakes of the console"))
        self.forget = Button(_("Forget them all"), self._forget, icon="ui/trash")
        top = QHBoxLayout()
        top.addWidget(Label(_("Mistakes of the console"), Role.SECTION))
        top.addWidget(self._fact, 1)
        top.addWidget(self.forget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 10, 0, 0)
        layout.setSpacing(10)
        layout.addLayout(top)
        layout.addWidget(line(is_soft=True))
        layout.addWidget(self.lines)
        self.show_all()

    def reports(self) -> list[Path]:
        """Newest first."""
        return [] if self._reporter is None else self._reporter.reports()

    def show_all(self) -> None:
        """Look what is there."""
        found = self.reports()
        self.lines.set_lines([self._line(file) for file in found])
        self.lines.setFixedHeight(max(40, 32 * len(found)))
        told = plural("{n} report, nothing leaves this machine", "{n} reports, nothing leaves this machine", len(found))
        self._fact.say(told)
        self._fact.setVisible(bool(found))
        self.forget.setVisible(bool(found))

    def _line(self, file: Path) -> Line:
        show_report, copy, save = (partial(deed, file) for deed in self._deeds)
        links = (Link(_("Show"), show_report), Link(_("Copy"), copy), Link(_("Save…"), save))
        return Line(file.name, "status/failed", links=links, open=show_report, is_mono=True)

    def _forget(self) -> None:
        if self._reporter is not None:
            self._reporter.forget()
        self.show_all()


def read(file: Path) -> str:
    """A report; what is no text in it is written as \\\\x.."""
    with file.open("rb") as content:
        return content.read(_MOST).decode("utf-8", "backslashreplace")
