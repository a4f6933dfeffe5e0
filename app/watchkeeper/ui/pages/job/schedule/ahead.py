"""The next times, by day: local time, who is met, and how long it is until then."""

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from watchkeeper.action.preview import Fire
from watchkeeper.model.text import _
from watchkeeper.ui import clock, icons
from watchkeeper.ui.spans import ahead, day
from watchkeeper.ui.theme import Role, font, tokens
from watchkeeper.ui.words import Spoken, shown

DAY, ROW = 22, 32


class _Item(NamedTuple):
    """A day's heading, or one time."""

    top: int
    day: str
    fire: Fire | None


class Ahead(Spoken, QWidget):
    """Paints what it is given."""

    def __init__(self) -> None:
        super().__init__()
        self._fires: tuple[Fire, ...] = ()
        self._items: list[_Item] = []
        self._offsets: set[str] = set()
        self._zone = "UTC"
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.retranslate()

    def show_fires(self, fires: Sequence[Fire], zone: str) -> None:
        """Show these times, in the days of a zone."""
        self._fires, self._zone = tuple(fires), zone
        self._offsets = {fire.offset for fire in fires}
        self.retranslate()

    def retranslate(self) -> None:
        self._items, top, before = [], 0, ""
        for fire in self._fires:
            if (heading := day(fire.at, self._zone)) != before:
                before = heading
                self._items.append(_Item(top, heading, None))
                top += DAY
            self._items.append(_Item(top, "", fire))
            top += ROW
        self.setFixedHeight(top)
        self.setAccessibleName(shown(_("The next times")))
        self.setAccessibleDescription("; ".join(f"{day(f.at, self._zone)} {_time(f.local)}" for f in self._fires))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, self.height())

    def event(self, event: object) -> bool:
        if isinstance(event, QHelpEvent):
            item = next((i for i in self._items if i.fire and i.top <= event.pos().y() < i.top + ROW), None)
            QToolTip.showText(event.globalPos(), _told(item.fire) if item and item.fire else "", self)
            return True
        return super().event(event)  # type: ignore[arg-type]  # Qt hands an event over

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for item in self._items:
            if item.fire is None:
                self._paint_day(painter, item)
            else:
                self._paint_fire(painter, item, item.fire)

    def _paint_day(self, painter: QPainter, item: _Item) -> None:
        t, rect = tokens(), QRectF(0, item.top, self.width(), DAY)
        painter.fillRect(rect, t.surface_2)
        painter.setFont(font(Role.SMALL_STRONG, item.day))
        painter.setPen(t.text_2)
        painter.drawText(rect.adjusted(16, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, item.day)

    def _paint_fire(self, painter: QPainter, item: _Item, fire: Fire) -> None:
        t, right = tokens(), float(self.width() - 16)
        rect = QRectF(16, item.top, right - 16, ROW)
        painter.fillRect(QRectF(16, item.top + ROW - 1, right - 16, 1), t.border_soft)
        painter.setFont(font(Role.STRONG))
        painter.setPen(t.text)
        time = _time(fire.local)
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, time)
        left = 16 + QFontMetricsF(painter.font()).horizontalAdvance(time) + 14
        until = shown(ahead(fire.at, clock.now()))
        painter.setFont(font(Role.SMALL, until))
        painter.setPen(t.text_2)
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, until)
        end = right - QFontMetricsF(painter.font()).horizontalAdvance(until) - 12
        if len(self._offsets) > 1:
            painter.setFont(font(Role.SMALL))
            painter.setPen(t.text_3)
            painter.drawText(QRectF(left, item.top, 60, ROW), Qt.AlignmentFlag.AlignVCenter, fire.offset)
            left += 52
        words = _remark(fire)
        if words:
            if fire.meets or fire.note is not None:
                icons.paint(painter, "status/late", t.warning, QRectF(left, item.top + 9, 14, 14))
                left += 20
            painter.setFont(font(Role.SMALL, words))
            painter.setPen(t.text_2)
            cut = QFontMetricsF(painter.font()).elidedText(words, Qt.TextElideMode.ElideRight, end - left)
            painter.drawText(QRectF(left, item.top, end - left, ROW), Qt.AlignmentFlag.AlignVCenter, cut)


def _remark(fire: Fire) -> str:
    if fire.meets:
        return shown(_("meets {jobs}", jobs=", ".join(fire.meets)))
    return shown(fire.note) if fire.note is not None else ""


def _told(fire: Fire) -> str:
    parts = [f"{fire.local.replace('T', ' ')} {fire.offset}", shown(fire.trigger), _remark(fire)]
    return "\n".join(part for part in parts if part)


def _time(local: str) -> str:
    return local[11:16] if local[17:19] == "00" else local[11:19]
