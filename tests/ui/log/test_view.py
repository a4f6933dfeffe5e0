"""What a person sees and does in the log view."""

import asyncio
import time
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton

from tests.ui.log.conftest import Open, until
from watchkeeper.model.first_error import Level
from watchkeeper.ui.log.view import LogView
from watchkeeper.ui.memory import Memory
from watchkeeper.ui.theme import Theme, look
from watchkeeper.ui.words import speak

MANY = b"".join(b"08:00:%02d.%03d line %d\n" % (number // 50 % 60, number % 1000, number) for number in range(1, 3001))
MIXED = b"".join(
    b"%s number %d\n" % ({40: b"ERROR", 90: b"WARNING", 140: b"ERROR"}.get(number, b"INFO"), number)
    for number in range(200)
)


def texts(view: LogView) -> list[str]:
    return [block.line.text for block in view.sheet.arrangement.blocks]


def numbers(view: LogView) -> list[int | None]:
    return [block.number for block in view.sheet.arrangement.blocks]


def times(view: LogView) -> list[str]:
    return [block.time for block in view.sheet.arrangement.blocks]


async def ready(view: LogView) -> None:
    await until(lambda: view.reading.is_indexed and view.sheet.arrangement.blocks)
    await until(lambda: None not in numbers(view))


def press(view: LogView, keys: str) -> None:
    """One key after the other into the rows; a capital is with Shift."""
    view.sheet.setFocus()
    for letter in keys:
        shift = Qt.KeyboardModifier.ShiftModifier if letter.isupper() else Qt.KeyboardModifier.NoModifier
        QTest.keyClick(view.sheet, letter, shift)


async def test_a_log_is_shown_from_its_beginning_with_numbers(opened: Open) -> None:
    view = opened(b"one\ntwo\n\nthree")
    await ready(view)
    assert texts(view) == ["one", "two", "", "three"]
    assert numbers(view) == [1, 2, 3, 4]
    assert view.foot.state.words == "4 lines, 14 bytes"


async def test_what_is_written_is_followed_to_the_end(opened: Open, tmp_path: Path) -> None:
    view = opened(MANY, is_closed=False)
    await until(lambda: texts(view)[-1:] == [MANY.splitlines()[-1].decode()])
    with (tmp_path / "1.log").open("ab") as log:
        log.write(b"and more\n")
    await until(lambda: texts(view)[-1] == "and more")
    await until(lambda: numbers(view)[-1] == 3001)
    assert view.foot.state.words == "3,001 lines, 66 KiB, live"


async def test_scrolling_up_stays_there_while_the_log_grows(opened: Open, tmp_path: Path) -> None:
    view = opened(MANY, is_closed=False)
    await ready(view)
    view.page_up()
    seen = texts(view)
    with (tmp_path / "1.log").open("ab") as log:
        log.write(b"more\n" * 100)
    await until(lambda: view.reading.index.lines == 3100)
    await until(lambda: "100 new" in view.foot.state.words)
    assert texts(view) == seen
    assert not view.sheet.is_following
    press(view, " ")
    assert view.sheet.is_following
    await until(lambda: texts(view)[-1] == "more")


async def test_scrolling_down_to_the_end_follows_again(opened: Open) -> None:
    view = opened(MANY, is_closed=False)
    await ready(view)
    view.page_up()
    view.page_down()
    assert view.sheet.is_following


async def test_a_line_that_is_not_finished_is_shown_and_goes_on(opened: Open, tmp_path: Path) -> None:
    view = opened(b"ready\npassword: ", is_closed=False)
    await until(lambda: texts(view) == ["ready", "password: "])
    with (tmp_path / "1.log").open("ab") as log:
        log.write(b"***\n")
    await until(lambda: texts(view) == ["ready", "password: ***"])


async def test_the_next_attempt_follows_under_a_sentence(opened: Open) -> None:
    view = opened(b"no newline at the end", b"second\n")
    await ready(view)
    assert texts(view) == ["no newline at the end", "second"]
    assert numbers(view) == [1, 2]
    headings = [list(map(str, block.headings)) for block in view.sheet.arrangement.blocks]
    assert headings == [[], ["attempt 2 starts"]]


async def test_an_attempt_that_has_written_nothing_is_announced(opened: Open) -> None:
    view = opened(b"first\n", b"", is_closed=False)
    await ready(view)
    assert list(map(str, view.sheet.arrangement.tail)) == ["attempt 2 starts"]


async def test_the_first_error_is_pinned_and_leads_there(opened: Open) -> None:
    view = opened(b"fine\n" * 100 + b"08:34:11.120 ERROR it broke\n" + b"fine\n" * 100, b"next\n")
    await until(view.pinned.isVisible)
    await until(lambda: "line 101, attempt 1, 08:34:11: ERROR it broke" in view.pinned.accessibleName())
    QTest.mouseClick(view.pinned._button, Qt.MouseButton.LeftButton)
    await until(lambda: "08:34:11.120 ERROR it broke" in texts(view))


async def test_e_and_w_go_from_one_to_the_next(opened: Open) -> None:
    view = opened(MIXED)
    await ready(view)
    seen = []
    for keys in ("e", "e", "E", "w", "e", "W"):
        press(view, keys)
        seen.append(view.reading.lines.line(view.sheet.current_row or 0).text)
    errors = ["ERROR number 40", "ERROR number 140"]
    assert seen == [errors[0], errors[1], errors[0], "WARNING number 90", errors[1], "WARNING number 90"]
    press(view, "w")
    assert view.foot.state.words == "No warning further down"


async def test_marks_are_set_and_found_again(opened: Open) -> None:
    view = opened(MIXED)
    await ready(view)
    press(view, "m")
    view.steps.next_error()
    press(view, "m")
    rows = list(view.sheet.marks)
    assert len(rows) == 2
    press(view, "u")
    assert view.sheet.current_row == rows[0]
    press(view, "u")
    assert view.sheet.current_row == rows[1]
    press(view, "m")
    assert view.sheet.marks == rows[:1]


async def test_g_and_shift_g_go_to_both_ends(opened: Open) -> None:
    view = opened(MANY)
    await ready(view)
    press(view, "G")
    await until(lambda: texts(view)[-1].endswith("line 3000"))
    press(view, "g")
    await until(lambda: texts(view)[0].endswith("line 1"))


async def test_a_line_is_found_by_its_number(opened: Open) -> None:
    view = opened(MANY * 10, b"the last one")
    await ready(view)
    for number in (1, 2, 29_999, 30_000, 30_001):
        offset = await view.reading.line_offset(number)
        assert offset is not None
        view.sheet.place(offset)
        await until(lambda offset=offset: any(b.line.start == offset for b in view.sheet.arrangement.blocks))
        block = next(b for b in view.sheet.arrangement.blocks if b.line.start == offset)
        assert block.number == number
    assert await view.reading.line_offset(30_003) is None


async def test_a_search_counts_and_goes_from_hit_to_hit(opened: Open) -> None:
    view = opened(MANY)
    await ready(view)
    QTest.keyClicks(view.bar.field, "line 7$|line 8$")
    await until(lambda: view.reading.search.count == 2 and not view.reading.search.is_running)
    await until(lambda: view.bar.field._count.text() == "1 / 2")
    press(view, "n")
    assert view.bar.field._count.text() == "2 / 2"
    press(view, "n")
    assert view.bar.field._count.text() == "1 / 2"
    press(view, "N")
    assert view.bar.field._count.text() == "2 / 2"
    await until(lambda: any(block.hits for block in view.sheet.arrangement.blocks))


async def test_a_search_goes_on_with_the_log(opened: Open, tmp_path: Path) -> None:
    view = opened(b"needle\n", is_closed=False)
    await ready(view)
    view.reading.search.begin("needle")
    await until(lambda: view.reading.search.count == 1)
    with (tmp_path / "1.log").open("ab") as log:
        log.write(b"hay nee")
        log.flush()
        await asyncio.sleep(0.3)
        log.write(b"dle\n")
    await until(lambda: view.reading.search.count == 2)


async def test_an_expression_that_is_none_is_said(opened: Open) -> None:
    view = opened(MANY)
    await ready(view)
    QTest.keyClicks(view.bar.field, "(")
    await until(lambda: view.reading.search.problem)
    assert view.foot.state.words.startswith("the expression ( can't be read: ")
    QTest.keyClicks(view.bar.field, ")")
    await until(lambda: view.reading.search.problem is None)


async def test_an_expression_without_end_can_be_ended_and_stalls_nothing(opened: Open) -> None:
    view = opened(b"a" * 60 + b"\n" + MANY)
    await ready(view)
    view.reading.search.begin("(a|aa)+b")
    begun = time.perf_counter()
    await asyncio.sleep(0.2)
    assert time.perf_counter() - begun < 2
    assert view.reading.search.is_running
    view.reading.search.begin("line 7$")
    await until(lambda: view.reading.search.count == 1)


async def test_only_errors_are_shown_if_so_wished(opened: Open) -> None:
    view = opened(MIXED)
    await ready(view)
    view.set_level(Level.ERROR)
    assert texts(view) == ["ERROR number 40", "ERROR number 140"]
    assert numbers(view) == [41, 141]
    view.set_level(Level.WARNING)
    assert texts(view) == ["ERROR number 40", "WARNING number 90", "ERROR number 140"]
    view.set_level(Level.DEBUG)
    assert len(texts(view)) > 20


async def test_no_line_of_a_level_says_so_and_leads_back(opened: Open) -> None:
    view = opened(b"fine\n")
    await ready(view)
    view.set_level(Level.ERROR)
    assert view._blank.isVisible()
    QTest.mouseClick(view._blank._button, Qt.MouseButton.LeftButton)
    assert not view._blank.isVisible()
    assert texts(view) == ["fine"]


async def test_times_are_told_in_three_ways(opened: Open) -> None:
    view = opened(b"08:00:00.500 a\nnone\n08:00:02.000 b\n")
    await ready(view)
    assert times(view) == ["08:00:00.500", "", "08:00:02.000"]
    press(view, "t")
    assert times(view) == ["+0.000", "", "+1.500"]
    view.sheet.place(15)
    press(view, "t")
    assert times(view) == ["+0.000", "", "+1.500"]
    press(view, "t")
    assert times(view)[0] == "08:00:00.500"


async def test_what_a_person_chose_is_remembered(opened: Open) -> None:
    memory = Memory(None)
    view = opened(MANY, memory=memory)
    press(view, "tz")
    other = opened(MANY, memory=memory)
    assert (other.sheet.arrangement.mode, other.sheet.arrangement.is_wrapped) == ("relative", False)


async def test_a_long_line_is_wrapped_or_scrolled_to_the_side(opened: Open) -> None:
    view = opened(b"x" * 300 + b"\nshort\n")
    await ready(view)
    assert [block.height for block in view.sheet.arrangement.blocks] == [80, 20]
    view.set_wrapped(False)
    assert [block.height for block in view.sheet.arrangement.blocks] == [20, 20]
    assert view.sheet.horizontalScrollBar().maximum() > 0


async def test_the_mouse_selects_and_copies(opened: Open) -> None:
    view = opened(b"\x1b[31mfirst\x1b[0m line\nsecond line\n")
    await ready(view)
    first, second = view.sheet.arrangement.blocks
    begin, end = view.sheet.text_at(first), view.sheet.text_at(second)
    width = first.areas(0, 1)[0].width()
    start = QPoint(round(begin.x() + 2 * width + 1), round(begin.y() + 10))
    stop = QPoint(round(end.x() + 6 * width + 1), round(end.y() + 10))
    QTest.mousePress(view.sheet.viewport(), Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(view.sheet.viewport(), stop)
    QTest.mouseRelease(view.sheet.viewport(), Qt.MouseButton.LeftButton, pos=stop)
    view.copy()
    await until(lambda: QGuiApplication.clipboard().text() == "rst line\nsecond")
    view.copy_with_numbers()
    await until(lambda: QGuiApplication.clipboard().text() == "1  rst line\n2  second")


async def test_all_is_copied_as_it_is_shown(opened: Open) -> None:
    view = opened(b"a\x1b[2J\xff\r\n" + b"y" * 9000 + b"\n", b"end")
    await ready(view)
    view.select_all()
    await until(lambda: not view.sheet.selection.is_empty)
    view.copy()
    await until(lambda: QGuiApplication.clipboard().text().startswith("a␛[2J\\xff\n"))
    assert QGuiApplication.clipboard().text() == "a␛[2J\\xff\n" + "y" * 9000 + "\nend"


async def test_rows_are_selected_by_keys(opened: Open) -> None:
    view = opened(MANY)
    await ready(view)
    for _time in range(2):
        QTest.keyClick(view.sheet, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(view.sheet, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    wanted = "".join(MANY.decode().splitlines(keepends=True)[:2])
    await until(lambda: QGuiApplication.clipboard().text() == wanted)


async def test_a_saved_log_has_the_bytes_of_all_attempts(opened: Open, tmp_path: Path) -> None:
    view = opened(b"\x1b[31mone\xff\n", b"two")
    view.save_as(str(tmp_path / "saved"))
    await until((tmp_path / "saved").exists)
    assert (tmp_path / "saved").read_bytes() == b"\x1b[31mone\xff\ntwo"


async def test_a_place_that_can_not_be_written_is_said(opened: Open, tmp_path: Path) -> None:
    view = opened(b"one\n")
    view.save_as(str(tmp_path / "gone" / "saved"))
    await until(lambda: "can't be saved" in view.foot.state.words)
    assert str(tmp_path / "gone" / "saved") in view.foot.state.words


async def test_a_log_that_is_gone_is_said_and_read_when_it_is_back(opened: Open, tmp_path: Path) -> None:
    file = tmp_path / "1.log"
    view = opened(b"one\n")
    file.rename(tmp_path / "aside")
    await until(lambda: view._blank._title.text() == "The log can't be read")
    assert str(file) in view._blank._sentence.text()
    (tmp_path / "aside").rename(file)
    QTest.mouseClick(view._blank._button, Qt.MouseButton.LeftButton)
    await until(lambda: texts(view) == ["one"] and not view._blank.isVisible())


@pytest.mark.parametrize(("is_closed", "title"), [(True, "No output"), (False, "No output yet")])
async def test_an_empty_log_says_so(opened: Open, is_closed: bool, title: str) -> None:
    view = opened(b"", is_closed=is_closed)
    await until(view._blank.isVisible)
    assert view._blank._title.text() == title


async def test_the_end_of_a_gigabyte_is_there_at_once(opened: Open, tmp_path: Path) -> None:
    view = opened(b"", is_closed=False)
    with (tmp_path / "1.log").open("r+b") as log:
        log.seek(1 << 30)
        log.write(b"\nthe end\n")
    begun = time.perf_counter()
    await until(lambda: texts(view)[-1:] == ["the end"])
    assert time.perf_counter() - begun < 2
    assert not view.reading.is_indexed


async def test_the_strip_leads_to_where_it_is_clicked(opened: Open) -> None:
    view = opened(MANY)
    await ready(view)
    QTest.mouseClick(view.strip, Qt.MouseButton.LeftButton, pos=QPoint(6, view.strip.height() // 2))
    middle = view.sheet.arrangement.block_at(view.sheet.viewport().height() / 2)
    assert middle is not None and middle.number is not None
    assert 1400 < middle.number < 1600


async def test_the_window_s_letters_are_text_in_the_search_field(opened: Open) -> None:
    view = opened(MIXED)
    await ready(view)
    press(view, "/")
    assert view.focusWidget() is view.bar.field
    QTest.keyClicks(view.bar.field, "ew")
    assert view.bar.field.text() == "ew"
    assert view.sheet.current_row is None


async def test_each_control_has_a_name_and_a_tooltip_in_both_languages(opened: Open) -> None:
    view = opened(MIXED)
    await ready(view)
    english = {}
    for language in ("en", "zh_CN"):
        speak(language)
        await until(lambda language=language: view.sheet.accessibleName() == {"en": "Log", "zh_CN": "日志"}[language])
        for button in view.findChildren(QAbstractButton):
            if button.isVisible():
                assert button.accessibleName(), button
                assert button.height() >= 24
                name = english.setdefault(button, button.accessibleName())
                assert language == "en" or name != button.accessibleName(), name


async def test_what_its_keys_do_is_offered_to_the_page_around(opened: Open) -> None:
    view = opened(MIXED)
    await ready(view)
    commands = {command.id: command for command in view.commands()}
    assert commands["log.go_to_top"].keys == ("G", "Home")
    commands["log.next_error"].run()
    assert view.reading.lines.line(view.sheet.current_row or 0).text == "ERROR number 40"


async def test_a_screen_reader_is_told_the_lines_that_are_seen(opened: Open) -> None:
    view = opened(b"one\n<b>two</b>\n")
    await ready(view)
    told = QAccessible.queryAccessibleInterface(view.sheet)
    assert told.text(QAccessible.Text.Name) == "Log"
    await until(lambda: told.text(QAccessible.Text.Description) == "one\n<b>two</b>")


async def test_it_can_be_painted_in_every_theme_and_language(opened: Open) -> None:
    view = opened(
        MIXED + b"\x1b[31mred\x1b[0m \x1b[48;5;21mblue\x1b[0m \xff \x1b[2J\n" + "中文\n".encode(), b"second\n"
    )
    await ready(view)
    view.reading.search.begin("number 4")
    await until(lambda: view.reading.search.count == 11)
    view.select_all()
    pictures = set()
    for theme in (Theme.LIGHT, Theme.DARK, Theme.CONTRAST):
        look().choose(theme)
        for language in ("en", "zh_CN"):
            speak(language)
            await until(
                lambda language=language: view.sheet.accessibleName() == {"en": "Log", "zh_CN": "日志"}[language]
            )
            picture = view.grab().toImage()
            pictures.add(bytes(picture.constBits()))
    assert len(pictures) == 6
