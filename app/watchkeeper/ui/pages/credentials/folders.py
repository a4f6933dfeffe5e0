"""The folders of secrets as headings: each with how many are in it and within it, and how many of them expire."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from watchkeeper.action.secret_table import SecretTableRow
from watchkeeper.model.text import _
from watchkeeper.ui import icons
from watchkeeper.ui.glyphs import color_of
from watchkeeper.ui.pages.credentials.words import expiry_glyph
from watchkeeper.ui.theme import Role, font, tokens
from watchkeeper.ui.widgets.grouped_model import Band
from watchkeeper.ui.words import shown


@dataclass(frozen=True)
class Sum:
    """What a heading tells, of all that is within it."""

    count: int
    #: How many expire soon or have.
    expiring: int


def folder_of(name: str) -> str:
    """What stands before the last part of a name; "" where nothing does."""
    return name.rpartition("/")[0]


def arranged(rows: Sequence[SecretTableRow]) -> list[SecretTableRow]:
    """In the order of a tree, those without a folder last."""
    return sorted(rows, key=lambda row: (*_order(folder_of(row.name)), row.name))


def bands_of(rows: Sequence[SecretTableRow], now: datetime) -> list[Band]:
    """The headings over arranged rows, those over nothing but others too; without any folder there is none."""
    folders = [folder_of(row.name) for row in rows]
    if not any(folders):
        return []
    paths = sorted({path for folder in folders for path in accumulate(folder.split("/"), _joined)}, key=_order)
    return [_band(path, folders, rows, now) for path in paths]


def paint_folder(painter: QPainter, rect: QRectF, band: Band) -> None:
    """Its name, how many secrets it has, and how many of them want attention."""
    t, facts = tokens(), band.facts
    name = band.path.rpartition("/")[2] or shown(_("No folder"))
    x = _write(painter, rect, rect.left(), name, Role.SECTION, is_strong=True)
    x = _write(painter, rect, x + 8, str(facts.count), Role.SMALL, is_strong=False) + 16
    if facts.expiring:
        glyph = QRectF(x, rect.center().y() - 7, 14, 14)
        icons.paint(painter, "status/late", color_of("status/late") or t.text_2, glyph)
        _write(painter, rect, x + 20, str(facts.expiring), Role.SMALL, is_strong=True)


def _band(path: str, folders: Sequence[str], rows: Sequence[SecretTableRow], now: datetime) -> Band:
    within = [row for row, folder in zip(rows, folders, strict=True) if f"{folder}/".startswith(f"{path}/")]
    own = folders.count(path)
    first = folders.index(path) if own else 0
    expiring = sum(bool(expiry_glyph(row, now)) for row in within)
    return Band(path, path.count("/"), first, own, Sum(len(within), expiring))


def _order(path: str) -> tuple[bool, list[str]]:
    return not path, path.split("/")


def _joined(outer: str, part: str) -> str:
    return f"{outer}/{part}"


def _write(painter: QPainter, rect: QRectF, x: float, words: str, role: Role, *, is_strong: bool) -> float:
    drawn = font(role, words)
    painter.setFont(drawn)
    painter.setPen(tokens().text if is_strong else tokens().text_2)
    wide = QFontMetricsF(drawn).horizontalAdvance(words)
    painter.drawText(QRectF(x, rect.top(), wide + 2, rect.height()), Qt.AlignmentFlag.AlignVCenter, words)
    return x + wide
