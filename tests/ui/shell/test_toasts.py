"""Toasts stand at the bottom right for five seconds, three at most, and wait while somebody looks at them."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.ui.waiting import eventually
from watchkeeper.model.text import _
from watchkeeper.ui.shell import toasts
from watchkeeper.ui.shell.toasts import Toast, Toasts, announcement
from watchkeeper.ui.theme import Motion, look
from watchkeeper.ui.widgets.words import Button


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    made.resize(900, 600)
    made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    qtbot.addWidget(made)
    made.show()
    made.setFocus()
    return made


def test_three_are_seen_in_the_corner_and_the_others_counted(window: QWidget) -> None:
    said = Toasts(window, below=26)
    for number in range(5):
        said.show_toast(f"toast {number}")
    assert said.texts() == ["toast 2", "toast 3", "toast 4"]
    assert said._more.text().startswith("2 more")
    assert said.width() == toasts.WIDTH
    assert said.geometry().right() + 1 == window.width() - toasts.MARGIN
    assert said.geometry().bottom() + 1 == window.height() - toasts.MARGIN - 26
    window.resize(1000, 700)
    assert said.geometry().bottom() + 1 == 700 - toasts.MARGIN - 26


async def test_one_goes_by_itself_unless_the_pointer_or_the_keyboard_is_on_it(
    window: QWidget, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(toasts, "SHOWN", 100)
    said = Toasts(window)
    said.show_toast("short")
    said.show_toast("looked at", undo=lambda: None)
    held = said.findChildren(Toast)[-1]
    held.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)
    await eventually(lambda: said.texts() == ["looked at"], "the other has gone")
    held.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, False)
    held.findChildren(Button)[0].setFocus()
    for _beat in range(10):
        held._go_on()
    assert said.texts() == ["looked at"]
    window.setFocus()
    await eventually(lambda: not said.texts(), "it has gone too")
    assert said.isHidden()


def test_undo_takes_it_back_once_and_the_toast_goes(window: QWidget) -> None:
    said, taken_back = Toasts(window), list[str]()
    said.show_toast("Done", "status/success", lambda: taken_back.append("back"))
    said.findChildren(Button)[0].click()
    assert taken_back == ["back"]
    assert said.texts() == []


def test_a_screen_reader_hears_at_once_what_went_wrong(window: QWidget) -> None:
    failure = announcement(window, "refused", is_urgent=True)
    assert failure.message() == "refused"
    assert failure.politeness() is QAccessible.AnnouncementPoliteness.Assertive
    assert announcement(window, "done", is_urgent=False).politeness() is QAccessible.AnnouncementPoliteness.Polite


def test_words_of_several_lines_are_seen_whole(window: QWidget) -> None:
    said = Toasts(window)
    said.show_toast("a sentence which is far too long for a single line of a toast, so that it needs another two " * 2)
    toast = said.findChildren(Toast)[0]
    assert toast.label.height() >= toast.label.heightForWidth(toast.label.width())


def test_without_motion_the_line_gets_shorter_by_seconds(window: QWidget) -> None:
    look().set_motion(Motion.REDUCED)
    said = Toasts(window)
    said.show_toast(_("Done"))
    toast = said.findChildren(Toast)[0]
    lengths = []
    for _beat in range(toasts.SHOWN // toasts.BEAT):
        lengths.append(toast.share_left())
        toast._go_on()
    assert sorted(set(lengths)) == [0.2, 0.4, 0.6, 0.8, 1.0]
