"""The one style sheet, filled with the colours of a theme.

Variants are properties: `kind` of a button is primary, secondary, ghost, fold or link; `ground` of a widget a surface.
"""

from functools import cache
from string import Template

from PySide6.QtGui import QColor

from watchkeeper.model import places
from watchkeeper.ui.theme.colors import Tokens, mixed


def sheet(t: Tokens) -> str:
    """The style sheet of a theme."""
    colors = {name: value.name() for name, value in vars(t).items() if isinstance(value, QColor)}
    return _template().substitute(
        colors,
        button=(t.surface_2 if t.is_dark else t.surface_1).name(),
        active=mixed(t.text, t.surface_1, 0.07).name(),
        menu_selected=t.menu_selected.name(),
        text_selection=mixed(t.accent, t.field, 0.28).name(),
        scroll=mixed(t.text, t.surface_1, 0.22).name(),
        scroll_hover=mixed(t.text, t.surface_1, 0.40).name(),
    )


@cache
def _template() -> Template:
    return Template((places.resources() / "themes" / "controls.qss").read_text(encoding="utf-8"))
