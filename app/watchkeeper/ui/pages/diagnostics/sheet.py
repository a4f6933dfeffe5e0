"""The findings on the page: glyph, name, sentence, and below it what to do."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from watchkeeper.ui.pages.diagnostics.findings import Finding, Group
from watchkeeper.ui.theme import Role
from watchkeeper.ui.widgets.glyph import Glyph
from watchkeeper.ui.widgets.words import Label, line

NAME = 168
WIDEST = 760


class Sheet(QWidget):
    """Shows other findings in the same lines, so that nothing jumps; another number of them is laid out anew."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[_Line] = []
        self._shape: list[int] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(10)

    def show_groups(self, groups: Sequence[Group]) -> None:
        """Show these."""
        shape = [len(group.findings) for group in groups]
        if shape != self._shape:
            self._lay_out(groups)
            self._shape = shape
        findings = [finding for group in groups for finding in group.findings]
        for each, finding in zip(self._lines, findings, strict=True):
            each.show_finding(finding)

    def _lay_out(self, groups: Sequence[Group]) -> None:
        while (item := self._layout.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._lines = []
        for number, group in enumerate(groups):
            if number:
                self._layout.addSpacing(10)
            self._layout.addWidget(Label(group.title, Role.SECTION))
            self._layout.addWidget(line(is_soft=True))
            for _finding in group.findings:
                made = _Line()
                self._lines.append(made)
                self._layout.addWidget(made)


class _Line(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self._glyph = Glyph("status/success", 16)
        self._name, self._what = Label("", ink=2), Label("")
        self._remedy = Label("", Role.SMALL, ink=2)
        self._name.setFixedWidth(NAME)
        for label in (self._what, self._remedy):
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(2)
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(self._glyph, 0, 0, top)
        grid.addWidget(self._name, 0, 1, top)
        grid.addWidget(self._what, 0, 2, top)
        grid.addWidget(self._remedy, 1, 2)
        grid.setColumnStretch(2, 1)

    def show_finding(self, finding: Finding) -> None:
        self._glyph.show_icon(finding.glyph)
        self._name.say(finding.name)
        self._what.say(finding.what)
        self._remedy.setVisible(finding.remedy is not None)
        self._remedy.say(finding.remedy or "")
