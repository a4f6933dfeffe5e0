"""Rows under headings: where each is shown, what closing leaves, and what is selected is no heading."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.modeltest import ModelTester

from watchkeeper.model.text import _
from watchkeeper.ui.widgets.column import Column
from watchkeeper.ui.widgets.grouped_model import Band, GroupedModel
from watchkeeper.ui.widgets.grouped_table import GroupedTable

#: In the list "b" comes last of all; a/x and a/y are within a.
BANDS = (Band("a", 0, 0, 2), Band("a/x", 1, 2, 3), Band("a/y", 1, 5, 1), Band("b", 0, 6, 4))
LIST = [f"row {number}" for number in range(10)]


@pytest.fixture
def table(qapp: QApplication) -> Iterator[GroupedTable[str]]:
    columns = [
        Column[str]("check", _("Selected"), 37, lambda row: "", is_check=True),
        Column[str]("name", _("Name"), 100, str, is_stretched=True, sort="name"),
        Column[str]("owner", _("Owner"), 90, str, gives_way=1),
        Column[str]("group", _("Group"), 90, str, is_usual=False),
    ]
    table = GroupedTable(GroupedModel(columns), lambda painter, rect, band: None)
    table.grouped.show_list(BANDS, len(LIST), LIST)
    table.resize(600, 600)
    table.show()
    table.go_to(0)
    yield table
    table.close()
    table.deleteLater()


def shown(table: GroupedTable[str]) -> list[str]:
    model = table.grouped
    bands = (model.heading(number) for number in range(model.count))
    return [band.path if band else model.row(number) or "?" for number, band in enumerate(bands)]


def pressed(table: GroupedTable[str], *keys: Qt.Key, shift: bool = False) -> int:
    for key in keys:
        QTest.keyClick(table, key, Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier)
    return table.currentIndex().row()


def test_rows_stand_under_their_headings(table: GroupedTable[str], qtmodeltester: ModelTester) -> None:
    assert shown(table) == [
        *("a", "row 0", "row 1", "a/x", "row 2", "row 3", "row 4", "a/y", "row 5"),
        *("b", "row 6", "row 7", "row 8", "row 9"),
    ]
    for number in range(table.grouped.count):
        place = table.grouped.place(number)
        assert place is None or table.grouped.number_of(place) == number
    qtmodeltester.check(table.grouped)


def test_what_is_closed_takes_what_is_within_with_it(table: GroupedTable[str], qtmodeltester: ModelTester) -> None:
    model = table.grouped
    told: list[list[str]] = []
    model.folded.connect(told.append)
    model.fold(BANDS[1], is_open=False)
    assert shown(table)[3:6] == ["a/x", "a/y", "row 5"]
    model.fold(BANDS[0], is_open=False)
    assert shown(table) == ["a", "b", "row 6", "row 7", "row 8", "row 9"]
    assert model.number_of(3) == 0
    qtmodeltester.check(model)
    model.fold(BANDS[0], is_open=True)
    assert shown(table)[:5] == ["a", "row 0", "row 1", "a/x", "a/y"]
    assert told == [["a/x"], ["a", "a/x"], ["a/x"]]


def test_left_closes_or_goes_up_and_right_opens_or_goes_down(table: GroupedTable[str]) -> None:
    assert pressed(table, *[Qt.Key.Key_J] * 5) == 5
    assert pressed(table, Qt.Key.Key_Left) == 3
    assert pressed(table, Qt.Key.Key_Left) == 3
    assert not table.grouped.is_open(BANDS[1])
    assert pressed(table, Qt.Key.Key_Left) == 0
    assert pressed(table, Qt.Key.Key_Return) == 0
    assert shown(table)[:2] == ["a", "b"]
    assert pressed(table, Qt.Key.Key_Right, Qt.Key.Key_Right) == 1


def test_moving_selects_nothing_and_x_and_shift_do(table: GroupedTable[str]) -> None:
    pressed(table, Qt.Key.Key_J, Qt.Key.Key_X, Qt.Key.Key_J, Qt.Key.Key_K)
    assert (table.chosen(), table.chosen_count) == (["row 0"], 1)
    pressed(table, Qt.Key.Key_X)
    assert table.chosen_count == 0
    assert table.chosen() == ["row 0"], "the current one, where none is selected"
    pressed(table, Qt.Key.Key_Down, Qt.Key.Key_Down, shift=True)
    assert table.chosen() == ["row 0", "row 1"], "the heading between is none"
    pressed(table, Qt.Key.Key_Escape)
    assert table.chosen_count == 0


def test_x_on_a_heading_selects_what_is_under_it(table: GroupedTable[str]) -> None:
    table.go_to(3)
    pressed(table, Qt.Key.Key_X)
    assert table.chosen() == ["row 2", "row 3", "row 4"]
    pressed(table, Qt.Key.Key_X)
    assert table.chosen_count == 0


def test_all_are_selected_by_key_and_by_the_box_over_them(table: GroupedTable[str]) -> None:
    QTest.keyClick(table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert table.chosen_count == len(LIST)
    table.header.checked.emit()
    assert table.chosen_count == 0
    table.header.checked.emit()
    assert sorted(table.places()) == list(range(10))


def test_the_same_list_a_little_later_keeps_what_is_current_and_selected(table: GroupedTable[str]) -> None:
    pressed(table, Qt.Key.Key_J, Qt.Key.Key_X)
    later = [Band(band.path, band.depth, band.first, band.count, "other facts") for band in BANDS]
    table.grouped.show_list(later, len(LIST), [row.upper() for row in LIST])
    assert (table.current, table.chosen_count) == ("ROW 0", 1)
    assert table.grouped.bands[0].facts == "other facts"


def test_rows_that_may_have_changed_are_shown_until_they_are_read_anew(table: GroupedTable[str]) -> None:
    model = table.grouped
    wanted: list[int] = []
    model.wanted.connect(wanted.append)
    many = [f"row {number}" for number in range(450)]
    model.show_list((), 450, many[:60])
    assert model.row(70) is None
    assert model.row(201) is None
    model.put(200, many[200:400])
    model.renew(450, 0, many[:60])
    assert model.row(201) == "row 201"
    assert wanted == [0, 200, 200]


def test_columns_are_hidden_moved_and_remembered_as_plain_data(table: GroupedTable[str]) -> None:
    header = table.header
    assert (header.is_wanted("group"), header.isSectionHidden(3)) == (False, True)
    header.want("group", True)
    header.move("group", -1)
    header.move("group", -9)
    assert header.names() == ["check", "group", "name", "owner"]
    header.resizeSection(3, 133)
    kept = header.arrangement
    assert kept == {"order": ["check", "group", "name", "owner"], "hidden": [], "widths": {"group": 133}}
    header.arrange({})
    assert header.names() == ["check", "name", "owner", "group"] and header.isSectionHidden(3)
    header.arrange({**kept, "order": ["gone", *kept["order"][:2]]})
    assert header.names() == ["check", "group", "name", "owner"] and header.sectionSize(3) == 133


def test_where_it_is_narrow_columns_give_way(table: GroupedTable[str]) -> None:
    table.resize(300, 600)
    assert table.header.isSectionHidden(2)
    assert table.header.is_wanted("owner")
    table.resize(600, 600)
    assert not table.header.isSectionHidden(2)


def test_sorting_by_a_column_again_turns_it_round(table: GroupedTable[str]) -> None:
    asked: list[tuple[str, bool]] = []
    table.sorting.connect(lambda by, is_down: asked.append((by, is_down)))
    table.header.sectionClicked.emit(1)
    table.header.sort_by("name")
    table.header.sectionClicked.emit(2)
    assert asked == [("name", False), ("name", True)]
