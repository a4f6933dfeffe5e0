"""Glyphs and icons of ours, drawn once for each (name, colour, size, device pixel ratio)."""

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPixmap, QPixmapCache
from PySide6.QtSvg import QSvgRenderer

from watchkeeper.model import places
from watchkeeper.ui.theme import tokens


def pixmap(name: str, color: QColor, size: int, ratio: float | None = None) -> QPixmap:
    """An icon like `ui/search` or `status/failed`, `size` logical px high and wide; KeyError when there is none."""
    dpr = ratio or QGuiApplication.primaryScreen().devicePixelRatio()
    key = f"watchkeeper:{name}:{color.rgba():x}:{size}:{dpr}"
    found = QPixmap()
    if QPixmapCache.find(key, found):
        return found
    drawn = _drawn(name, color, size, dpr)
    QPixmapCache.insert(key, drawn)
    return drawn


def icon(name: str, size: int = 16) -> QIcon:
    """The same for controls, in the colours of the theme that holds now: ask again when it changes."""
    t = tokens()
    made = QIcon()
    made.addPixmap(pixmap(name, t.text_2, size))
    made.addPixmap(pixmap(name, t.text, size), QIcon.Mode.Active)
    made.addPixmap(pixmap(name, t.text_disabled, size), QIcon.Mode.Disabled)
    return made


def paint(painter: QPainter, name: str, color: QColor, rect: QRectF) -> None:
    """Draw an icon into a square; on a whole device pixel, so that it stays sharp."""
    ratio = painter.device().devicePixelRatio()
    x, y = round(rect.x() * ratio) / ratio, round(rect.y() * ratio) / ratio
    painter.drawPixmap(
        QRectF(x, y, rect.width(), rect.height()).topLeft(), pixmap(name, color, round(rect.width()), ratio)
    )


def app_icon() -> QIcon:
    """The program's own."""
    made = QIcon()
    for size in (16, 24, 32, 48, 64, 128, 256):
        made.addPixmap(_drawn("app" if size >= 48 else "app-small", QColor("#000000"), size, 1))
    return made


def _drawn(name: str, color: QColor, size: int, dpr: float) -> QPixmap:
    drawn = QPixmap(round(size * dpr), round(size * dpr))
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    text = _svg(name).replace("currentColor", color.name())
    QSvgRenderer(QByteArray(text.encode())).render(painter, QRectF(0, 0, drawn.width(), drawn.height()))
    painter.end()
    drawn.setDevicePixelRatio(dpr)
    return drawn


@lru_cache(maxsize=200)
def _svg(name: str) -> str:
    file = places.resources() / "icons" / f"{name}.svg"
    if not file.is_file():
        raise KeyError(f"there is no icon {name}")
    return file.read_text(encoding="utf-8")
