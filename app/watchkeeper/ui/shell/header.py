"""The row at the top: menus, the box that opens the palette, notices, theme, language, who is here."""

from collections.abc import Callable
from datetime import timedelta

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QMenu, QMenuBar, QSizePolicy, QToolButton, QWidget

from watchkeeper.model.text import Text, _
from watchkeeper.ui import icons
from watchkeeper.ui.clock import now
from watchkeeper.ui.theme import Role, font, tokens
from watchkeeper.ui.widgets.keycap import key_cap, key_cap_width
from watchkeeper.ui.widgets.words import IconButton, plain
from watchkeeper.ui.words import Spoken, language, shown

HEIGHT = 40


class SearchBox(Spoken, QAbstractButton):
    """Looks like a field and opens the palette."""

    def __init__(self, keys: str, on_open: Callable[[], None]) -> None:
        super().__init__()
        self._keys = keys
        self.setFixedHeight(28)
        self.setMinimumWidth(220)
        self.setMaximumWidth(440)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self.clicked.connect(on_open)
        self.retranslate()

    def sizeHint(self) -> QSize:
        return QSize(440, 28)

    def retranslate(self) -> None:
        self._words = shown(_("Search jobs, runs, or type a command"))
        self.setAccessibleName(self._words)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        t, painter = tokens(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(t.accent if self.hasFocus() else t.border_strong if self.underMouse() else t.border)
        painter.setBrush(t.field)
        painter.drawRoundedRect(QRectF(0.5, 0.5, self.width() - 1, 27), 6, 6)
        icons.paint(painter, "ui/search", t.text_2, QRectF(10, 6, 16, 16))
        cap = key_cap_width(self._keys)
        painter.setFont(font(Role.BODY))
        painter.setPen(t.text_2)
        room = QRectF(33, 0, self.width() - 33 - cap - 14, 28)
        cut = QFontMetricsF(painter.font()).elidedText(self._words, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, cut)
        key_cap(painter, self._keys, QPointF(self.width() - cap - 6, 5))


class Header(QWidget):
    """`initials` of the person, for the disc at the right."""

    theme_asked = Signal()
    language_asked = Signal()

    def __init__(self, palette_keys: str, on_palette: Callable[[], None], initials: str) -> None:
        super().__init__()
        plain(self, 0)
        self.setFixedHeight(HEIGHT)
        self.menus = QMenuBar(self)
        self.menus.setNativeMenuBar(False)
        self.menus.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.search = SearchBox(palette_keys, on_palette)
        self.bell = Bell()
        self.theme = IconButton("ui/theme", _("Light or dark"), self.theme_asked.emit)
        self.tongue = Tongue(self.language_asked.emit)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 0, 14, 0)
        layout.setSpacing(4)
        layout.addWidget(Logo())
        layout.addSpacing(6)
        layout.addWidget(self.menus)
        layout.addStretch(2)
        layout.addWidget(self.search, 6)
        layout.addStretch(3)
        for widget in (self.bell, self.theme, self.tongue, Disc(initials)):
            layout.addWidget(widget)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.fillRect(QRectF(0, HEIGHT - 1, self.width(), 1), tokens().border)


class Logo(QWidget):
    """The program's sign."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(20, 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        icons.paint(QPainter(self), "app-small", tokens().text, QRectF(0, 0, 20, 20))


class Bell(IconButton):
    """How many notices have not been seen, and whether they disturb; its menu turns that."""

    #: To be left alone from now on, or no longer; for good or for a while.
    quiet_asked = Signal(bool, object)

    def __init__(self) -> None:
        super().__init__("ui/bell", _("Notifications"), lambda: None)
        self.count = 0
        self._is_quiet = False

    def set_count(self, count: int) -> None:
        """Show the number on a disc; nothing for 0."""
        self.count = count
        self.update()

    def set_quiet(self, is_quiet: bool, words: Text) -> None:
        """Show whether nobody is to be disturbed; `words` say it with its end."""
        self._is_quiet = is_quiet
        self.set_icon("ui/moon" if is_quiet else "ui/bell")
        self.say(_("Notifications. {quiet}", quiet=words) if is_quiet else _("Notifications"))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        turn = menu.addAction(shown(_("Do not disturb")), self._ask)
        turn.setCheckable(True)
        turn.setChecked(self._is_quiet)
        menu.addAction(shown(_("Do not disturb for 1 hour")), self._ask_for_an_hour)
        menu.popup(event.globalPos())

    def _ask(self) -> None:
        self.quiet_asked.emit(not self._is_quiet, None)

    def _ask_for_an_hour(self) -> None:
        self.quiet_asked.emit(True, now() + timedelta(hours=1))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.count:
            return
        t, painter = tokens(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(t.text)
        painter.drawEllipse(QRectF(13, 1, 14, 14))
        painter.setPen(t.surface_0)
        painter.setFont(font(Role.CAPTION_STRONG))
        painter.drawText(QRectF(13, 1, 14, 14), Qt.AlignmentFlag.AlignCenter, str(min(self.count, 99)))


class Tongue(Spoken, QToolButton):
    """The language that the window speaks."""

    def __init__(self, on_click: Callable[[], None]) -> None:
        super().__init__()
        self.setProperty("kind", "ghost")
        self.setFixedHeight(28)
        self.setMinimumWidth(34)
        self.clicked.connect(on_click)
        self.retranslate()

    def retranslate(self) -> None:
        self.setText("中文" if language() == "zh_CN" else "EN")
        self.setToolTip(shown(_("Language")))
        self.setAccessibleName(shown(_("Language")))


class Disc(QWidget):
    """The initials of who is here."""

    def __init__(self, initials: str) -> None:
        super().__init__()
        self._initials = initials
        self.setFixedSize(26, 26)

    def paintEvent(self, event: QPaintEvent) -> None:
        t, painter = tokens(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(t.menu_selected)
        painter.drawEllipse(QRectF(0, 0, 26, 26))
        painter.setPen(t.accent)
        painter.setFont(font(Role.CAPTION_STRONG))
        painter.drawText(QRectF(0, 0, 26, 26), Qt.AlignmentFlag.AlignCenter, self._initials)


def initials_of(name: str) -> str:
    """Two letters for a disc."""
    parts = [part for part in name.replace(".", " ").replace("_", " ").replace("-", " ").split() if part]
    letters = "".join(part[0] for part in parts[:2]) if len(parts) > 1 else name[:2]
    return letters.upper() or "?"


def menu_title(text: Text) -> str:
    """A menu's words, in which an ampersand is an ampersand."""
    return shown(text).replace("&", "&&")
