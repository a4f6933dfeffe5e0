"""The left rail: one cell of 40 px for each page, the current one with a bar at the edge."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QVBoxLayout, QWidget

from watchkeeper.action.attention import Attention, Need
from watchkeeper.action.engine import Status
from watchkeeper.model.text import Text, plural
from watchkeeper.ui import icons
from watchkeeper.ui.glyphs import color_of
from watchkeeper.ui.theme import tokens
from watchkeeper.ui.widgets.words import line, plain
from watchkeeper.ui.words import Spoken, shown

WIDTH = 48
CELL = 40


@dataclass(frozen=True)
class Badge:
    """The worst of what is so on a page, and all of it in words."""

    glyph: str
    words: Text
    #: Nobody can say whether it is so still.
    is_old: bool = False


class Cell(Spoken, QAbstractButton):
    """A page's icon; a badge shows that something there wants attention."""

    def __init__(self, place: str, icon: str, title: Text, go: Callable[[str], None]) -> None:
        super().__init__()
        self.place, self._icon, self._title, self._go = place, icon, title, go
        self.badge: Badge | None = None
        self.setCheckable(True)
        self.setFixedSize(WIDTH, CELL)
        self.clicked.connect(self._open)
        self.retranslate()

    def set_badge(self, badge: Badge | None) -> None:
        """Show a small glyph on the icon, or none."""
        if badge != self.badge:
            self.badge = badge
            self.retranslate()
            self.update()

    def retranslate(self) -> None:
        title, said = shown(self._title), shown(self.badge.words) if self.badge else ""
        self.setToolTip(f"{title}: {said}" if said else title)
        self.setAccessibleName(title)
        self.setAccessibleDescription(said)

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
        if self.badge is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(t.surface_0)
            painter.drawEllipse(QRectF(25, 3, 17, 17))
            color = t.text_3 if self.badge.is_old else color_of(self.badge.glyph) or t.text_2
            icons.paint(painter, self.badge.glyph, color, QRectF(27, 5, 13, 13))

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

    def take(self, status: Status | None, attention: Attention | None) -> None:
        """Show what wants to be looked at; the badges stay as they were, but pale, while nobody answers."""
        found = badges(status, attention) if status is not None and attention is not None else {}
        for place, cell in self.cells.items():
            if status is None and cell.badge is not None:
                cell.set_badge(replace(cell.badge, is_old=True))
            elif attention is not None:
                cell.set_badge(found.get(place))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.fillRect(QRectF(QPoint(WIDTH - 1, 0), QSize(1, self.height())), tokens().border)


#: The glyph of each need, the worst first.
_WORST = (
    (Need.FAILED, "status/failed"),
    (Need.TIMED_OUT, "status/timed-out"),
    (Need.EXPIRED, "status/blocked"),
    (Need.UNKNOWN, "status/lost"),
    (Need.LATE, "status/late"),
    (Need.MISSED, "status/missed"),
)


def badges(status: Status, attention: Attention) -> dict[str, Badge]:
    """By page: the dashboard tells all that needs a person, jobs what has failed, the monitor what waits."""
    counts, found = attention.counts, dict[str, Badge]()
    if needing := sum(counts.values()):
        words = plural("{n} cause needs attention", "{n} causes need attention", needing)
        found["dashboard"] = Badge(_worst(counts, [need for need, _glyph in _WORST]), words)
    if failed := counts.get(Need.FAILED, 0) + counts.get(Need.TIMED_OUT, 0):
        words = plural("{n} job has failed", "{n} jobs have failed", failed)
        found["jobs"] = Badge(_worst(counts, [Need.FAILED, Need.TIMED_OUT]), words)
    if waiting := status.queued + status.waiting:
        glyph = _worst(counts, [Need.UNKNOWN, Need.LATE]) or "status/queued"
        found["runs"] = Badge(glyph, plural("{n} run waits", "{n} runs wait", waiting))
    return found


def _worst(counts: Mapping[Need, int], among: Sequence[Need]) -> str:
    return next((glyph for need, glyph in _WORST if need in among and counts.get(need)), "")
