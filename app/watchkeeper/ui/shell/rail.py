"""The left rail: one cell of 40 px for each page, the current one with a bar at the edge."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QVBoxLayout, QWidget

from watchkeeper.model.text import Text
from watchkeeper.ui import icons
from watchkeeper.ui.theme import tokens
from watchkeeper.ui.widgets.words import line, plain
from watchkeeper.ui.words import Spoken, shown

WIDTH = 48
CELL = 40


class Cell(Spoken, QAbstractButton):
    """A page's icon; a badge shows that something there wants attention."""

    def __init__(self, place: str, icon: str, title: Text, go: Callable[[str], None]) -> None:
        super().__init__()
        self.place, self._icon, self._title, self._go = place, icon, title, go
        #: A glyph like `status/failed` and the token of its colour; "" for none.
        self.badge = ("", "")
        self.setCheckable(True)
        self.setFixedSize(WIDTH, CELL)
        self.clicked.connect(self._open)
        self.retranslate()

    def set_badge(self, glyph: str, token: str) -> None:
        """Show a small glyph on the icon."""
        self.badge = (glyph, token)
        self.update()

    def retranslate(self) -> None:
        self.setToolTip(shown(self._title))
        self.setAccessibleName(shown(self._title))

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, CELL)

    def paintEvent(self, event: QPaintEvent) -> None:
        t, painter = tokens(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.isChecked() or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(t.control_active)
            painter.drawRoundedRect(QRectF(6, 2, 36, 36), 6, 6)
        if self.hasFocus():
            painter.setPen(t.accent)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(6.5, 2.5, 35, 35), 6, 6)
        if self.isChecked():
            painter.fillRect(QRectF(0, 10, 3, 20), t.accent)
        icons.paint(painter, self._icon, t.text if self.isChecked() else t.text_2, QRectF(14, 10, 20, 20))
        glyph, token = self.badge
        if glyph:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(t.surface_0)
            painter.drawEllipse(QRectF(26, 4, 15, 15))
            icons.paint(painter, glyph, getattr(t, token), QRectF(27, 5, 13, 13))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Down)
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)

    def enterEvent(self, event: object) -> None:
        self.update()

    def leaveEvent(self, event: object) -> None:
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        self.update()

    def _open(self) -> None:
        self._go(self.place)


class Rail(QWidget):
    """`groups`: place, icon and title of the pages above and of those at the bottom."""

    def __init__(self, groups: tuple[tuple[tuple[str, str, Text], ...], ...], go: Callable[[str], None]) -> None:
        super().__init__()
        plain(self, 0)
        self.setFixedWidth(WIDTH)
        self.cells = {place: Cell(place, icon, title, go) for group in groups for place, icon, title in group}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 6, 0, 6)
        layout.setSpacing(0)
        above, below = groups
        for place, _icon, _title in above:
            layout.addWidget(self.cells[place])
        layout.addStretch(1)
        parting = line()
        parting.setFixedWidth(24)
        layout.addWidget(parting, alignment=Qt.AlignmentFlag.AlignHCenter)
        for place, _icon, _title in below:
            layout.addWidget(self.cells[place])

    def show_current(self, place: str) -> None:
        """Mark the page to which a place belongs."""
        noun = place.partition("/")[0]
        owner = {"run": "runs", "job": "jobs"}.get(noun, noun)
        for each, cell in self.cells.items():
            cell.setChecked(each == owner)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.fillRect(QRectF(QPoint(WIDTH - 1, 0), QSize(1, self.height())), tokens().border)
