"""The calendars at the left: what each is called and holds, who follows it, and when it turns."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from watchkeeper.action.calendar_table import CalendarRow
from watchkeeper.model.text import Text, _, plural
from watchkeeper.ui.spans import day
from watchkeeper.ui.theme import Role, font, tokens
from watchkeeper.ui.words import Spoken, language, shown

ROW = 68
WIDTH = 216
Index = QModelIndex | QPersistentModelIndex


class CalendarList(QAbstractListModel):
    """By name."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: list[CalendarRow] = []
        #: Of which something is written and not saved.
        self.drafts: set[str] = set()

    def set_rows(self, rows: Sequence[CalendarRow]) -> None:
        """Show these; as long as their names are the same, the view keeps its place."""
        is_same = [row.name for row in rows] == [row.name for row in self.rows]
        if not is_same:
            self.beginResetModel()
        self.rows = list(rows)
        if not is_same:
            self.endResetModel()
        self.tell()

    def set_drafts(self, names: set[str]) -> None:
        """Mark what is not saved."""
        if names != self.drafts:
            self.drafts = names
            self.tell()

    def tell(self) -> None:
        """Whatever is said of them is to be said anew."""
        if self.rows:
            self.dataChanged.emit(self.index(0), self.index(len(self.rows) - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own default
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or not index.row() < len(self.rows):
            return None
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return "\n".join((row.name, *told_of(row)))
        return None


class CalendarsView(Spoken, QListView):
    """`chosen` tells the name of the one that is to be shown."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.model_ = CalendarList(self)
        self.setModel(self.model_)
        self.setItemDelegate(_Painter(self))
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFixedWidth(WIDTH)
        self.selectionModel().currentChanged.connect(self._tell)
        self.retranslate()

    def show_rows(self, rows: Sequence[CalendarRow], current: str) -> None:
        """Show these, of which one is looked at already."""
        self.selectionModel().blockSignals(True)
        self.model_.set_rows(rows)
        names = [row.name for row in rows]
        found = self.model_.index(names.index(current)) if current in names else QModelIndex()
        self.setCurrentIndex(found)
        self.selectionModel().blockSignals(False)
        self.viewport().update()

    def retranslate(self) -> None:
        self.setAccessibleName(shown(_("Calendars")))
        self.model_.tell()

    def _tell(self, now: Index, _before: Index) -> None:
        if now.isValid():
            self.chosen.emit(self.model_.rows[now.row()].name)


class _Painter(QStyledItemDelegate):
    """Name; below what it holds; below that who follows it and when it turns."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(WIDTH, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: CalendarRow | None = index.data(Qt.ItemDataRole.UserRole)
        if row is None:
            return
        t, rect = tokens(), QRectF(option.rect)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, t.selection)
            painter.fillRect(QRectF(rect.left(), rect.top(), 2, rect.height()), t.accent)
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, t.hover)
        painter.fillRect(QRectF(rect.left() + 16, rect.bottom() - 1, rect.width() - 16, 1), t.border_soft)
        room = rect.adjusted(16, 0, -12, 0)
        model = index.model()
        if isinstance(model, CalendarList) and row.name in model.drafts:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(t.text_2)
            painter.drawEllipse(QRectF(room.right() - 7, rect.top() + 15, 7, 7))
            room.setRight(room.right() - 14)
        what, facts = told_of(row)
        _write(painter, row.name, Role.STRONG, 1, QRectF(room.left(), rect.top() + 6, room.width(), 20))
        _write(painter, what, Role.SMALL, 2, QRectF(room.left(), rect.top() + 26, room.width(), 18))
        _write(painter, facts, Role.SMALL, 2, QRectF(room.left(), rect.top() + 44, room.width(), 18))


def told_of(row: CalendarRow) -> tuple[str, str]:
    """What it holds, and who follows it and when it turns."""
    parts = "；" if language() == "zh_CN" else "; "
    what = parts.join(shown(words) for words in row.what) or shown(_("holds nothing"))
    jobs = shown(plural("{n} job", "{n} jobs", row.job_count) if row.job_count else _("no job"))
    return what, f"{jobs} · {shown(_turn(row))}"


def _turn(row: CalendarRow) -> Text:
    if row.turns_at is None:
        return _("always") if row.is_held else _("never")
    when = day(row.turns_at, row.zone)
    return _("now, until {when}", when=when) if row.is_held else _("next {when}", when=when)


def _write(painter: QPainter, words: str, role: Role, ink: int, room: QRectF) -> None:
    painter.setFont(font(role, words))
    painter.setPen(tokens().text if ink == 1 else tokens().text_2)
    cut = QFontMetricsF(painter.font()).elidedText(words, Qt.TextElideMode.ElideRight, room.width())
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, cut)
