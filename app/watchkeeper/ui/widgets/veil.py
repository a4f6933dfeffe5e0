"""What lies over the window while a dialog or the palette is open: a scrim, and one panel that floats on it."""

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from watchkeeper.ui.theme import tokens
from watchkeeper.ui.widgets.floating import paint_floating, paint_shadow


class Veil(QWidget):
    """Covers a window and keeps the keyboard inside; Escape or a click beside the panel closes it."""

    closed = Signal()

    def __init__(self, window: QWidget, panel: QWidget, *, radius: float = 10) -> None:
        """A panel that says `top` lies so many px below the window's upper edge, others a little above the middle."""
        super().__init__(window)
        self._window = window
        self.panel = panel
        self._radius = radius
        self._focus_before = QApplication.focusWidget()
        panel.setParent(self)
        window.installEventFilter(self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def place(self) -> QRectF:
        """Where the panel is: in the middle, a little above it."""
        width, height = self.panel.width(), self.panel.height()
        top = getattr(self.panel, "top", None)
        y = min(top, self.height() - height) if top is not None else (self.height() - height) * 0.4
        return QRectF((self.width() - width) / 2, max(24.0, y), width, height)

    def open(self) -> None:
        """Show it, and give its panel the keyboard."""
        self._fit()
        self.show()
        self.raise_()
        (self.panel.focusProxy() or self.panel).setFocus(Qt.FocusReason.PopupFocusReason)

    def close_veil(self) -> None:
        """Take it away and give the keyboard back, if what had it is still there."""
        self.hide()
        if self._focus_before is not None and isValid(self._focus_before):
            self._focus_before.setFocus(Qt.FocusReason.PopupFocusReason)
        self.closed.emit()
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Grow with the window."""
        if event.type() is QEvent.Type.Resize and self.isVisible():
            self._fit()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), tokens().scrim)
        paint_shadow(painter, QRectF(self.panel.geometry()), self._radius)
        paint_floating(painter, QRectF(self.panel.geometry()), self._radius)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self.panel.geometry().contains(event.position().toPoint()):
            self.close_veil()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_veil()

    def focusNextPrevChild(self, is_next: bool) -> bool:
        """The keyboard does not leave the veil."""
        return super().focusNextPrevChild(is_next) if self._would_stay(is_next) else True

    def _would_stay(self, is_next: bool) -> bool:
        focus = QApplication.focusWidget()
        following = focus.nextInFocusChain() if focus and is_next else focus.previousInFocusChain() if focus else None
        return following is None or self.isAncestorOf(following)

    def _fit(self) -> None:
        self.setGeometry(self._window.rect())
        self.panel.move(self.place().topLeft().toPoint())
