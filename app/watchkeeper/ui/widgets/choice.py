"""One of many, from a list that opens."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QSizePolicy, QStyle, QStyleOptionComboBox, QStylePainter, QWidget

from watchkeeper.model.text import Text
from watchkeeper.ui import icons
from watchkeeper.ui.theme import Role, font, tokens
from watchkeeper.ui.words import Spoken, shown

HEIGHT = 32
#: What the words have not: the margin at their left, and the mark at their right.
_TAKEN = 12 + 28
NARROWEST = 120


class Choice(Spoken, QComboBox):
    """`options`: values with their words; plain strings are shown as they stand."""

    #: Another one was chosen by the person.
    picked = Signal(object)

    def __init__(
        self, name: Text, options: Sequence[tuple[Any, Text | str]], width: int = 0, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._name, self._options = name, list(options)
        self.setFont(font(Role.BODY))
        self.setFixedHeight(HEIGHT)
        self._width = width
        if width:
            self.setMaximumWidth(width)
            self.setMinimumWidth(min(width, NARROWEST))
        across = QSizePolicy.Policy.Preferred if width else QSizePolicy.Policy.Expanding
        self.setSizePolicy(across, QSizePolicy.Policy.Fixed)
        self.setMaxVisibleItems(16)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.retranslate()
        self.activated.connect(self._tell)

    @property
    def value(self) -> Any:
        """Which one is chosen; None for none of them."""
        index = self.currentIndex()
        return self._options[index][0] if 0 <= index < len(self._options) else None

    def offer(self, options: Sequence[tuple[Any, Text | str]]) -> None:
        """Other options; the chosen one stays if it is among them."""
        value = self.value
        self._options = list(options)
        self.clear()
        self.addItems([shown(text) for _value, text in self._options])
        self.show_value(value)

    def show_value(self, value: Any) -> None:
        """Choose one without telling; what is not offered is added as it stands."""
        values = [each for each, _text in self._options]
        if value is not None and value not in values:
            self._options.append((value, str(value)))
            self.addItem(str(value))
            values.append(value)
        self.setCurrentIndex(values.index(value) if value in values else -1)

    def retranslate(self) -> None:
        self.setAccessibleName(shown(self._name))
        index = self.currentIndex()
        self.clear()
        self.addItems([shown(text) for _value, text in self._options])
        self.setCurrentIndex(index)

    def sizeHint(self) -> QSize:
        return QSize(self._width or super().sizeHint().width(), HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(min(self._width or NARROWEST, NARROWEST), HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, option = QStylePainter(self), QStyleOptionComboBox()
        self.initStyleOption(option)
        room = self.width() - _TAKEN
        option.currentText = self.fontMetrics().elidedText(option.currentText, Qt.TextElideMode.ElideRight, room)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        color = tokens().text_2 if self.isEnabled() else tokens().text_disabled
        spot = QRectF(self.width() - 22, (self.height() - 14) / 2, 14, 14)
        icons.paint(painter, "ui/chevron-down", color, spot)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The page scrolls; a list that is closed is not changed by the way."""
        event.ignore()

    def _tell(self, index: int) -> None:
        self.picked.emit(self.value)
