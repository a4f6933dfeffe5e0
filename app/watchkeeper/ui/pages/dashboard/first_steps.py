"""The card of the first steps: those that are done, the one to do now with its buttons, those that follow."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from watchkeeper.model.text import _
from watchkeeper.ui import icons
from watchkeeper.ui.glyphs import color_of
from watchkeeper.ui.pages.dashboard.steps import Step
from watchkeeper.ui.theme import Role, font, tokens
from watchkeeper.ui.widgets.words import Button, IconButton, Label, line
from watchkeeper.ui.words import Spoken, shown

WIDTH = 420
_MARK = 18


class FirstSteps(Spoken, QFrame):
    """`do` carries out the deed of a way by its name."""

    def __init__(
        self, do: Callable[[str], None], put_away: Callable[[], object], read_guide: Callable[[], object]
    ) -> None:
        super().__init__()
        self._do = do
        self.steps: list[Step] = []
        self.buttons: list[Button] = []
        self.setProperty("kind", "card")
        self.setFixedWidth(WIDTH)
        self._count = Label("", Role.SMALL, ink=2)
        self._progress = Progress()
        self._away = IconButton("ui/close", _("Put this list away"), put_away)
        self._list = QVBoxLayout()
        self._list.setContentsMargins(7, 0, 7, 0)
        self._list.setSpacing(0)
        self._lay_out(Button(_("Ten minutes to begin with"), read_guide, kind="link", icon="ui/book"))

    @property
    def current(self) -> int:
        """The first one that is not done; -1 when all are."""
        return next((number for number, step in enumerate(self.steps) if not step.is_done), -1)

    def take(self, steps: Sequence[Step]) -> None:
        """Show how far somebody is."""
        if list(steps) == self.steps:
            return
        had_keyboard = any(button.hasFocus() for button in self.buttons)
        self.steps = list(steps)
        self._show()
        if had_keyboard:
            self.take_keyboard()

    def take_keyboard(self) -> bool:
        """Give the keyboard to what is to be done now; False when nothing is."""
        if not self.buttons:
            return False
        self.buttons[0].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def retranslate(self) -> None:
        done = sum(step.is_done for step in self.steps)
        self._count.say(_("{n} of {most} done", n=done, most=len(self.steps)))
        self.setAccessibleName(shown(_("First steps")))
        self.setAccessibleDescription(self._count.text())

    def _show(self) -> None:
        while (item := self._list.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.buttons = []
        for number, step in enumerate(self.steps):
            self._list.addWidget(self._row(number, step))
        self._progress.show_share(sum(step.is_done for step in self.steps) / max(1, len(self.steps)))
        self.retranslate()

    def _row(self, number: int, step: Step) -> QWidget:
        if number != self.current:
            return StepRow(number + 1, step, ())
        buttons = [
            Button(way.title, self._deed(way.deed), kind="secondary" if place else "primary", icon=way.icon)
            for place, way in enumerate(step.ways)
        ]
        self.buttons = buttons
        return StepRow(number + 1, step, buttons, is_current=True)

    def _deed(self, name: str) -> Callable[[], None]:
        return lambda: self._do(name)

    def _lay_out(self, guide: Button) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(15, 10, 10, 6)
        top.addWidget(Label(_("First steps"), Role.SECTION))
        top.addStretch(1)
        top.addWidget(self._count)
        top.addWidget(self._away)
        bar = QHBoxLayout()
        bar.setContentsMargins(15, 0, 15, 14)
        bar.addWidget(self._progress)
        below = QHBoxLayout()
        below.setContentsMargins(10, 6, 10, 6)
        below.addWidget(guide)
        below.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addLayout(bar)
        layout.addLayout(self._list)
        layout.addStretch(1)
        layout.addWidget(line())
        layout.addLayout(below)


class StepRow(QFrame):
    """A mark, a title and a sentence; the one to do now stands in a box with its buttons."""

    def __init__(self, number: int, step: Step, buttons: Sequence[Button], *, is_current: bool = False) -> None:
        super().__init__()
        self.setProperty("kind", "box" if is_current else "")
        words = QVBoxLayout()
        words.setContentsMargins(0, 12, 0, 12)
        words.setSpacing(2)
        words.addWidget(Label(step.title, Role.SECTION if is_current else Role.BODY))
        text = Label(step.text, Role.BODY if is_current else Role.SMALL, ink=2)
        text.setWordWrap(True)
        words.addWidget(text)
        if buttons:
            row = QHBoxLayout()
            row.setContentsMargins(0, 12, 0, 4)
            row.setSpacing(8)
            for button in buttons:
                row.addWidget(button)
            row.addStretch(1)
            words.addLayout(row)
        if not is_current:
            words.addSpacing(0)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 0, 12, 0)
        layout.setSpacing(14)
        marks = QVBoxLayout()
        marks.setContentsMargins(0, 13, 0, 0)
        marks.addWidget(Mark(number, step.is_done, is_current))
        marks.addStretch(1)
        layout.addLayout(marks)
        layout.addLayout(words, 1)


class Mark(QWidget):
    """A check, or the number in a ring."""

    def __init__(self, number: int, is_done: bool, is_current: bool) -> None:
        super().__init__()
        self._number, self._is_done, self._is_current = number, is_done, is_current
        self.setFixedSize(QSize(_MARK, _MARK))
        self.setAccessibleName(shown(_("done") if is_done else _("step {n}", n=number)))

    def paintEvent(self, event: QPaintEvent) -> None:
        t, painter = tokens(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._is_done:
            icons.paint(painter, "status/success", color_of("status/success") or t.text_2, QRectF(0, 0, _MARK, _MARK))
            return
        color = t.accent if self._is_current else t.border_strong
        painter.setPen(QPen(color, 1.5))
        painter.drawEllipse(QRectF(1, 1, _MARK - 2, _MARK - 2))
        painter.setFont(font(Role.CAPTION_STRONG))
        painter.setPen(t.accent if self._is_current else t.text_2)
        painter.drawText(QRectF(0, 0, _MARK, _MARK), Qt.AlignmentFlag.AlignCenter, str(self._number))


class Progress(QWidget):
    """A bar of 4 px."""

    def __init__(self) -> None:
        super().__init__()
        self._share = 0.0
        self.setFixedHeight(4)

    def show_share(self, share: float) -> None:
        """So much is done, 0 to 1."""
        self._share = share
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        t, painter = tokens(), QPainter(self)
        painter.fillRect(self.rect(), t.track)
        painter.fillRect(QRectF(0, 0, self.width() * self._share, self.height()), t.accent)
