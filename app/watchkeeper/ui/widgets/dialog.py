"""A card over the dimmed window: what it is about first, the buttons right, the default last."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from watchkeeper.model.text import Text, _
from watchkeeper.ui.theme import Role, tokens
from watchkeeper.ui.widgets.words import Button, Label
from watchkeeper.ui.words import Spoken, shown

NARROW, WIDE = 480, 640
PADDING = 24


class Dialog(Spoken, QWidget):
    """`body` is taken over. Enter does what the last button does, Esc closes; closed it is gone."""

    def __init__(
        self,
        over: QWidget,
        title: Text,
        body: QWidget,
        choices: tuple[tuple[Text, Callable[[], object]], ...],
        *,
        width: int = NARROW,
        close: Text | None = None,
    ) -> None:
        self._over = over.window()
        super().__init__(self._over)
        self._title = title
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.card = _Card(self)
        self.card.setFixedWidth(width)
        self.buttons: list[Button] = [Button(close or _("Cancel"), self.close)]
        self._before = self._over.focusWidget()
        for number, (text, do) in enumerate(choices, 1):
            kind = "primary" if number == len(choices) else "secondary"
            self.buttons.append(Button(text, _Deed(self, do).carry_out, kind=kind))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        for button in self.buttons:
            row.addWidget(button)
        inner = QVBoxLayout(self.card)
        inner.setContentsMargins(PADDING, PADDING, PADDING, PADDING)
        inner.setSpacing(16)
        inner.addWidget(Label(title, Role.PANEL_TITLE))
        inner.addWidget(body, 1)
        inner.addLayout(row)
        self._over.installEventFilter(self)
        self.retranslate()

    def open(self) -> None:
        """Show it; returns at once."""
        self._cover()
        self.show()
        self.raise_()
        self.buttons[-1].setFocus()

    def retranslate(self) -> None:
        self.setAccessibleName(shown(self._title))

    def closeEvent(self, event: object) -> None:
        self._over.removeEventFilter(self)
        if self._before is not None:
            self._before.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize:
            self._cover()
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.buttons[-1].click()
        else:
            event.accept()

    def focusNextPrevChild(self, next: bool) -> bool:
        """Tab stays within the card."""
        stops = [each for each in self.card.findChildren(QWidget) if _is_stop(each)]
        if not stops:
            return False
        now = stops.index(self.focusWidget()) if self.focusWidget() in stops else 0
        stops[(now + (1 if next else -1)) % len(stops)].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """What is behind is out of reach."""
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), tokens().scrim)

    def _cover(self) -> None:
        self.setGeometry(self._over.rect())
        height = min(self.card.sizeHint().height(), self.height() - 80)
        self.card.resize(self.card.width(), height)
        self.card.move((self.width() - self.card.width()) // 2, max(40, (self.height() - height) // 3))


class _Card(QWidget):
    """What floats."""

    def paintEvent(self, event: QPaintEvent) -> None:
        t, painter = tokens(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(t.border)
        painter.setBrush(t.surface_3)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 10, 10)


class _Deed:
    """Closes the dialog and does what a button is for."""

    def __init__(self, dialog: Dialog, do: Callable[[], object]) -> None:
        self._dialog, self._do = dialog, do

    def carry_out(self) -> None:
        self._dialog.close()
        self._do()


def _is_stop(widget: QWidget) -> bool:
    return widget.isVisible() and widget.isEnabled() and bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
