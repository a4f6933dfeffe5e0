"""The look that holds now: theme and density, switched live."""

from enum import StrEnum
from functools import cache

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication, QPalette, QPixmapCache
from PySide6.QtWidgets import QApplication

from watchkeeper.ui.theme import colors
from watchkeeper.ui.theme.colors import Theme, Tokens
from watchkeeper.ui.theme.fonts import Role, font
from watchkeeper.ui.theme.sheet import sheet
from watchkeeper.ui.theme.style import HouseStyle


class Density(StrEnum):
    """How much air rows have."""

    COMFORTABLE = "comfortable"
    COMPACT = "compact"

    @property
    def row(self) -> int:
        """Height of a table's row, in logical px."""
        return 32 if self is Density.COMFORTABLE else 26


class Motion(StrEnum):
    """Whether things move: SYSTEM follows the desktop."""

    SYSTEM = "system"
    REDUCED = "reduced"
    FULL = "full"


class Look(QObject):
    """One for the application. Painted widgets repaint by the palette's change, which reaches all of them."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.theme = Theme.SYSTEM
        self.density = Density.COMFORTABLE
        self.motion = Motion.SYSTEM
        self._is_still_desktop = False
        self.tokens = colors.LIGHT
        #: With which it is painted at this moment (see theme/pale.py).
        self.worn = self.tokens

    def begin(
        self,
        theme: Theme = Theme.SYSTEM,
        density: Density = Density.COMFORTABLE,
        motion: Motion = Motion.SYSTEM,
    ) -> None:
        """Dress the application, and follow the desktop from now on."""
        self.density, self.motion = density, motion
        app = _application()
        app.setStyle(HouseStyle())
        app.setFont(font(Role.BODY))
        hints = QGuiApplication.styleHints()
        hints.colorSchemeChanged.connect(self._take_scheme)
        hints.accessibility().contrastPreferenceChanged.connect(self._take_scheme)
        self.choose(theme)

    def choose(self, theme: Theme) -> None:
        """Switch to a theme, at once and everywhere."""
        self.theme = theme
        self.tokens = self.worn = _tokens_of(theme)
        QPixmapCache.clear()
        app = _application()
        # From one sheet to another Qt tells every widget of each change above it; from none to one it does not.
        app.setStyleSheet("")
        app.setPalette(_palette(self.tokens))
        app.setStyleSheet(sheet(self.tokens))
        self.changed.emit()

    def set_density(self, density: Density) -> None:
        """Let rows be higher or lower."""
        self.density = density
        self.changed.emit()

    @property
    def is_motion_reduced(self) -> bool:
        """Whether nothing is to move: no turning, no fading, all at once."""
        is_wished = self._is_still_desktop or _wants_less_motion()
        return self.motion is Motion.REDUCED or (self.motion is Motion.SYSTEM and is_wished)

    def set_motion(self, motion: Motion) -> None:
        """Let things move, or not, or as the desktop wishes."""
        self.motion = motion
        self.changed.emit()

    def take_wish(self, is_still: bool) -> None:
        """What the desktop wishes."""
        if is_still is not self._is_still_desktop:
            self._is_still_desktop = is_still
            self.changed.emit()

    def _take_scheme(self) -> None:
        if self.theme in (Theme.SYSTEM, Theme.CONTRAST):
            self.choose(self.theme)


@cache
def look() -> Look:
    """The application's look."""
    return Look()


def density() -> Density:
    """How high rows are."""
    return look().density


def _tokens_of(theme: Theme) -> Tokens:
    hints = QGuiApplication.styleHints()
    is_dark = hints.colorScheme() is Qt.ColorScheme.Dark
    if theme is Theme.SYSTEM and hints.accessibility().contrastPreference() is Qt.ContrastPreference.HighContrast:
        theme = Theme.CONTRAST
    match theme:
        case Theme.LIGHT:
            return colors.LIGHT
        case Theme.DARK:
            return colors.DARK
        case Theme.CONTRAST:
            return colors.CONTRAST_DARK if is_dark else colors.CONTRAST_LIGHT
    return colors.DARK if is_dark else colors.LIGHT


def _wants_less_motion() -> bool:
    """What the desktop asks for, where this Qt tells."""
    preference = getattr(QGuiApplication.styleHints().accessibility(), "motionPreference", None)
    return preference is not None and preference().name == "ReducedMotion"


def _application() -> QApplication:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return app


def _palette(t: Tokens) -> QPalette:
    made = QPalette()
    roles = QPalette.ColorRole
    for role, color in (
        (roles.Window, t.surface_0),
        (roles.WindowText, t.text),
        (roles.Base, t.surface_1),
        (roles.AlternateBase, t.surface_2),
        (roles.ToolTipBase, t.surface_3),
        (roles.ToolTipText, t.text),
        (roles.Text, t.text),
        (roles.PlaceholderText, t.text_3),
        (roles.Button, t.surface_1),
        (roles.ButtonText, t.text),
        (roles.Highlight, t.selection),
        (roles.HighlightedText, t.text),
        (roles.Accent, t.accent),
        (roles.Link, t.accent),
        (roles.LinkVisited, t.accent),
        (roles.Mid, t.border),
        (roles.Dark, t.border_strong),
        (roles.Light, t.surface_1),
        (roles.BrightText, t.failed),
    ):
        made.setColor(role, color)
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, t.text_disabled)
    return made
