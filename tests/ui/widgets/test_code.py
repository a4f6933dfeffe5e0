"""The field for scripts: Tab indents, Enter keeps the indentation, words have their ink."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor

from watchkeeper.model.text import Text
from watchkeeper.ui.widgets.code import CodeEdit
from watchkeeper.ui.widgets.code.languages import Ink, pieces


@pytest.fixture
def code(qtbot: Any) -> CodeEdit:
    made = CodeEdit(Text("Script"), "bash")
    qtbot.addWidget(made)
    return made


def test_tab_goes_to_the_next_stop_and_indents_what_is_chosen(qtbot: Any, code: CodeEdit) -> None:
    qtbot.keyClicks(code, "a")
    qtbot.keyClick(code, Qt.Key.Key_Tab)
    assert code.toPlainText() == "a "
    code.show_text("one\ntwo\n\nthree")
    code.selectAll()
    qtbot.keyClick(code, Qt.Key.Key_Tab)
    assert code.toPlainText() == "  one\n  two\n\n  three"
    code.selectAll()
    qtbot.keyClick(code, Qt.Key.Key_Backtab)
    assert code.toPlainText() == "one\ntwo\n\nthree"


def test_enter_begins_below_the_words(qtbot: Any, code: CodeEdit) -> None:
    code.show_text("    if true")
    code.moveCursor(QTextCursor.MoveOperation.End)
    qtbot.keyClick(code, Qt.Key.Key_Return)
    assert code.toPlainText() == "    if true\n    "
    code.set_language("python")
    code.show_text("def f():")
    code.moveCursor(QTextCursor.MoveOperation.End)
    qtbot.keyClick(code, Qt.Key.Key_Return)
    assert code.toPlainText() == "def f():\n    "


def test_lines_are_commented_out_and_in_again(qtbot: Any, code: CodeEdit) -> None:
    code.show_text("one\ntwo")
    code.selectAll()
    qtbot.keyClick(code, Qt.Key.Key_Slash, Qt.KeyboardModifier.ControlModifier)
    assert code.toPlainText() == "# one\n# two"
    code.selectAll()
    qtbot.keyClick(code, Qt.Key.Key_Slash, Qt.KeyboardModifier.ControlModifier)
    assert code.toPlainText() == "one\ntwo"


def test_escape_lets_tab_leave_the_field(qtbot: Any, code: CodeEdit) -> None:
    qtbot.keyClick(code, Qt.Key.Key_Escape)
    assert code.tabChangesFocus()


def test_only_the_lines_that_changed_are_painted_anew_and_all_have_their_ink(code: CodeEdit) -> None:
    code.show_text('# note\nfor x in 1 2; do\n  echo "$x"\ndone')
    formats = [block.layout().formats() for block in _blocks(code)]
    assert [len(each) > 0 for each in formats] == [True, True, True, True]


def test_a_string_over_several_lines_is_a_string_on_each(qapp: object) -> None:
    lines = pieces('text = """one\ntwo\nthree"""\nx = 1', "python")
    assert all(any(piece.ink is Ink.STRING for piece in line) for line in lines[:3])
    assert not any(piece.ink is Ink.STRING for piece in lines[3])


@pytest.mark.parametrize("language", ["sh", "bash", "python", "powershell", "cmd", "sql", "yaml", "json", "", "x"])
def test_every_language_takes_any_text(qapp: object, language: str) -> None:
    text = "'\"\\ ${ 数据 \U0001f680 \x0b <<EOF\n\n$(("
    lines = pieces(text, language)
    for line, told in zip(text.split("\n"), lines, strict=False):
        units = len(line.encode("utf-16-le")) // 2
        assert all(piece.start + piece.length <= units for piece in told)


def _blocks(code: CodeEdit) -> list[Any]:
    return [code.document().findBlockByNumber(number) for number in range(code.blockCount())]
