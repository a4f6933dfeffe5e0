"""How the window looks: tokens, fonts, the style sheet, and the switch between themes without a restart."""

from watchkeeper.ui.theme.colors import Theme, Tokens, faded, mixed
from watchkeeper.ui.theme.fonts import Role, font
from watchkeeper.ui.theme.look import Density, Look, Motion, density, look

__all__ = [
    "Density",
    "Look",
    "Motion",
    "Role",
    "Theme",
    "Tokens",
    "density",
    "faded",
    "font",
    "look",
    "mixed",
    "tokens",
]


def tokens() -> Tokens:
    """The colours that hold at this moment; ask at each painting, never keep them."""
    return look().worn
