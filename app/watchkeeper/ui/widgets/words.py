"""Labels and buttons that say a Text, and say it anew when the language changes."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from watchkeeper.model.text import Text
from watchkeeper.ui import icons
from watchkeeper.ui.theme import Role, font, look
from watchkeeper.ui.words import Spoken, shown


class Label(Spoken, QLabel):
    """One line or paragraph. `ink`: 1 for words, 2 for facts, 3 for axes and placeholders."""

    def __init__(
        self, text: Text | str = "", role: Role = Role.BODY, *, ink: int = 1, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._role = role
        self._text: Text | str = ""
        self.setProperty("ink", str(ink))
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.say(text)

    def say(self, text: Text | str) -> None:
        """Show other words."""
        self._text = text
        self.retranslate()

    def set_role(self, role: Role) -> None:
        """Say the same in another role."""
        self._role = role
        self.retranslate()

    def retranslate(self) -> None:
        words = shown(self._text)
        self.setFont(font(self._role, words))
        self.setText(words)


class Button(Spoken, QPushButton):
    """`kind`: primary, secondary, ghost, link, inline for a link within a line of small words, or fold for a title."""

    def __init__(
        self,
        text: Text | str,
        on_click: Callable[[], object],
        *,
        kind: str = "secondary",
        icon: str = "",
        hint: Text | str = "",
        role: Role = Role.STRONG,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._text, self._icon, self._hint = text, icon, hint
        self.setProperty("kind", kind)
        self.setFont(font(role))
        self.setFont(font(Role.SMALL_STRONG if kind == "inline" else Role.STRONG))
        self.setIconSize(QSize(16, 16))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.clicked.connect(on_click)
        look().changed.connect(self._paint_icon)
        self._paint_icon()
        self.retranslate()

    def say(self, text: Text | str) -> None:
        """Show other words."""
        self._text = text
        self.retranslate()

    def hint(self, hint: Text | str) -> None:
        """Say something else in the tooltip."""
        self._hint = hint
        self.retranslate()

    def set_icon(self, icon: str) -> None:
        """Show another icon."""
        self._icon = icon
        self._paint_icon()

    def retranslate(self) -> None:
        words = shown(self._text)
        self.setText(words)
        self.setAccessibleName(words)
        self.setToolTip(shown(self._hint))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter does what Space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def _paint_icon(self) -> None:
        if not self._icon:
            return
        t = look().tokens
        color = t.on_accent if self.property("kind") == "primary" else t.text_2
        self.setIcon(icons.pixmap(self._icon, color, 16))


class IconButton(Spoken, QToolButton):
    """A ghost button of 28 px with an icon; its name is its tooltip."""

    def __init__(
        self,
        icon: str,
        name: Text | str,
        on_click: Callable[[], object],
        *,
        keys: str = "",
        size: int = 16,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon, self._name, self._keys, self._size = icon, name, keys, size
        self.setProperty("kind", "ghost")
        self.setIconSize(QSize(size, size))
        self.setFixedSize(28, 28)
        self.clicked.connect(on_click)
        look().changed.connect(self._paint_icon)
        self._paint_icon()
        self.retranslate()

    def say(self, name: Text | str) -> None:
        """Another name."""
        self._name = name
        self.retranslate()

    def set_icon(self, icon: str) -> None:
        """Show another icon."""
        self._icon = icon
        self._paint_icon()

    def retranslate(self) -> None:
        name = shown(self._name)
        self.setAccessibleName(name)
        self.setToolTip(f"{name}  {self._keys}" if self._keys else name)

    def _paint_icon(self) -> None:
        self.setIcon(icons.icon(self._icon, self._size))


def line(*, is_upright: bool = False, is_soft: bool = False) -> QWidget:
    """A separator of 1 px."""
    made = QFrame()
    made.setProperty("kind", "soft-line" if is_soft else "line")
    if is_upright:
        made.setFixedWidth(1)
    else:
        made.setFixedHeight(1)
    return made


def plain(widget: QWidget, ground: int) -> QWidget:
    """Give a widget one of the grounds 0 to 3."""
    widget.setProperty("ground", str(ground))
    widget.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    return widget
