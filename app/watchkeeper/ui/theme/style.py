"""What a style sheet can't draw well: the focus ring, the check box, the toggle."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QProxyStyle, QPushButton, QStyle, QStyleHintReturn, QStyleOption, QWidget

CHECKBOX = 16


class HouseStyle(QProxyStyle):
    """Fusion with our own marks."""

    def __init__(self) -> None:
        super().__init__("Fusion")

    def pixelMetric(
        self, metric: QStyle.PixelMetric, option: QStyleOption | None = None, widget: QWidget | None = None
    ) -> int:
        """Sizes that Fusion takes from the font."""
        if metric in (QStyle.PixelMetric.PM_IndicatorWidth, QStyle.PixelMetric.PM_IndicatorHeight):
            return CHECKBOX
        if metric is QStyle.PixelMetric.PM_CheckBoxLabelSpacing:
            return 8
        if metric in (QStyle.PixelMetric.PM_SplitterWidth,):
            return 1
        return super().pixelMetric(metric, option, widget)

    def styleHint(
        self,
        hint: QStyle.StyleHint,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
        returnData: QStyleHintReturn | None = None,
    ) -> int:
        """Tooltips come after half a second; what Qt moves by itself moves only where things may move."""
        from watchkeeper.ui.theme.look import look

        if hint is QStyle.StyleHint.SH_ToolTip_WakeUpDelay:
            return 500
        if hint is QStyle.StyleHint.SH_Widget_Animation_Duration and look().is_motion_reduced:
            return 0
        return super().styleHint(hint, option, widget, returnData)

    def drawPrimitive(
        self, element: QStyle.PrimitiveElement, option: QStyleOption, painter: QPainter, widget: QWidget | None = None
    ) -> None:
        """The check box and the focus ring are ours."""
        if element is QStyle.PrimitiveElement.PE_IndicatorCheckBox:
            return draw_checkbox(painter, QRectF(option.rect), option.state)
        if element is QStyle.PrimitiveElement.PE_FrameFocusRect:
            # A button's style sheet asks for it around the words.
            return draw_focus(painter, QRectF(widget.rect() if isinstance(widget, QPushButton) else option.rect))
        return super().drawPrimitive(element, option, painter, widget)


def draw_checkbox(painter: QPainter, rect: QRectF, state: QStyle.StateFlag) -> None:
    """A check box of 16 px in the middle of `rect`: on, off, or partly."""
    from watchkeeper.ui.theme import tokens

    t = tokens()
    box = QRectF(0, 0, CHECKBOX, CHECKBOX)
    box.moveCenter(rect.center())
    is_on = bool(state & (QStyle.StateFlag.State_On | QStyle.StateFlag.State_NoChange))
    is_enabled = bool(state & QStyle.StateFlag.State_Enabled)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(t.accent if is_on and is_enabled else t.border_strong, 1))
    painter.setBrush((t.accent if is_enabled else t.text_disabled) if is_on else t.field)
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    painter.setPen(QPen(t.on_accent, 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    left, top = box.left(), box.top()
    if state & QStyle.StateFlag.State_NoChange:
        middle = box.center()
        painter.drawLine(middle - QPointF(3, 0), middle + QPointF(3, 0))
    elif state & QStyle.StateFlag.State_On:
        painter.drawPolyline([QPointF(left + 4, top + 8.5), QPointF(left + 7, top + 11.5), QPointF(left + 12, top + 5)])
    painter.restore()


def draw_focus(painter: QPainter, rect: QRectF, radius: float = 6) -> None:
    """A ring of 2 px in the accent, a pixel away from what has the keyboard."""
    from watchkeeper.ui.theme import tokens

    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(tokens().accent, 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), radius, radius)
    painter.restore()
