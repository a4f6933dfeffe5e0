"""The sheet of keys for the page that is shown; opened by a question mark."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from watchkeeper.model.text import Text, _
from watchkeeper.ui.commands import Command, Commands, shown_keys
from watchkeeper.ui.theme import Role, font, tokens
from watchkeeper.ui.widgets.keycap import key_cap, key_cap_width
from watchkeeper.ui.words import shown

WIDTH, ROW, TOP = 680, 28, 60
_SIDE, _COLUMN = 24, 328


class KeySheet(QWidget):
    """Put it under a Veil."""

    done = Signal()

    def __init__(self, commands: Commands, page_title: Text | str) -> None:
        super().__init__()
        self._commands = commands
        of_page = [command for command in commands.of_page() if commands.keys_of(command)]
        others = [command for command in commands if commands.keys_of(command) and command not in of_page]
        self._groups: list[tuple[Text | str, Sequence[Command]]] = [
            (title, group) for title, group in ((page_title, of_page), (_("Everywhere"), others)) if group
        ]
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(shown(_("Keys")))
        self.setAccessibleDescription(
            "; ".join(f"{shown(c.title)}: {commands.keys_of(c)[0]}" for _title, group in self._groups for c in group)
        )
        self.resize(self.sizeHint())

    def sizeHint(self) -> QSize:
        rows = sum((len(group) + 1) // 2 * ROW + 44 for _title, group in self._groups)
        return QSize(WIDTH, TOP + rows + 8)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, t = QPainter(self), tokens()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        words = shown(_("Keys"))
        painter.setFont(font(Role.PANEL_TITLE, words))
        painter.setPen(t.text)
        painter.drawText(QRectF(_SIDE, 16, 400, 32), Qt.AlignmentFlag.AlignVCenter, words)
        y = float(TOP)
        for title, group in self._groups:
            words = shown(title)
            painter.setFont(font(Role.SMALL_TITLE, words))
            painter.setPen(t.text_3)
            painter.drawText(QRectF(_SIDE, y, 400, 28), Qt.AlignmentFlag.AlignVCenter, words)
            y += 32
            for number, command in enumerate(group):
                left = _SIDE + (number % 2) * _COLUMN
                self._paint_command(painter, command, QRectF(left, y + number // 2 * ROW, _COLUMN - 24, ROW))
            y += (len(group) + 1) // 2 * ROW + 12

    def _paint_command(self, painter: QPainter, command: Command, rect: QRectF) -> None:
        keys = shown_keys(self._commands.keys_of(command)[0])
        key_cap(painter, keys, QPointF(rect.left(), rect.top() + 5))
        words = shown(command.title)
        painter.setFont(font(Role.BODY, words))
        painter.setPen(tokens().text)
        left = rect.left() + max(96, key_cap_width(keys) + 12)
        room = QRectF(left, rect.top(), rect.right() - left, ROW)
        cut = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, round(room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, cut)
