"""The part about versions: each save with who made it, when, and what it changed."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QDateTime, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from watchkeeper.action.draft import Problem
from watchkeeper.action.versions import Version
from watchkeeper.model.job_form import WORDS
from watchkeeper.model.text import Text, _
from watchkeeper.ui.theme import Role, font, tokens
from watchkeeper.ui.widgets.words import Label
from watchkeeper.ui.words import Spoken, locale, shown

ROW = 48
Index = QModelIndex | QPersistentModelIndex


class VersionList(QAbstractListModel):
    """Newest first."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.versions: list[Version] = []

    def set_versions(self, versions: Sequence[Version]) -> None:
        """Show these."""
        self.beginResetModel()
        self.versions = list(versions)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own default
        return 0 if parent.isValid() else len(self.versions)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        version = self.versions[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"v{version.number} {version.saved_by} {moment_words(version)} {summary(version)}"
        return version if role == Qt.ItemDataRole.UserRole else None


class _Painter(QStyledItemDelegate):
    """Number, who and when; below what was changed."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        t, version = tokens(), index.data(Qt.ItemDataRole.UserRole)
        rect = QRectF(option.rect)
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if is_chosen:
            painter.fillRect(rect, t.selection)
            painter.fillRect(QRectF(rect.left(), rect.top(), 2, rect.height()), t.accent)
        painter.fillRect(QRectF(rect.left(), rect.bottom() - 1, rect.width(), 1), t.border_soft)
        painter.setFont(font(Role.STRONG))
        painter.setPen(t.text)
        painter.drawText(QRectF(rect.left() + 12, rect.top() + 4, 44, 20), _LEFT, f"v{version.number}")
        told = f"{version.saved_by}  {moment_words(version)}"
        painter.setFont(font(Role.SMALL, told))
        painter.setPen(t.text_2)
        painter.drawText(QRectF(rect.left() + 56, rect.top() + 4, rect.width() - 68, 20), _LEFT, told)
        words = summary(version)
        painter.setFont(font(Role.SMALL, words))
        room = rect.width() - 68
        cut = QFontMetricsF(painter.font()).elidedText(words, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(rect.left() + 56, rect.top() + 24, room, 18), _LEFT, cut)


_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft


class VersionsSection(Spoken, QWidget):
    """Tells which one is to be looked at."""

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.model = VersionList(self)
        self.view = QListView()
        self.view.setModel(self.model)
        self.view.setItemDelegate(_Painter(self.view))
        self.view.setUniformItemSizes(True)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.view.setFrameShape(QListView.Shape.NoFrame)
        self.view.selectionModel().currentChanged.connect(self._tell)
        self.none = Label(_("There is no version yet: the first save makes one."), ink=2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(Label(_("Versions"), Role.PANEL_TITLE))
        layout.addWidget(self.none)
        layout.addWidget(self.view, 1)
        self.view.setMinimumHeight(420)
        self.retranslate()

    def show_versions(self, versions: Sequence[Version]) -> None:
        """Show these; the one that was looked at stays chosen."""
        before = self.current
        self.model.set_versions(versions)
        self.none.setVisible(not versions)
        self.view.setVisible(bool(versions))
        numbers = [version.number for version in versions]
        if numbers:
            row = numbers.index(before) if before in numbers else 0
            self.view.setCurrentIndex(self.model.index(row))

    @property
    def current(self) -> int:
        """The number of the version that is looked at; 0 for none."""
        row = self.view.currentIndex().row()
        return self.model.versions[row].number if 0 <= row < len(self.model.versions) else 0

    def retranslate(self) -> None:
        self.view.setAccessibleName(shown(_("Versions")))
        self.view.viewport().update()

    def faults(self) -> tuple[Problem, ...]:
        """Nothing is entered here."""
        return ()

    def complain(self, problems: Sequence[Problem]) -> None:
        """Nothing is wrong with what was."""

    def focus_field(self, path: str) -> None:
        """Give the keyboard to the list."""
        self.view.setFocus()

    def _tell(self, _now: object, _before: object) -> None:
        self.chosen.emit(self.current)


def moment_words(version: Version) -> str:
    """When it was saved, on this machine's clocks."""
    return locale().toString(
        QDateTime.fromSecsSinceEpoch(int(version.saved_at.timestamp())), locale().FormatType.ShortFormat
    )


def summary(version: Version) -> str:
    """The fields that were changed."""
    if not version.differences:
        return shown(_("the first version") if version.number == 1 else _("nothing but the save"))
    return ", ".join(dict.fromkeys(shown(label_of(each.field)) for each in version.differences))


def label_of(path: str) -> Text:
    """What the field of a path is called."""
    told = WORDS.get(path) or WORDS.get(_trigger_path(path))
    if told is not None:
        return told.label
    return Text(path.removeprefix("params.").removeprefix("env."))


def _trigger_path(path: str) -> str:
    return (
        "triggers." + path.partition("].")[2]
        if path.startswith("triggers[") and "]." in path
        else path.partition("[")[0]
    )
