"""Fields of dots hold what was typed, whatever is typed where, and show none of it."""

import random

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QAccessible, QGuiApplication, QInputMethodEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from watchkeeper.model.text import _
from watchkeeper.ui.lent import Lent, lend
from watchkeeper.ui.widgets.masked import DOT, MaskedLine, MaskedText, dotted

_KEYS = {
    "back": Qt.Key.Key_Backspace,
    "delete": Qt.Key.Key_Delete,
    "left": Qt.Key.Key_Left,
    "right": Qt.Key.Key_Right,
    "up": Qt.Key.Key_Up,
    "down": Qt.Key.Key_Down,
    "home": Qt.Key.Key_Home,
    "end": Qt.Key.Key_End,
    "return": Qt.Key.Key_Return,
}


def pasted(words: str) -> QMimeData:
    data = QMimeData()
    data.setText(words)
    return data


@pytest.mark.parametrize("seed", range(4))
def test_several_lines_hold_what_was_typed_behind_dots(seed: int, qapp: QApplication, qtbot: QtBot) -> None:
    dice = random.Random(seed)
    field = MaskedText(_("Value"), 100)
    qtbot.addWidget(field)
    field.show()
    wanted = "first\nsecond line"
    field.put(wanted)
    for _step in range(150):
        at, what = field.text.textCursor().position(), dice.choice([*_KEYS, "letter", "paste", "select"])
        if what == "letter":
            qtbot.keyClicks(field.text, "q")
            wanted = wanted[:at] + "q" + wanted[at:]
        elif what == "paste":
            field.text.insertFromMimeData(pasted("a\nbc"))
            wanted = wanted[:at] + "a\nbc" + wanted[at:]
        elif what == "select":
            length = min(3, len(wanted) - at)
            cursor = field.text.textCursor()
            cursor.setPosition(at + length, cursor.MoveMode.KeepAnchor)
            field.text.setTextCursor(cursor)
            field.text.insertFromMimeData(pasted("xy"))
            wanted = wanted[:at] + "xy" + wanted[at + length :]
        else:
            qtbot.keyClick(field.text, _KEYS[what])
            if what == "back" and at:
                wanted = wanted[: at - 1] + wanted[at:]
            elif what == "delete":
                wanted = wanted[:at] + wanted[at + 1 :]
            elif what == "return":
                wanted = wanted[:at] + "\n" + wanted[at:]
        assert field.value == wanted
        assert field.text.toPlainText() == dotted(wanted)


def test_what_an_input_method_writes_and_what_is_beyond_one_unit_is_held_too(qapp: QApplication, qtbot: QtBot) -> None:
    field = MaskedText(_("Value"), 100)
    qtbot.addWidget(field)
    event = QInputMethodEvent()
    event.setCommitString("口令")
    QApplication.sendEvent(field.text, event)
    field.text.insertFromMimeData(pasted("a\U0001f511b"))
    assert field.value == "口令a\U0001f511b"
    qtbot.keyClick(field.text, Qt.Key.Key_Backspace)
    assert field.value == "口令a\U0001f511" and field.text.toPlainText() == DOT * 4


def test_nothing_is_copied_or_read_aloud_out_of_it_and_it_is_shown_while_a_button_is_pressed(
    qapp: QApplication, qtbot: QtBot
) -> None:
    text, line = MaskedText(_("Value"), 100), MaskedLine(_("Value"))
    for field in (text, line):
        qtbot.addWidget(field)
        field.show()
        field.put("marble-lantern")
    QGuiApplication.clipboard().setText("before")
    text.text.selectAll()
    text.text.copy()
    line.line.selectAll()
    line.line.copy()
    assert "lantern" not in QGuiApplication.clipboard().text()
    for widget in (text.text, line.line):
        told = QAccessible.queryAccessibleInterface(widget)
        assert "lantern" not in told.text(QAccessible.Text.Value)
    assert set(text.text.toPlainText()) == {DOT} and "lantern" not in line.line.displayText()
    qtbot.mousePress(text.peek, Qt.MouseButton.LeftButton)
    qtbot.mousePress(line.peek, Qt.MouseButton.LeftButton)
    assert text.text.toPlainText() == line.line.displayText() == "marble-lantern"
    qtbot.mouseRelease(text.peek, Qt.MouseButton.LeftButton)
    qtbot.mouseRelease(line.peek, Qt.MouseButton.LeftButton)
    assert set(text.text.toPlainText()) == {DOT} and "lantern" not in line.line.displayText()


def test_what_is_lent_to_the_clipboard_is_taken_back_in_time(qapp: QApplication, qtbot: QtBot) -> None:
    assert isinstance(lend("marble-lantern", 0.02), Lent)
    assert QGuiApplication.clipboard().text() == "marble-lantern"
    qtbot.waitUntil(lambda: QGuiApplication.clipboard().text() == "", timeout=10_000)
