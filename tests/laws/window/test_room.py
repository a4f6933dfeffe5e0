"""What stands on a page has its room: words that wrap have all their lines, and nothing reaches out of its place."""

import pytest
from PySide6.QtWidgets import QAbstractScrollArea, QLabel, QWidget

from tests.laws.window.controls import controls, name_of
from tests.laws.window.places import opened_pages
from watchkeeper.ui.shell.window import Window
from watchkeeper.ui.words import speak

#: Logical px by which a rounded line may fall short.
_ROUNDED = 1


@pytest.mark.parametrize(("width", "language"), [(1024, "en"), (1280, "zh_CN"), (1440, "en"), (1920, "zh_CN")])
async def test_what_stands_on_a_page_has_its_room(window: Window, width: int, language: str) -> None:
    speak(language)
    window.resize(width, width * 10 // 16)
    faults = set()
    async for page in opened_pages(window):
        cut = [label for label in window.findChildren(QLabel) if label.isVisible() and _lacks_a_line(label)]
        faults |= {f"{page}: “{label.text()[:60]}” lacks a line" for label in cut}
        squeezed = [control for control in controls(window) if _reaches_out(control)]
        faults |= {f"{page}: {type(c).__name__} “{name_of(c)}” reaches out of its place" for c in squeezed}
    assert not faults, "\n".join(sorted(faults))


def _lacks_a_line(label: QLabel) -> bool:
    wanted = label.heightForWidth(label.width()) if label.wordWrap() else label.minimumSizeHint().height()
    return bool(label.text()) and label.height() < wanted - _ROUNDED


def _reaches_out(control: QWidget) -> bool:
    """Where nothing scrolls it is cut."""
    above = control.parentWidget()
    if above is None or control.isWindow() or isinstance(above.parentWidget(), QAbstractScrollArea):
        return False
    return not above.rect().adjusted(-_ROUNDED, -_ROUNDED, _ROUNDED, _ROUNDED).contains(control.geometry())
