"""Whatever colours a program chooses, its words can be read."""

import pytest

from watchkeeper.ui.log.ansi import RGB, Ink
from watchkeeper.ui.log.inks import READABLE, contrast, format_of
from watchkeeper.ui.theme.colors import DARK, LIGHT, Tokens

COLORS = [*range(256), RGB, RGB | 0xFFFFFF, RGB | 0xFFFF00, RGB | 0x0000FF, RGB | 0x808080]


@pytest.mark.parametrize("t", [LIGHT, DARK], ids=["light", "dark"])
def test_every_colour_can_be_read_on_every_ground(t: Tokens) -> None:
    for color in COLORS:
        look = format_of(Ink(color=color), t)
        assert contrast(look.foreground().color(), t.field) >= READABLE, color
    for ground in COLORS:
        for ink in (Ink(ground=ground), Ink(color=ground, ground=ground), Ink(color=ground, is_inverse=True)):
            look = format_of(ink, t)
            assert contrast(look.foreground().color(), look.background().color()) >= READABLE, ink


@pytest.mark.parametrize("t", [LIGHT, DARK], ids=["light", "dark"])
def test_red_stays_red(t: Tokens) -> None:
    color = format_of(Ink(color=RGB | 0xFF0000), t).foreground().color()
    assert color.red() > 1.5 * max(color.green(), color.blue())
