"""The groups of jobs as headings: each with how many jobs are in it and within it, and what of them is not well."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from watchkeeper.model.job_table import GroupTally
from watchkeeper.model.run import FAILURES, State
from watchkeeper.model.text import Text, _
from watchkeeper.ui import icons
from watchkeeper.ui.glyphs import color_of
from watchkeeper.ui.theme import Role, font, tokens
from watchkeeper.ui.widgets.grouped_model import Band
from watchkeeper.ui.words import shown

_BAD = (
    ("status/failed", FAILURES),
    ("status/blocked", frozenset({State.UPSTREAM_FAILED})),
    ("status/late", frozenset({State.UNKNOWN, State.ORPHANED, State.MISSED})),
)


@dataclass(frozen=True)
class Sum:
    """What a heading tells, of all that is within it."""

    count: int
    #: What is not well: a glyph, and how many jobs.
    bad: tuple[tuple[str, int], ...]


def bands_of(groups: Sequence[GroupTally]) -> list[Band]:
    """The headings in the order of a tree, those over nothing but others too; without any group there is none."""
    if not any(group.path for group in groups):
        return []
    firsts = dict(zip((group.path for group in groups), accumulate((g.count for g in groups), initial=0), strict=False))
    own = {group.path: group for group in groups}
    within: dict[str, list[GroupTally]] = {}
    for group in groups:
        for path in _outer(group.path):
            within.setdefault(path, []).append(group)
    paths = sorted(within, key=lambda path: (not path, path.split("/")))
    return [
        Band(path, path.count("/"), firsts.get(path, 0), own[path].count if path in own else 0, _sum(within[path]))
        for path in paths
    ]


def name_of(band: Band) -> Text | str:
    """The last part of its path."""
    return band.path.rsplit("/", 1)[-1] or _("No group")


def paint_group(painter: QPainter, rect: QRectF, band: Band) -> None:
    """Its name, how many jobs it has, and what is not well."""
    t, facts, name = tokens(), band.facts, shown(name_of(band))
    x = _write(painter, rect, rect.left(), name, Role.SECTION, is_strong=True)
    x = _write(painter, rect, x + 8, str(facts.count), Role.SMALL, is_strong=False) + 16
    for glyph, count in facts.bad:
        color = color_of(glyph) or t.text_2
        icons.paint(painter, glyph, color, QRectF(x, rect.center().y() - 7, 14, 14))
        x = _write(painter, rect, x + 20, str(count), Role.SMALL, is_strong=True) + 12


def _write(painter: QPainter, rect: QRectF, x: float, words: str, role: Role, *, is_strong: bool) -> float:
    drawn = font(role, words)
    painter.setFont(drawn)
    painter.setPen(tokens().text if is_strong else tokens().text_2)
    wide = QFontMetricsF(drawn).horizontalAdvance(words)
    painter.drawText(QRectF(x, rect.top(), wide + 2, rect.height()), Qt.AlignmentFlag.AlignVCenter, words)
    return x + wide


def _outer(path: str) -> Iterable[str]:
    """The group itself, and those that it is within."""
    return accumulate(path.split("/"), lambda outer, part: f"{outer}/{part}")


def _sum(groups: Sequence[GroupTally]) -> Sum:
    counts = [(glyph, sum(_having(group, states) for group in groups)) for glyph, states in _BAD]
    counts.append(("status/success-warning", sum(group.warned for group in groups)))
    return Sum(sum(group.count for group in groups), tuple((glyph, n) for glyph, n in counts if n))


def _having(group: GroupTally, states: frozenset[State]) -> int:
    return sum(n for counts in (group.ended, group.live) for state, n in counts.items() if state in states)
