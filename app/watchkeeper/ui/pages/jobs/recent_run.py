"""One of the last runs of a job: glyph, number, when, a meter against the longest, duration."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from watchkeeper.model.job_table import PastRun
from watchkeeper.model.text import Text, _
from watchkeeper.ui import icons
from watchkeeper.ui.clock import now
from watchkeeper.ui.glyphs import WORDS, color_of, glyph_of
from watchkeeper.ui.spans import clock, day, duration
from watchkeeper.ui.theme import Role, font, tokens
from watchkeeper.ui.theme.style import draw_focus
from watchkeeper.ui.words import locale, shown

HEIGHT = 28
_METER = 72


class RecentRun(QWidget):
    """A press, Enter or Space opens it."""

    #: How many are shown.
    MOST = 5

    def __init__(self, run: PastRun, when: Text | str, longest: timedelta | None, follow: Callable[[], None]) -> None:
        super().__init__()
        self._run, self._when, self._longest, self._follow = run, when, longest, follow
        self.setFixedHeight(HEIGHT)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(f"#{run.number} {shown(WORDS[run.verdict or run.state])} {shown(when)}".strip())

    def sizeHint(self) -> QSize:
        return QSize(280, HEIGHT)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._follow()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            return self._follow()
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        t, painter, run = tokens(), QPainter(self), self._run
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        glyph = glyph_of(run.state, has_warning=run.has_warning, verdict=run.verdict)
        icons.paint(painter, glyph, color_of(glyph) or t.text_2, QRectF(0, 7, 14, 14))
        painter.setFont(font(Role.SMALL_STRONG))
        painter.setPen(t.text)
        painter.drawText(QRectF(22, 0, 48, HEIGHT), Qt.AlignmentFlag.AlignVCenter, f"#{run.number}")
        when = shown(self._when)
        painter.setFont(font(Role.SMALL, when))
        painter.setPen(t.text_2)
        painter.drawText(QRectF(72, 0, 90, HEIGHT), Qt.AlignmentFlag.AlignVCenter, when)
        if run.took is not None:
            self._paint_span(painter, run.took, glyph)
        if self.hasFocus():
            draw_focus(painter, QRectF(self.rect()), 4)

    def _paint_span(self, painter: QPainter, took: timedelta, glyph: str) -> None:
        t, right = tokens(), float(self.width())
        painter.setPen(t.text)
        side = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(QRectF(right - 64, 0, 64, HEIGHT), side, duration(took))
        track = QRectF(right - 64 - 8 - _METER, 12, _METER, 4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(t.track)
        painter.drawRoundedRect(track, 2, 2)
        if self._longest:
            painter.setBrush(t.fill_ok if glyph == "status/success" else color_of(glyph) or t.fill_ok)
            width = max(3.0, track.width() * (took / self._longest))
            painter.drawRoundedRect(QRectF(track.left(), track.top(), width, 4), 2, 2)


def began_text(at: datetime, zone: str) -> Text | str:
    """`today 08:30`, `Mon 08:30` within the week, else the day."""
    here = ZoneInfo(zone)
    local, today = at.astimezone(here), now().astimezone(here).date()
    if local.date() == today:
        return _("today {time}", time=clock(at, zone))
    if (today - local.date()).days < 7:
        name = locale().dayName(local.isoweekday(), locale().FormatType.ShortFormat)
        return _("{day} {time}", day=name, time=clock(at, zone))
    return day(at, zone)
