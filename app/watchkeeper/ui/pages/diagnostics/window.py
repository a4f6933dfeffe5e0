"""Findings about the window: Qt, its screens, the desktop around it."""

import platform
import sys
from collections.abc import Iterator

import PySide6
from PySide6.QtCore import Qt, qVersion
from PySide6.QtGui import QGuiApplication, QScreen

from watchkeeper.model.text import Text, _
from watchkeeper.ui import input_method
from watchkeeper.ui.pages.diagnostics.findings import FACT, OK, Finding, Group, warned
from watchkeeper.ui.shell.tray import has_tray

#: Aborts on Pythons before 3.12.
_ABORTING = (6, 12)
_SCHEMES: dict[Qt.ColorScheme, Text] = {
    Qt.ColorScheme.Dark: _("dark"),
    Qt.ColorScheme.Light: _("light"),
    Qt.ColorScheme.Unknown: _("none"),
}


def versions() -> Iterator[Finding]:
    """Of what the window runs on."""
    yield Finding(Text("Python"), platform.python_version())
    yield Finding(Text("Qt"), qVersion())
    if PySide6.__version_info__[:2] >= _ABORTING and sys.version_info < (3, 12):
        remedy = _("Install PySide6-Essentials below 6.12, or use Python 3.12: this pair aborts.")
        yield warned(Text("PySide6"), PySide6.__version__, remedy)
    else:
        yield Finding(Text("PySide6"), PySide6.__version__)
    yield Finding(_("System"), platform.platform())


def display_group() -> Group:
    """The screens, and by what Qt draws on them."""
    return Group(
        _("Display"),
        (
            *(_screen(screen) for screen in QGuiApplication.screens()),
            Finding(_("Drawn by"), QGuiApplication.platformName()),
            Finding(_("Theme of the desktop"), _SCHEMES[QGuiApplication.styleHints().colorScheme()]),
        ),
    )


def tray_finding() -> Finding:
    """Whether there is a tray to hide in."""
    if has_tray():
        return Finding(_("Tray"), _("There is one: the window can hide in it."))
    told = _("There is none: closing the window minimises it.")
    return warned(_("Tray"), told, _("On GNOME, the extension AppIndicator brings one."))


def input_findings() -> Iterator[Finding]:
    """How Chinese is typed."""
    wanted, asked, offered = input_method.wanted(), input_method.asked(), input_method.offered()
    name = _("Input method")
    if asked:
        told = _("{asked} is asked for; this Qt reaches it as {wanted}.", asked=asked, wanted=wanted)
        yield Finding(name, told)
    elif wanted and wanted not in offered:
        remedy = _("Set QT_IM_MODULE to one of these: {offered}.", offered=", ".join(offered))
        yield warned(name, _("{wanted} is asked for, and this Qt does not bring it.", wanted=wanted), remedy)
    else:
        yield Finding(name, wanted or _("none is asked for: QT_IM_MODULE is not set"), OK if wanted else FACT)
    loaded = input_method.loaded()
    if loaded is not None:
        yield Finding(_("In use"), ", ".join(loaded) or _("none"), FACT)


def _screen(screen: QScreen) -> Finding:
    size = screen.size()
    told = _(
        "{width}×{height}, scale {scale}, {dpi} dpi",
        width=size.width(),
        height=size.height(),
        scale=f"{screen.devicePixelRatio():g}",
        dpi=round(screen.logicalDotsPerInch()),
    )
    return Finding(_("Screen {name}", name=screen.name() or "1"), told)
