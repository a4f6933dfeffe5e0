"""The colours by what they are for. Status colours stand for states of runs and colour glyphs, bars and edges only.

Contrast, and the distance of status colours for colour-blind eyes, are guarded by tests/ui/theme/test_colors.py.
"""

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtGui import QColor


class Theme(StrEnum):
    """What a person may choose; SYSTEM follows the desktop."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "contrast"


@dataclass(frozen=True)
class Tokens:
    """Every colour of one theme."""

    is_dark: bool
    #: Window, rail, tab row, status bar, the dashboard's ground.
    surface_0: QColor
    #: Page, card, inspector, toolbar.
    surface_1: QColor
    #: Table header, group row, reason box; in the dark: node, secondary button.
    surface_2: QColor
    #: Popover, menu, tooltip, dialog: what floats.
    surface_3: QColor
    #: Inputs and the ground of a log.
    field: QColor
    canvas: QColor
    canvas_dot: QColor
    border: QColor
    border_soft: QColor
    border_strong: QColor
    text: QColor
    text_2: QColor
    text_3: QColor
    text_disabled: QColor
    accent: QColor
    accent_hover: QColor
    on_accent: QColor
    selection: QColor
    hover: QColor
    error_ground: QColor
    search_hit: QColor
    track: QColor
    grid: QColor
    fill_ok: QColor
    planned: QColor
    shadow: QColor
    scrim: QColor
    success: QColor
    running: QColor
    failed: QColor
    warning: QColor
    blocked: QColor
    waiting: QColor
    cancelled: QColor

    @property
    def control_active(self) -> QColor:
        """The ground of what is chosen or pressed: rail item, segmented ground, tag."""
        return faded(self.text, 0.07)

    @property
    def menu_selected(self) -> QColor:
        return mixed(self.accent, self.surface_3, 0.16 if self.is_dark else 0.10)

    @property
    def focus_halo(self) -> QColor:
        """Around a field that has the keyboard."""
        return faded(self.accent, 0.28)

    @property
    def error_text(self) -> QColor:
        """The number on a failed attempt's disc."""
        return QColor("#1B0B07") if self.is_dark else QColor("#FFFFFF")


def faded(color: QColor, share: float) -> QColor:
    """The colour with `share` of its opacity."""
    thinner = QColor(color)
    thinner.setAlphaF(color.alphaF() * share)
    return thinner


def mixed(color: QColor, ground: QColor, share: float) -> QColor:
    """What `share` of the colour over an opaque ground looks like."""
    rest = 1 - share
    return QColor(
        round(color.red() * share + ground.red() * rest),
        round(color.green() * share + ground.green() * rest),
        round(color.blue() * share + ground.blue() * rest),
    )


def _made(is_dark: bool, colors: dict[str, str]) -> Tokens:
    return Tokens(is_dark, **{name: QColor(value) for name, value in colors.items()})


_LIGHT = {
    "surface_0": "#F4F6F9",
    "surface_1": "#FFFFFF",
    "surface_2": "#F7F8FA",
    "surface_3": "#FFFFFF",
    "field": "#FFFFFF",
    "canvas": "#FAFBFC",
    "canvas_dot": "#DDE1E7",
    "border": "#DFE3E9",
    "border_soft": "#EBEEF2",
    "border_strong": "#C3C9D2",
    "text": "#1B1F24",
    "text_2": "#535A66",
    "text_3": "#697180",
    "text_disabled": "#9AA1AC",
    "accent": "#0B6B82",
    "accent_hover": "#095A6E",
    "on_accent": "#FFFFFF",
    "selection": "#F1F8FA",
    "hover": "#F4F6F9",
    "error_ground": "#FBF2F2",
    "search_hit": "#EADBB6",
    "track": "#E6E9EE",
    "grid": "#EEF0F4",
    "fill_ok": "#54A085",
    "planned": "#C3C9D2",
    "shadow": "#1A101828",
    "scrim": "#59141A22",
    "success": "#0B7350",
    "running": "#1A61EC",
    "failed": "#B0120A",
    "warning": "#B8860B",
    "blocked": "#5B1A8B",
    "waiting": "#8A8F99",
    "cancelled": "#3A3A3A",
}

_DARK = {
    "surface_0": "#15171B",
    "surface_1": "#1E2126",
    "surface_2": "#24282E",
    "surface_3": "#292D34",
    "field": "#191B20",
    "canvas": "#191B1F",
    "canvas_dot": "#2C3037",
    "border": "#32373F",
    "border_soft": "#2A2E35",
    "border_strong": "#4A515C",
    "text": "#DDE1E7",
    "text_2": "#9FA7B4",
    "text_3": "#8E97A5",
    "text_disabled": "#666E7A",
    "accent": "#4CC3D9",
    "accent_hover": "#6BD0E3",
    "on_accent": "#0B1A1E",
    "selection": "#1D3037",
    "hover": "#24282E",
    "error_ground": "#362526",
    "search_hit": "#685724",
    "track": "#30353D",
    "grid": "#2A2E35",
    "fill_ok": "#4E8A6B",
    "planned": "#63666B",
    "shadow": "#52000000",
    "scrim": "#8C000000",
    "success": "#7BE8AC",
    "running": "#2F9BFF",
    "failed": "#E8402A",
    "warning": "#F7BF1F",
    "blocked": "#A85BA0",
    "waiting": "#D5DCEB",
    "cancelled": "#8C8479",
}


def _sharpened(colors: dict[str, str]) -> dict[str, str]:
    """High contrast: all words in the strongest ink, every border as strong as a word."""
    words = dict.fromkeys(("text_2", "text_3"), colors["text"])
    borders = dict.fromkeys(("border", "border_soft", "border_strong", "planned"), colors["text_3"])
    return {**colors, **words, **borders}


LIGHT = _made(False, _LIGHT)
DARK = _made(True, _DARK)
CONTRAST_LIGHT = _made(False, _sharpened(_LIGHT))
CONTRAST_DARK = _made(True, _sharpened(_DARK))
