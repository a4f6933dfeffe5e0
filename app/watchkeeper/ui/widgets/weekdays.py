"""The days of the week as seven buttons, Monday first."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from watchkeeper.model.text import _
from watchkeeper.ui.theme import Role, font, tokens
from watchkeeper.ui.theme.style import draw_focus
from watchkeeper.ui.words import Spoken, locale, shown

#: Monday is 1, Sunday is 7.
DAYS = range(1, 8)


class Day(Spoken, QAbstractButton):
    """One of them."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self._number = number
        self.setCheckable(True)
        self.setFixedSize(40, 32)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.retranslate()

    def retranslate(self) -> None:
        self.setText(short_day(self._number))
        whole = locale().standaloneDayName(self._number)
        self.setAccessibleName(whole)
        self.setToolTip(whole)

    def paintEvent(self, event: QPaintEvent) -> None:
        t, painter = tokens(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_on = self.isChecked()
        painter.setPen(t.accent if is_on else t.border_strong if self.underMouse() else t.border)
        painter.setBrush(t.selection if is_on else t.field)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.setPen(t.accent if is_on else t.text_2)
        painter.setFont(font(Role.STRONG if is_on else Role.BODY, self.text()))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
        if self.hasFocus():
            draw_focus(painter, QRectF(self.rect()))


class Weekdays(Spoken, QWidget):
    """Which days are chosen, as a set of 1 (Monday) to 7."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.days = {number: Day(number) for number in DAYS}
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        for day in self.days.values():
            layout.addWidget(day)
            day.clicked.connect(self._tell)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.retranslate()

    @property
    def value(self) -> frozenset[int]:
        return frozenset(number for number, day in self.days.items() if day.isChecked())

    def show_value(self, days: frozenset[int]) -> None:
        """Choose days without telling."""
        for number, day in self.days.items():
            day.setChecked(number in days)

    def retranslate(self) -> None:
        self.setAccessibleName(shown(_("Weekdays")))

    def sizeHint(self) -> QSize:
        return QSize(7 * 40 + 6 * 6, 32)

    def _tell(self) -> None:
        self.chosen.emit(self.value)


def short_day(number: int) -> str:
    """Monday is 1: one letter or character where the language has one that is plain, else three."""
    name = locale().standaloneDayName(number, locale().FormatType.ShortFormat)
    return name.removeprefix("周") if name.startswith("周") else name[:3]
