"""A row of a form: label, control, what is counted or meant behind it, and below it the sentence of what is wrong."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from watchkeeper.model.text import Text
from watchkeeper.ui.theme import Role
from watchkeeper.ui.widgets.glyph import Glyph
from watchkeeper.ui.widgets.pairs import set_wrong
from watchkeeper.ui.widgets.words import Button, Label
from watchkeeper.ui.words import Spoken, shown

LABEL = 112
WIDEST = 640
#: Between the tops of two rows of one line, with controls of 32.
SPACING = 12
ERROR, WARNING = "status/failed", "status/late"


class Complaint(Spoken, QWidget):
    """Glyph, sentence, and at the right a link that puts it right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._glyph = Glyph(ERROR, 14)
        self._mend: Callable[[], None] | None = None
        self.sentence = Label("", Role.SMALL)
        self.sentence.setWordWrap(True)
        self.sentence.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.fix = Button("", self._fix, kind="inline")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 2, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(_lowered(self._glyph, 2))
        layout.addWidget(self.sentence, 1)
        layout.addWidget(self.fix, alignment=Qt.AlignmentFlag.AlignTop)
        self.hide()

    def say(
        self, text: Text | None, glyph: str = ERROR, fix: Text | None = None, mend: Callable[[], None] | None = None
    ) -> None:
        """Show a sentence, or nothing."""
        self.setVisible(text is not None)
        if text is None:
            return
        self._mend = mend
        self._glyph.show_icon(glyph)
        self.sentence.say(text)
        self.fix.setVisible(fix is not None)
        if fix is not None:
            self.fix.say(fix)

    def _fix(self) -> None:
        if self._mend is not None:
            self._mend()


class Row(Spoken, QWidget):
    """`field` is the control; `fields` beside it stand in the same line. The label is its buddy and tells its help."""

    def __init__(
        self,
        label: Text | str,
        field: QWidget,
        *,
        help: Text | str = "",
        unit: Text | str = "",
        more: tuple[QWidget, ...] = (),
        is_wide: bool = False,
        label_width: int = LABEL,
    ) -> None:
        super().__init__()
        self.field, self._help = field, help
        self.label = Label(label, ink=2)
        self.label.setFixedWidth(label_width - 8)
        self.label.setMinimumHeight(32)
        self.label.setWordWrap(True)
        self.label.setBuddy(field)
        self.unit = Label(unit, Role.SMALL, ink=2, parent=self)
        self.unit.setVisible(bool(unit))
        self.complaint = Complaint()
        line = self._line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(field, 1 if is_wide else 0)
        for widget in more:
            line.addWidget(widget)
        if unit:
            line.addWidget(self.unit, 0 if is_wide else 1)
        elif not is_wide:
            line.addStretch(1)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(2)
        grid.addWidget(self.label, 0, 0, Qt.AlignmentFlag.AlignTop)
        grid.addLayout(line, 0, 1)
        grid.addWidget(self.complaint, 1, 1)
        grid.setColumnStretch(1, 1)
        self.setMaximumWidth(WIDEST)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.retranslate()

    def put_beside(self, label: Text | str, field: QWidget, help: Text | str) -> None:
        """Another field in the same line, with its label before it."""
        words = Label(label, ink=2)
        words.setToolTip(shown(help))
        field.setToolTip(shown(help))
        self._line.insertWidget(1, words)
        self._line.insertWidget(2, field)

    def retranslate(self) -> None:
        told = shown(self._help)
        for widget in (self.label, self.field):
            widget.setToolTip(told)
        if told:
            self.field.setAccessibleDescription(told)

    def complain(
        self, text: Text | None, glyph: str = ERROR, fix: Text | None = None, mend: Callable[[], None] | None = None
    ) -> None:
        """Say what is wrong with the field, or nothing."""
        self.complaint.say(text, glyph, fix, mend)
        set_wrong(self.field, text is not None and glyph == ERROR)
        self.field.setAccessibleDescription(shown(text if text is not None else self._help))


def column(*, spacing: int = SPACING) -> QVBoxLayout:
    """Rows under each other."""
    made = QVBoxLayout()
    made.setContentsMargins(0, 0, 0, 0)
    made.setSpacing(spacing)
    return made


def narrowed(inside: QWidget, widest: int) -> QWidget:
    """At the left of what holds it, never wider, and as high as it is at its own width.

    A vertical box asks for heights at the width of all, however narrow what is in it may be, and words that wrap would
    lack a line.
    """
    inside.setMaximumWidth(widest)
    holder = QWidget()
    layout = QHBoxLayout(holder)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    layout.addWidget(inside, 1)
    layout.addStretch(0)
    return holder


def _lowered(widget: QWidget, by: int) -> QVBoxLayout:
    """At the top, a little lower: beside the first line of words."""
    made = QVBoxLayout()
    made.setContentsMargins(0, by, 0, 0)
    made.addWidget(widget)
    made.addStretch(1)
    return made
