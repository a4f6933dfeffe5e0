"""How the window looks and what it speaks, as commands; the one that holds is ticked."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from watchkeeper.model.text import Text, _
from watchkeeper.ui.commands import Command
from watchkeeper.ui.theme import Density, Motion, Theme, density, look
from watchkeeper.ui.words import language

if TYPE_CHECKING:
    from watchkeeper.ui.shell.window import Window

THEMES: tuple[tuple[Theme, Text], ...] = (
    (Theme.SYSTEM, _("Theme of the desktop")),
    (Theme.LIGHT, _("Light theme")),
    (Theme.DARK, _("Dark theme")),
    (Theme.CONTRAST, _("High contrast")),
)
DENSITIES: tuple[tuple[Density, Text], ...] = (
    (Density.COMFORTABLE, _("Comfortable rows")),
    (Density.COMPACT, _("Compact rows")),
)
MOTIONS: tuple[tuple[Motion, Text], ...] = (
    (Motion.SYSTEM, _("Motion as the desktop wishes")),
    (Motion.REDUCED, _("Nothing moves")),
    (Motion.FULL, _("Things move")),
)
#: Each language in its own.
LANGUAGES: tuple[tuple[str, str], ...] = (("en", "English"), ("zh_CN", "简体中文"))


def look_commands(window: "Window") -> Iterator[Command]:
    """A menu of each kind."""
    for theme, title in THEMES:
        yield _choice(f"theme.{theme}", title, partial(window.choose_theme, theme), partial(_is_theme, theme), "theme")
    for name, title in DENSITIES:
        choose = partial(window.choose_density, name)
        yield _choice(f"density.{name}", title, choose, partial(_is_density, name), "density")
    for motion, title in MOTIONS:
        choose_motion = partial(window.choose_motion, motion)
        yield _choice(f"motion.{motion}", title, choose_motion, partial(_is_motion, motion), "motion")
    for code, words in LANGUAGES:
        title = _("Language: {name}", name=words)
        choose_language = partial(window.choose_language, code)
        yield _choice(f"language.{code}", title, choose_language, partial(_is_language, code), "language")


def _choice(id: str, title: Text, choose: Callable[[], None], is_on: Callable[[], bool], menu: str) -> Command:
    return Command(id, title, choose, menu=f"view/{menu}", is_on=is_on)


def _is_theme(theme: Theme) -> bool:
    return look().theme is theme


def _is_density(name: Density) -> bool:
    return density() is name


def _is_motion(motion: Motion) -> bool:
    return look().motion is motion


def _is_language(code: str) -> bool:
    return language() == code
