"""Help is read in the window, in its language, without a network."""

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QFontInfo, QTextCursor, QTextDocument, QTextTable

from tests.ui.waiting import eventually, read
from watchkeeper.ui.pages.help.page import Help
from watchkeeper.ui.pages.help.setting import heading, set_text
from watchkeeper.ui.pages.help.topics import topics
from watchkeeper.ui.shell.window import Window
from watchkeeper.ui.theme import Theme, look, tokens
from watchkeeper.ui.words import speak


async def opened(window: Window, topic: str = "") -> Help:
    window.go(f"help/{topic}" if topic else "help")
    page = window.page
    assert isinstance(page, Help)
    await read(page)
    return page


async def test_f1_opens_the_topic_of_the_page(window: Window) -> None:
    window.open_help()
    assert isinstance(window.page, Help)
    assert window.page.place == "help/console"
    assert "Engine continues" in window.page.text.toPlainText()
    await read(window.page)


async def test_it_changes_its_language_with_the_window(window: Window) -> None:
    page = await opened(window, "triggers")
    english = page.text.toPlainText()
    speak("zh_CN")
    await eventually(lambda: page.text.toPlainText() != english, "it is in Chinese")
    assert page.title == next(topic.title for topic in topics("zh_CN") if topic.name == "triggers")


async def test_a_search_lists_the_topics_with_their_hits(window: Window) -> None:
    page = await opened(window)
    page.field.setText("only_on")
    assert {str(line.text) for line in page.list.lines} < {topic.title for topic in topics("en")}
    assert page.list.lines
    page.field.setText("no such word anywhere")
    assert page.list.lines == []


async def test_links_lead_from_topic_to_topic(window: Window) -> None:
    page = await opened(window)
    page._follow(QUrl("jobs-file.md"))
    assert page.place == "help/jobs-file"


async def test_a_link_to_a_part_scrolls_to_its_heading(window: Window) -> None:
    page = await opened(window, "command-line")
    page._follow(QUrl("#which-jobs-are-meant"))
    await eventually(lambda: page.text.verticalScrollBar().value() > 0, "it is scrolled")
    found = heading(page.text.document(), "which-jobs-are-meant")
    assert found is not None
    assert 0 <= page.text.cursorRect(QTextCursor(found)).top() < page.text.viewport().height() / 2


@pytest.mark.parametrize("theme", [Theme.LIGHT, Theme.DARK])
@pytest.mark.usefixtures("qapp")
def test_commands_stand_on_a_ground_of_their_own_and_tables_have_hairlines(theme: Theme) -> None:
    look().choose(theme)
    document = QTextDocument()
    set_text(document, "# One\n\nSay `this`:\n\n```\nfirst\nsecond\n```\n\n| A | B |\n|---|---|\n| 1 | 2 |\n")
    table, code = sorted(document.rootFrame().childFrames(), key=lambda frame: not isinstance(frame, QTextTable))
    assert isinstance(table, QTextTable)
    assert table.cellAt(1, 1).format().toTableCellFormat().bottomBorderBrush().color() == tokens().border_soft
    assert code.frameFormat().background().color() in (tokens().field, tokens().surface_2)
    inside = code.firstCursorPosition()
    inside.setPosition(code.lastPosition(), QTextCursor.MoveMode.KeepAnchor)
    assert inside.selectedText().split("\u2029") == ["first", "second"]
    assert QFontInfo(inside.charFormat().font()).fixedPitch()
