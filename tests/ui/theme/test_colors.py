"""Words can be read and states told apart, in every theme and by eyes that see fewer colours."""

from itertools import combinations

import pytest
from PySide6.QtGui import QColor

from tests.ui.theme.colour import EYES, contrast, distance
from watchkeeper.ui.glyphs import COLORS, GLYPHS, WORDS
from watchkeeper.ui.theme import colors as themes
from watchkeeper.ui.theme.colors import Tokens

STATUS = ("success", "running", "failed", "warning", "blocked", "waiting", "cancelled")
SURFACES = ("surface_0", "surface_1", "surface_2", "surface_3", "field", "hover", "selection")
THEMES = {
    "light": themes.LIGHT,
    "dark": themes.DARK,
    "contrast-light": themes.CONTRAST_LIGHT,
    "contrast-dark": themes.CONTRAST_DARK,
}
#: The smallest distance of two status colours: light and dark, by eye. Measured when the colours were chosen.
APART = {
    False: {"normal": 24.0, "protan": 16.0, "deutan": 15.0, "tritan": 15.0},
    True: {"normal": 26.0, "protan": 17.0, "deutan": 15.0, "tritan": 16.0},
}


@pytest.fixture(params=THEMES)
def theme(request: pytest.FixtureRequest) -> Tokens:
    return THEMES[request.param]


def test_the_ruler_is_right() -> None:
    """Pairs of the CIEDE2000 article's own table are given in Lab; these are known by colour."""
    white, black = QColor("#FFFFFF"), QColor("#000000")
    assert contrast(white, black) == pytest.approx(21.0)
    assert distance(white, black) == pytest.approx(100.0, abs=0.1)
    assert distance(white, white) == 0


@pytest.mark.parametrize(("ink", "least"), [("text", 10.0), ("text_2", 5.5), ("text_3", 4.4), ("accent", 4.5)])
def test_words_can_be_read_on_every_surface(theme: Tokens, ink: str, least: float) -> None:
    for surface in SURFACES:
        assert contrast(getattr(theme, ink), getattr(theme, surface)) >= least, surface


def test_what_stands_on_the_accent_can_be_read(theme: Tokens) -> None:
    assert contrast(theme.on_accent, theme.accent) >= 4.5
    assert contrast(theme.on_accent, theme.accent_hover) >= 4.5


@pytest.mark.parametrize("name", STATUS)
def test_a_glyph_stands_out_from_every_surface(theme: Tokens, name: str) -> None:
    for surface in SURFACES:
        assert contrast(getattr(theme, name), getattr(theme, surface)) >= 2.95, surface


@pytest.mark.parametrize("eye", EYES)
def test_states_can_be_told_apart_by_every_eye(theme: Tokens, eye: str) -> None:
    for one, other in combinations(STATUS, 2):
        apart = distance(getattr(theme, one), getattr(theme, other), eye)
        assert apart >= APART[theme.is_dark][eye], (one, other)


def test_the_accent_is_no_state(theme: Tokens) -> None:
    for name in STATUS:
        assert distance(theme.accent, getattr(theme, name)) >= 18.5, name


def test_every_state_has_a_word_a_glyph_and_a_colour() -> None:
    assert set(WORDS) == set(GLYPHS)
    assert set(GLYPHS.values()) <= set(COLORS)
    assert set(COLORS.values()) <= set(STATUS)
