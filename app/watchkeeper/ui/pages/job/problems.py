"""What is wrong and what is doubtful, one row each: a click goes to the field, the link puts it right."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from watchkeeper.action.draft import Fix, Problem
from watchkeeper.model.text import Text, _, plural
from watchkeeper.ui import icons
from watchkeeper.ui.glyphs import color_of
from watchkeeper.ui.theme import Role, font, tokens
from watchkeeper.ui.theme.style import draw_focus
from watchkeeper.ui.widgets.form import ERROR, WARNING
from watchkeeper.ui.widgets.words import Button, IconButton, Label, plain
from watchkeeper.ui.words import Spoken, shown

ROW = 32
#: Rows that are seen without scrolling.
MOST = 4


class _Line(Spoken, QWidget):
    """One problem."""

    def __init__(self, problem: Problem, place: Text, panel: "ProblemsPanel") -> None:
        super().__init__()
        self._problem, self._place, self._panel = problem, place, panel
        self.setFixedHeight(ROW)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 16, 0)
        layout.addStretch(1)
        self.fix = None if problem.fix is None else Button(problem.fix.label, self._mend, kind="inline")
        if self.fix is not None:
            layout.addWidget(self.fix)
        self.retranslate()

    def retranslate(self) -> None:
        self.setAccessibleName(f"{shown(self._problem.text)} {shown(self._place)}")
        self.setToolTip(shown(self._problem.text))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        t, painter = tokens(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse():
            painter.fillRect(self.rect(), t.hover)
        glyph = ERROR if self._problem.is_error else WARNING
        color = color_of(glyph)
        if color is not None:
            icons.paint(painter, glyph, color, QRectF(20, 9, 14, 14))
        words, place = shown(self._problem.text), shown(self._place)
        end = self.width() - 16 - (self.fix.width() + 12 if self.fix is not None else 0)
        small = font(Role.SMALL, place)
        room = end - 46 - 12 - QFontMetricsF(small).horizontalAdvance(place)
        painter.setFont(font(Role.BODY, words))
        painter.setPen(t.text)
        metrics = QFontMetricsF(painter.font())
        cut = metrics.elidedText(words, Qt.TextElideMode.ElideRight, max(room, 60))
        painter.drawText(QRectF(46, 0, end - 46, ROW), Qt.AlignmentFlag.AlignVCenter, cut)
        painter.setFont(small)
        painter.setPen(t.text_2)
        left = 46 + metrics.horizontalAdvance(cut) + 12
        painter.drawText(QRectF(left, 0, end - left, ROW), Qt.AlignmentFlag.AlignVCenter, place)
        if self.hasFocus():
            draw_focus(painter, QRectF(self.rect()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._panel.opened.emit(self._problem.field)

    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()

    def leaveEvent(self, event: object) -> None:
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._panel.opened.emit(self._problem.field)
            return
        super().keyPressEvent(event)

    def _mend(self) -> None:
        self._panel.mended.emit(self._problem.fix)


class ProblemsPanel(QWidget):
    """Below the editor; hidden while there is nothing to tell."""

    #: The field of a problem that was clicked.
    opened = Signal(str)
    #: A fix that was asked for.
    mended = Signal(Fix)

    def __init__(self) -> None:
        super().__init__()
        self._title = Label("", Role.SMALL_STRONG)
        self._fold = IconButton("ui/chevron-down", _("Fold the problems"), self._toggle)
        self._body = plain(QWidget(), 1)
        self._rows = QVBoxLayout(self._body)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(0)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setWidget(self._body)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        head = QHBoxLayout()
        head.setContentsMargins(16, 2, 12, 2)
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self._fold)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 1, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self._area)
        self._lines: list[_Line] = []
        self.hide()

    @property
    def lines(self) -> int:
        """How many problems are told."""
        return len(self._lines)

    def show_problems(self, problems: Sequence[tuple[Problem, Text]]) -> None:
        """Show these, each with the words for its field."""
        for line in self._lines:
            line.setParent(None)
            line.deleteLater()
        self._lines = [_Line(problem, place, self) for problem, place in problems]
        for line in self._lines:
            self._rows.addWidget(line)
        self._title.say(plural("{n} problem", "{n} problems", len(problems)))
        self._area.setFixedHeight(ROW * min(len(problems), MOST) + 4)
        self.setVisible(bool(problems))

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(QRectF(0, 0, self.width(), 1), tokens().border)

    def _toggle(self) -> None:
        self._area.setVisible(self._area.isHidden())
        self._fold.set_icon("ui/chevron-up" if self._area.isHidden() else "ui/chevron-down")
