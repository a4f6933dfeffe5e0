"""The schedule in words, on a card: what it says, how it is written, where its clocks are."""

from datetime import datetime

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from watchkeeper.model.text import Text, _
from watchkeeper.model.zone import zone as zone_called
from watchkeeper.ui import clock
from watchkeeper.ui.theme import Role, font, tokens
from watchkeeper.ui.widgets.words import IconButton
from watchkeeper.ui.words import Spoken, shown

HEIGHT = 64


class Said(Spoken, QWidget):
    """The copy button gives the words and the expression."""

    copy_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._words: Text | str = ""
        self._written = ""
        self._place: Text | str = ""
        self.copy = IconButton("ui/copy", _("Copy"), self.copy_asked.emit, parent=self)
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.retranslate()

    def tell(self, words: Text | str, written: str, place: Text | str) -> None:
        """Show other words."""
        self._words, self._written, self._place = words, written, place
        self.retranslate()

    @property
    def text(self) -> str:
        """What is copied."""
        return "\n".join(part for part in (shown(self._words), self._written, shown(self._place)) if part)

    def retranslate(self) -> None:
        self.setAccessibleName(self.text)
        self.setToolTip(shown(self._words))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(640, HEIGHT)

    def resizeEvent(self, event: object) -> None:
        self.copy.move(self.width() - 40, (HEIGHT - 28) // 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        t, painter = tokens(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(t.border)
        painter.setBrush(t.surface_2)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        words = shown(self._words)
        painter.setFont(font(Role.SCHEDULE, words))
        painter.setPen(t.text)
        room = QRectF(16, 8, self.width() - 64, 28)
        cut = QFontMetricsF(painter.font()).elidedText(words, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, cut)
        left = 16.0
        if self._written:
            painter.setFont(font(Role.MONO))
            painter.setPen(t.text_2)
            painter.drawText(QRectF(left, 36, self.width() - 64, 20), Qt.AlignmentFlag.AlignVCenter, self._written)
            left += QFontMetricsF(painter.font()).horizontalAdvance(self._written) + 16
        place = shown(self._place)
        painter.setFont(font(Role.SMALL, place))
        painter.setPen(t.text_2)
        painter.drawText(QRectF(left, 36, self.width() - left - 48, 20), Qt.AlignmentFlag.AlignVCenter, place)


def place_words(place: str) -> Text:
    """The zone, its offset, and whether its clocks change."""
    if not place:
        return _("in the workspace's time zone")
    here = clock.now().astimezone(zone_called(place))
    offset = here.isoformat()[-6:].replace(":00", "").replace("+0", "+").replace("-0", "-")
    year = {here.replace(month=month, day=1).utcoffset() for month in range(1, 13)}
    if len(year) == 1:
        return _("{zone}, UTC{offset}, no clock changes", zone=place, offset=offset)
    return _("{zone}, UTC{offset} now, its clocks change", zone=place, offset=offset)


def local_words(moment: datetime) -> str:
    """A moment on this machine's clocks."""
    return f"{moment.astimezone():%Y-%m-%d %H:%M}"
