"""What the bars of the timeline mean."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from watchkeeper.model.text import Text, _
from watchkeeper.ui.hatch import hatch
from watchkeeper.ui.theme import Role, faded, font, tokens
from watchkeeper.ui.words import Spoken, shown

#: px between two entries.
_GAP = 16


def clash_brush(ratio: float) -> QBrush:
    """Of a fire for which there will be no room."""
    t = tokens()
    return hatch(faded(t.warning, 0.08), faded(t.warning, 0.55), ratio)


class Legend(Spoken, QWidget):
    """What the bars mean, from the right."""

    _ENTRIES: tuple[tuple[str, Text], ...] = (
        ("done", _("done")),
        ("failed", _("failed")),
        ("running", _("running")),
        ("waiting", _("waiting")),
        ("blocked", _("blocked")),
        ("planned", _("planned")),
        ("clash", _("no room")),
    )

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(24)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def retranslate(self) -> None:
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(round(sum(self._width(text) for _kind, text in self._ENTRIES)), 24)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 24)

    def paintEvent(self, event: QPaintEvent) -> None:
        t, painter, entries = tokens(), QPainter(self), self._fitting()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x = self.width() + _GAP - sum(self._width(text) for _kind, text in entries)
        looks: dict[str, tuple[object, QColor | None]] = {
            "done": (t.fill_ok, None),
            "failed": (hatch(t.failed, faded(t.surface_1, 0.35), self.devicePixelRatioF()), None),
            "running": (t.running, None),
            "waiting": (faded(t.warning, 0.16), t.warning),
            "blocked": (faded(t.blocked, 0.14), t.blocked),
            "planned": (Qt.BrushStyle.NoBrush, t.planned),
            "clash": (clash_brush(self.devicePixelRatioF()), t.warning),
        }
        for kind, text in entries:
            fill, outline = looks[kind]
            painter.setBrush(fill)
            style = Qt.PenStyle.SolidLine if kind in ("blocked", "clash") else Qt.PenStyle.DashLine
            painter.setPen(Qt.PenStyle.NoPen if outline is None else QPen(outline, 1, style))
            painter.drawRoundedRect(QRectF(x + 0.5, 7.5, 13, 9), 2, 2)
            words = shown(text)
            painter.setFont(font(Role.SMALL, words))
            painter.setPen(t.text_2)
            painter.drawText(QRectF(x + 20, 0, 200, 24), Qt.AlignmentFlag.AlignVCenter, words)
            x += self._width(text)

    def _fitting(self) -> tuple[tuple[str, Text], ...]:
        """Those for which there is room; the first ones say what anybody guesses."""
        entries = self._ENTRIES
        while entries and sum(self._width(text) for _kind, text in entries) > self.width() + _GAP:
            entries = entries[1:]
        return entries

    def _width(self, text: Text) -> float:
        words = shown(text)
        return 20 + QFontMetricsF(font(Role.SMALL, words)).horizontalAdvance(words) + _GAP
