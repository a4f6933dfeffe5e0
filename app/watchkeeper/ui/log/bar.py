"""The row of controls above a log."""

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from watchkeeper.model.first_error import Level
from watchkeeper.model.text import Text, _
from watchkeeper.ui import icons
from watchkeeper.ui.log.field import SearchField
from watchkeeper.ui.log.moments import MODE_NAMES
from watchkeeper.ui.theme import look, tokens
from watchkeeper.ui.widgets.words import Button, IconButton, line, plain
from watchkeeper.ui.words import Spoken, shown

HEIGHT = 41

LEVEL_NAMES: dict[Level, Text] = {
    Level.DEBUG: _("all"),
    Level.WARNING: _("warnings and errors"),
    Level.ERROR: _("errors"),
}


class Choice(Button):
    """A button with a menu of which one is chosen; it says which."""

    def __init__(
        self, label: Callable[[Text], Text], names: Mapping[Any, Text], hint: Text, parent: QWidget | None = None
    ) -> None:
        self._names, self._label = dict(names), label
        self.chosen: Any = next(iter(self._names))
        self.on_choice: Callable[[Any], None] = lambda _chosen: None
        super().__init__(label(self._names[self.chosen]), self._open, kind="ghost", hint=hint, parent=parent)
        self._menu = QMenu(self)
        self._group = QActionGroup(self)
        for value in self._names:
            action = QAction(self)
            action.setCheckable(True)
            action.setData(value)
            self._group.addAction(action)
            self._menu.addAction(action)
        self._group.triggered.connect(self._take)
        self.setIconSize(QSize(14, 14))
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        look().changed.connect(self._paint_chevron)
        self._paint_chevron()
        self.choose(self.chosen)

    def choose(self, value: Any) -> None:
        """Show that this is chosen."""
        self.chosen = value
        self.say(self._label(self._names[value]))

    def retranslate(self) -> None:
        super().retranslate()
        if hasattr(self, "_group"):
            for action in self._group.actions():
                action.setText(shown(self._names[action.data()]))
                action.setChecked(action.data() == self.chosen)

    def _open(self) -> None:
        self._menu.popup(self.mapToGlobal(QPoint(0, self.height() + 2)))

    def _take(self, action: QAction) -> None:
        self.choose(action.data())
        self.on_choice(action.data())

    def _paint_chevron(self) -> None:
        self.setIcon(icons.pixmap("ui/chevron-down", tokens().text_2, 14))


class Bar(Spoken, QWidget):
    """Signals say what is wanted; the view tells it what holds."""

    follow_wanted = Signal()
    wrap_wanted = Signal()
    link_wanted = Signal()
    save_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        plain(self, 1)
        self.setFixedHeight(HEIGHT)
        self.follow_button = Button(
            _("Follow"), self.follow_wanted.emit, kind="ghost", icon="ui/pause", hint=_HINT_PAUSE, parent=self
        )
        self.field = SearchField(self)
        self.level = Choice(
            lambda name: _("Level: {level}", level=name), LEVEL_NAMES, _("Show only lines of a level"), self
        )
        self.time = Choice(
            lambda name: _("Time: {mode}", mode=name), MODE_NAMES, _("What the column of times shows  T"), self
        )
        self.wrap_button = IconButton("ui/wrap", _("Wrap long lines"), self.wrap_wanted.emit, keys="Z", parent=self)
        self.wrap_button.setCheckable(True)
        self.link_button = IconButton("ui/link", _("Copy a link to this place"), self.link_wanted.emit, parent=self)
        self.save_button = IconButton("ui/save", _("Save the log…"), self.save_wanted.emit, keys="Ctrl+S", parent=self)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 0, 12, 1)
        row.setSpacing(0)
        row.addWidget(self.follow_button)
        row.addSpacing(6)
        separator = line(is_upright=True)
        separator.setFixedHeight(16)
        row.addWidget(separator)
        row.addSpacing(7)
        row.addWidget(self.field, 1000)
        row.addSpacing(4)
        row.addWidget(self.level)
        row.addWidget(self.time)
        row.addStretch(1)
        for button in (self.wrap_button, self.link_button, self.save_button):
            row.addWidget(button)
            row.addSpacing(2)
        row.addSpacing(-2)

    def tell_follow(self, is_following: bool) -> None:
        """Whether a click pauses or follows."""
        self.follow_button.set_icon("ui/pause" if is_following else "ui/play")
        self.follow_button.hint(_HINT_PAUSE if is_following else _HINT_FOLLOW)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), tokens().border)
        painter.end()


_HINT_PAUSE = _("Stop following the end  Space")
_HINT_FOLLOW = _("Follow the end  Space")
