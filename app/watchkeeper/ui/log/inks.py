"""The colours of a program's output in the colours of the theme: the hue is kept, and it can be read."""

from functools import lru_cache

from PySide6.QtGui import QColor, QFont, QTextCharFormat

from watchkeeper.ui.log.ansi import RGB, Ink, Sign
from watchkeeper.ui.theme import Tokens, mixed

#: What small text needs against its ground (WCAG 2.2).
READABLE = 4.5
_LIGHT = ("#1B1F24", "#B42318", "#18794E", "#8A6100", "#1D4ED8", "#8E2C9E", "#0B6B82", "#535A66")
_DARK = ("#8E97A5", "#FF8A75", "#7BD99F", "#E3C06B", "#82B1FF", "#DDA0E6", "#6BD0E3", "#DDE1E7")
_STEPS = (0, 95, 135, 175, 215, 255)


def format_of(ink: Ink | Sign, t: Tokens) -> QTextCharFormat:
    """How Qt is to draw a span."""
    look = QTextCharFormat()
    if isinstance(ink, Sign):
        look.setForeground(t.text_3 if ink is Sign.CONTROL else t.text_2)
        if ink is Sign.BYTE:
            look.setBackground(t.control_active)
        return look
    ground = _ground(ink, t)
    if ground is not None:
        look.setBackground(ground)
    look.setForeground(_readable(_foreground(ink, t), ground or t.field, t.text))
    if ink.is_bold:
        look.setFontWeight(QFont.Weight.DemiBold)
    look.setFontItalic(ink.is_italic)
    look.setFontUnderline(ink.is_underlined)
    look.setFontStrikeOut(ink.is_struck)
    return look


def color_of(number: int, t: Tokens) -> QColor:
    """A colour of the usual table of 256, or RGB."""
    if number >= RGB:
        return QColor(number >> 16 & 255, number >> 8 & 255, number & 255)
    if number < 16:
        return QColor((_DARK if t.is_dark else _LIGHT)[number % 8])
    if number < 232:
        red, green, blue = (number - 16) // 36, (number - 16) // 6 % 6, (number - 16) % 6
        return QColor(_STEPS[red], _STEPS[green], _STEPS[blue])
    grey = 8 + (number - 232) * 10
    return QColor(grey, grey, grey)


def contrast(one: QColor, other: QColor) -> float:
    """As WCAG 2.2 defines it: 1 to 21."""
    bright, dim = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def _foreground(ink: Ink, t: Tokens) -> QColor:
    number = ink.ground if ink.is_inverse and ink.ground is not None else ink.color
    if number is None:
        return t.text_2 if ink.is_faint else t.text
    color = color_of(number, t)
    return mixed(color, t.field, 0.75) if ink.is_faint else color


def _ground(ink: Ink, t: Tokens) -> QColor | None:
    """A pale one: the text keeps its own colour on it."""
    number = ink.ground
    if ink.is_inverse:
        if ink.color is None:
            return mixed(t.text, t.field, 0.18)
        number = ink.color
    return None if number is None else mixed(color_of(number, t), t.field, 0.28)


def _readable(color: QColor, ground: QColor, text: QColor) -> QColor:
    return QColor.fromRgb(_nearest(color.rgb(), ground.rgb(), text.rgb()))


@lru_cache(maxsize=2048)
def _nearest(color: int, ground: int, text: int) -> int:
    """The colour, or as much of it in the theme's text colour as can be read."""
    wanted, below, strongest = (QColor.fromRgb(value) for value in (color, ground, text))
    for tenths in range(11):
        tried = mixed(wanted, strongest, 1 - tenths / 10)
        if contrast(tried, below) >= READABLE:
            return tried.rgb()
    return text


def _luminance(color: QColor) -> float:
    red, green, blue = (_linear(part) for part in (color.redF(), color.greenF(), color.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
