"""Whatever can be used by a pointer can be used by keys, says its name, and is large enough to be hit."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from tests.laws.window.controls import controls, is_icon_only, name_of, tab_stops
from tests.laws.window.places import opened_pages
from watchkeeper.ui.log.pinned import Pinned
from watchkeeper.ui.log.strip import Strip
from watchkeeper.ui.shell.window import Window
from watchkeeper.ui.widgets.segmented import Segmented

#: Logical px that a target has at least, in both directions.
TARGET = 24
#: What a pointer may use and does not take the keyboard, because keys do the same elsewhere.
_BY_OTHER_KEYS: dict[type[QWidget], str] = {
    Strip: "a scroll bar of the log: PgUp, PgDown, E, W and N go to all that it marks",
    Pinned: "the log's first error: E goes there",
    Segmented: "as chips: V opens the same choices in a menu, Shift+Tab goes through them in the palette",
}


async def test_every_control_is_reached_by_keys_says_its_name_and_can_be_hit(window: Window) -> None:
    faults = set()
    async for page in opened_pages(window):
        # Once more, because what gets the keyboard may open the inspector.
        stops = tab_stops(window) | tab_stops(window)
        for control in controls(window):
            faults |= {f"{page}: {_told(control)} {fault}" for fault in _faults(control, stops)}
    assert not faults, "\n".join(sorted(faults))


def _faults(control: QWidget, stops: set[QWidget]) -> list[str]:
    is_elsewhere = isinstance(control, tuple(_BY_OTHER_KEYS)) and control.focusPolicy() is Qt.FocusPolicy.NoFocus
    is_small = min(control.width(), control.height()) < TARGET
    return [
        fault
        for fault, is_so in (
            ("is not reached by Tab", stops.isdisjoint({control, control.focusProxy()}) and not is_elsewhere),
            ("has no name", not (name_of(control) or name_of(control.focusProxy() or control))),
            ("has neither words nor a tooltip", is_icon_only(control) and not control.toolTip()),
            # A link within a line of words is as high as the line.
            ("is too small", is_small and not is_elsewhere and control.property("kind") != "inline"),
        )
        if is_so
    ]


def _told(control: QWidget) -> str:
    above = control.parentWidget()
    size = f"{control.width()}x{control.height()}"
    return f"{type(control).__name__} “{name_of(control)}” ({size}) in {type(above).__name__}"
