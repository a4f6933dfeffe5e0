"""Words at the bottom right for a few seconds: what was done, with the way back; three at once, then a count."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from watchkeeper.model.text import Text, _, plural
from watchkeeper.ui.theme import Role, look, tokens
from watchkeeper.ui.widgets.floating import paint_floating, paint_shadow
from watchkeeper.ui.widgets.glyph import Glyph
from watchkeeper.ui.widgets.words import Button, IconButton, Label
from watchkeeper.ui.words import shown

WIDTH = 360
#: Milliseconds that one is shown, and between two looks at how many are left.
SHOWN, BEAT = 5_000, 50
SECOND = 1_000
MOST = 3
GAP = 8
MARGIN = 16
#: How far a shadow reaches.
SPREAD = 32


@dataclass(frozen=True)
class Offer:
    """Words of a toast's button, what it does, and for how many milliseconds it is offered."""

    text: Text
    follow: Callable[[], None]
    time: int = SHOWN


class Toast(QWidget):
    """One of them; the time stands still while the pointer or the keyboard is on it."""

    def __init__(self, text: Text | str, glyph: str, offer: Offer | None, close: Callable[[], None]) -> None:
        super().__init__()
        self._time = self._left = SHOWN if offer is None else offer.time
        self._close = close
        self.setFixedWidth(WIDTH)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(shown(text))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 10, 8, 12)
        layout.setSpacing(8)
        if glyph:
            layout.addWidget(Glyph(glyph))
        self.label = Label(text)
        self.label.setWordWrap(True)
        layout.addWidget(self.label, 1)
        if offer is not None:
            layout.addWidget(Button(offer.text, partial(self._follow, offer.follow), kind="link"))
        layout.addWidget(IconButton("ui/close", _("Close"), close, size=14))
        self.setFixedHeight(layout.heightForWidth(WIDTH))
        self._clock = QTimer(self)
        self._clock.setInterval(BEAT)
        self._clock.timeout.connect(self._go_on)
        self._clock.start()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_floating(painter, QRectF(self.rect()), 8)
        width = (self.width() - 16) * self.share_left()
        painter.fillRect(QRectF(8, self.height() - 2, width, 1), tokens().accent)

    def share_left(self) -> float:
        """Of its time; where nothing is to move, in steps of a second."""
        left = math.ceil(self._left / SECOND) * SECOND if look().is_motion_reduced else self._left
        return left / self._time

    def _go_on(self) -> None:
        if self.underMouse() or self._has_keyboard():
            return
        self._left -= BEAT
        self.update()
        if self._left <= 0:
            self._close()

    def _has_keyboard(self) -> bool:
        focus = QApplication.focusWidget()
        return focus is not None and self.isAncestorOf(focus)

    def _follow(self, follow: Callable[[], None]) -> None:
        follow()
        self._close()


class More(Label):
    """How many there was no room for."""

    def __init__(self) -> None:
        super().__init__("", Role.SMALL, ink=2)
        self.setContentsMargins(12, 4, 12, 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_floating(painter, QRectF(self.rect()), 8)
        painter.end()
        super().paintEvent(event)


class Toasts(QWidget):
    """Lies over its window; only the toasts themselves take the pointer. `below`: px at the edge that stay free."""

    def __init__(self, window: QWidget, below: int = 0) -> None:
        super().__init__(window)
        self._window, self._below = window, below
        self._shade = Shade(window)
        self._toasts: list[Toast] = []
        self._hidden = 0
        self._more = More()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(GAP)
        self._layout.addWidget(self._more, alignment=Qt.AlignmentFlag.AlignRight)
        self._more.hide()
        self.hide()
        window.installEventFilter(self)

    def show_toast(self, text: Text | str, glyph: str = "", undo: Callable[[], None] | None = None) -> None:
        """Say something; the oldest gives way when there are too many."""
        self.show_offer(text, glyph, None if undo is None else Offer(_("Undo"), undo))

    def show_offer(self, text: Text | str, glyph: str, offer: Offer | None) -> None:
        """The same with any button."""
        while len(self._toasts) >= MOST:
            self._hidden += 1
            self._remove(self._toasts[0])
        toast = Toast(text, glyph, offer, lambda: self._remove(toast))
        self._toasts.append(toast)
        self._layout.addWidget(toast)
        toast.show()
        self._place()
        QAccessible.updateAccessibility(announcement(self, toast.label.text(), is_urgent=glyph == "status/failed"))

    def texts(self) -> list[str]:
        """What is said now."""
        return [toast.label.text() for toast in self._toasts]

    def sizeHint(self) -> QSize:
        return self._layout.sizeHint()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in the corner when the window grows."""
        if event.type() is QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def _remove(self, toast: Toast) -> None:
        if toast not in self._toasts:
            return
        self._toasts.remove(toast)
        self._layout.removeWidget(toast)
        toast.hide()
        toast.deleteLater()
        if not self._toasts:
            self._hidden = 0
        self._place()

    def _place(self) -> None:
        self._more.setVisible(self._hidden > 0)
        self._more.say(plural("{n} more, in Activity", "{n} more, in Activity", self._hidden))
        self.setVisible(bool(self._toasts))
        self._layout.activate()
        self.adjustSize()
        room = self._window.size() - self.size()
        self.move(room.width() - MARGIN, room.height() - MARGIN - self._below)
        self._shade.lie_under([toast.geometry().translated(self.pos()) for toast in self._toasts])
        self.raise_()


class Shade(QWidget):
    """The shadows of what floats; no pointer finds it."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._rects: list[QRect] = []
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def lie_under(self, rects: list[QRect]) -> None:
        """Rectangles of the window that throw a shadow now."""
        whole = QRect()
        for rect in rects:
            whole |= rect
        self.setGeometry(whole.adjusted(-SPREAD, -SPREAD, SPREAD, SPREAD))
        self._rects = [rect.translated(-self.pos()) for rect in rects]
        self.setVisible(bool(rects))
        self.raise_()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for rect in self._rects:
            paint_shadow(painter, QRectF(rect), 8)


def announcement(of: QWidget, words: str, *, is_urgent: bool) -> QAccessibleAnnouncementEvent:
    """What a screen reader says: at once what went wrong, the rest when it has said what it is at."""
    made = QAccessibleAnnouncementEvent(of, words)
    politeness = QAccessible.AnnouncementPoliteness
    made.setPoliteness(politeness.Assertive if is_urgent else politeness.Polite)
    return made
