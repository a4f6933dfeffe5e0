"""The search field: an expression, its switches, and which hit of how many is shown."""

from html import escape

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QMenu, QToolButton, QWidget

from watchkeeper.model.text import Text, _
from watchkeeper.ui import icons
from watchkeeper.ui.theme import Role, font, look, tokens
from watchkeeper.ui.widgets.words import Label
from watchkeeper.ui.words import Spoken, locale, shown

WIDTH = 222
NARROW = 120
#: Milliseconds after the last letter.
_PAUSE = 150


class SearchField(Spoken, QLineEdit):
    """Regular expressions without regard to case, unless it is told otherwise."""

    #: Another expression, or another switch.
    asked = Signal()
    next_wanted = Signal()
    previous_wanted = Signal()
    #: The keyboard goes back to the rows.
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(28)
        self.setMinimumWidth(NARROW)
        self.setMaximumWidth(WIDTH)
        self.setFont(font(Role.MONO))
        self.setMaxLength(1000)
        self._count = Label("", Role.SMALL, ink=3, parent=self)
        self._count.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._menu = QMenu(self)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE)
        self._pause.timeout.connect(self.asked)
        self._regex = self._switch(is_on=True)
        self._case = self._switch(is_on=False)
        self._button = QToolButton(self)
        self._button.setProperty("kind", "ghost")
        self._button.setIconSize(QSize(16, 16))
        self._button.setGeometry(4, 0, 28, 28)
        self._button.setCursor(Qt.CursorShape.ArrowCursor)
        self._button.clicked.connect(self._open_menu)
        self.textEdited.connect(self._take_text)
        look().changed.connect(self._paint_icon)
        self._paint_icon()
        self._make_room()
        self.retranslate()

    @property
    def is_regex(self) -> bool:
        """The text is a regular expression."""
        return self._regex.isChecked()

    @property
    def is_case_sensitive(self) -> bool:
        """Capitals matter."""
        return self._case.isChecked()

    def retranslate(self) -> None:
        self.setPlaceholderText(shown(_("Search")))
        self.setAccessibleName(shown(_("Search in the log")))
        self.setToolTip(f"{shown(_('Search in the log'))}  /")
        self._regex.setText(shown(_("Regular expression")))
        self._case.setText(shown(_("Match case")))
        self._button.setAccessibleName(shown(_("How to search")))
        self._button.setToolTip(shown(_("How to search")))

    def tell(self, hit: int | None, count: int, *, is_running: bool, is_cut: bool) -> None:
        """Say which hit of how many is shown; nothing when nothing is looked for."""
        if not self.text():
            return self._say("")
        number = locale().toString(count) + ("+" if is_cut else "…" if is_running else "")
        if hit is not None:
            return self._say(_("{number} / {count}", number=locale().toString(hit + 1), count=number))
        return self._say(_("none") if not count and not is_running else number)

    def tell_problem(self, problem: Text | None) -> None:
        """Mark the field as wrong, or as right again."""
        is_wrong = problem is not None
        if bool(self.property("is_wrong")) is not is_wrong:
            self.setProperty("is_wrong", is_wrong)
            self.style().unpolish(self)
            self.style().polish(self)
        if problem is not None:
            self._say("")
            self.setToolTip(f"<p>{escape(shown(problem))}</p>")
        else:
            self.retranslate()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes on to the next hit, Shift+Enter back, Esc to the rows."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._ask_now()
            is_back = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            (self.previous_wanted if is_back else self.next_wanted).emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._regex.isChecked() and not self._case.isChecked():
            return
        painter = QPainter(self)
        painter.fillRect(QRectF(25, 19, 4, 4), tokens().accent)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The count stays at the right."""
        super().resizeEvent(event)
        self._make_room()

    def event(self, event: QEvent) -> bool:
        """Single letters are text here, not keys of the window."""
        if event.type() is QEvent.Type.ShortcutOverride:
            event.accept()
        return super().event(event)

    def _switch(self, *, is_on: bool) -> QAction:
        action = QAction(self)
        action.setCheckable(True)
        action.setChecked(is_on)
        action.toggled.connect(self._ask_now)
        self._menu.addAction(action)
        return action

    def _open_menu(self) -> None:
        self._menu.popup(self.mapToGlobal(self.rect().bottomLeft()))

    def _take_text(self) -> None:
        self._pause.start()

    def _ask_now(self) -> None:
        self._pause.stop()
        self.asked.emit()

    def _say(self, words: Text | str) -> None:
        self._count.say(words)
        self._make_room()

    def _make_room(self) -> None:
        self._count.adjustSize()
        self._count.move(self.width() - 9 - self._count.width(), (self.height() - self._count.height()) // 2)
        self.setTextMargins(21, 0, self._count.width() + 8 if self._count.text() else 0, 0)

    def _paint_icon(self) -> None:
        self._button.setIcon(icons.icon("ui/search"))
