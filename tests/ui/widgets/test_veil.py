"""What lies over the window gives the keyboard back."""

from PySide6.QtWidgets import QPushButton, QWidget
from shiboken6 import delete

from tests.ui.waiting import read
from watchkeeper.ui.shell.window import Window


async def test_the_keyboard_goes_back_to_where_it_was_if_that_is_still_there(window: Window) -> None:
    await read(window.page)
    first, second = QPushButton(window.page), QPushButton(window.page)
    for button in (first, second):
        button.show()
        button.setFocus()
        veil = window.lay_over(QWidget())
        if button is second:
            delete(second)
        veil.close_veil()
        assert not veil.isVisible()
        assert button is second or first.hasFocus()
