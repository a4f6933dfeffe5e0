"""The commands that need Qt: the console, and pictures of it."""

import gc
import importlib.util
from pathlib import Path

from watchkeeper.cli.commands import Command, Request
from watchkeeper.cli.exits import Exit
from watchkeeper.cli.usage import Option
from watchkeeper.model.errors import Known
from watchkeeper.model.text import _


def console(request: Request) -> int:
    """Show the window; with the engine inside, unless one runs already."""
    _require_qt()
    # To look for garbage among all that is loaded takes a twentieth of the start; later ui/garbage.py looks.
    gc.disable()
    from watchkeeper.boot.console import run_console

    return run_console(request.home, [request.options.link] if request.options.link else [])


def shots(request: Request) -> int:
    """Take pictures of the console."""
    _require_qt()
    from watchkeeper.boot.console import take_shots

    options = request.options
    files = take_shots(
        Path(options.folder),
        names=options.page or (),
        theme=options.theme,
        language=options.lang,
        scale=_number(options.scale, "--scale", 0.5, 4),
        size=_size(options.size),
        days=_number(options.days, "--days", 0.05, 30),
    )
    for file in files:
        request.speech.line(str(file))
    return Exit.OK


def _require_qt() -> None:
    if importlib.util.find_spec("PySide6") is None:
        raise Known(_("the console needs Qt: pip install 'watchkeeper[window]'"))


def _number(words: str, option: str, least: float, most: float) -> float:
    try:
        value = float(words)
    except ValueError:
        value = -1.0
    if not least <= value <= most:
        raise Known(
            _(
                "{option} is {value}: give a number from {least} to {most}",
                option=option,
                value=words[:40],
                least=least,
                most=most,
            )
        )
    return value


def _size(words: str) -> tuple[int, int]:
    width, _x, height = words.partition("x")
    if not (width.isdecimal() and height.isdecimal() and 900 <= int(width) <= 7680 and 600 <= int(height) <= 4320):
        raise Known(_("--size is {value}: give it like 1280x800, from 900x600 to 7680x4320", value=words[:40]))
    return int(width), int(height)


_LINK = Option(
    ("link",), _("a place to open, like watchkeeper://run/1234"), {"metavar": "LINK", "nargs": "?", "default": ""}
)
_SHOTS = (
    Option(("folder",), _("where the PNG files go"), {"metavar": "DIR"}),
    Option(("--lang",), _("zh_CN or en"), {"choices": ["en", "zh_CN"], "default": "en"}),
    Option(("--theme",), _("light, dark or contrast"), {"choices": ["light", "dark", "contrast"], "default": "light"}),
    Option(("--scale",), _("device pixels for a pixel of the layout, 0.5 to 4"), {"metavar": "N", "default": "1"}),
    Option(("--page",), _("only this page; may be given several times"), {"metavar": "NAME", "action": "append"}),
    Option(
        ("--size",),
        _("the window's width and height, 1280x800 if it is left out"),
        {"metavar": "WxH", "default": "1280x800"},
    ),
    Option(
        ("--days",),
        _("how many days of history the engine fills, 8 if it is left out"),
        {"metavar": "N", "default": "8"},
    ),
)


WINDOW_COMMANDS = (
    Command(("console",), _("Open the console, a window with the engine inside"), console, options=(_LINK,)),
    Command(("shots",), _("Take pictures of every page of the console"), shots, options=_SHOTS),
)
