"""A query is typed, completed and taken apart by keys alone; what can't be read is said."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAccessible, QFocusEvent, QGuiApplication, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from watchkeeper.model.job_table import JobFacets, Tally
from watchkeeper.model.text import _
from watchkeeper.ui.pages.jobs.grammar import JobGrammar
from watchkeeper.ui.widgets.query_bar import QueryBar

FACETS = JobFacets(
    tags=(Tally("etl", 7), Tally("my own, new", 2)),
    owners=(Tally("liwei", 3), Tally("ops", 1)),
    handlers=(),
    pools=(),
    calendars=(),
    groups=(),
)


@pytest.fixture
def bar(qapp: QApplication) -> Iterator[QueryBar]:
    grammar = JobGrammar()
    grammar.learn(FACETS)
    bar = QueryBar(grammar, _("Filter"), _("Filter"))
    bar.resize(700, 80)
    bar.show()
    QApplication.sendEvent(bar.field.input, QFocusEvent(QEvent.Type.FocusIn))
    yield bar
    bar.close()
    bar.deleteLater()


def typed(bar: QueryBar, text: str) -> QueryBar:
    QTest.keyClicks(bar.field.input, text)
    return bar


def pressed(bar: QueryBar, *keys: Qt.Key) -> QueryBar:
    for key in keys:
        QTest.keyClick(bar.field.input, key)
    return bar


def test_a_word_with_a_key_becomes_a_chip_when_it_is_finished(bar: QueryBar) -> None:
    asked: list[str] = []
    bar.asked.connect(asked.append)
    typed(bar, "backup status:failed ")
    assert (bar.field.chips, bar.field.input.text()) == (["status:failed"], "backup ")
    assert bar.query == asked[-1] == "status:failed backup"
    typed(bar, "tag:etl")
    assert bar.field.chips == ["status:failed"]
    assert bar.query == "status:failed backup tag:etl"
    pressed(bar, Qt.Key.Key_Return)
    assert bar.field.chips == ["status:failed", "tag:etl"]


def test_backspace_takes_the_chip_before_the_caret_back_into_text(bar: QueryBar) -> None:
    typed(bar, "tag:etl -status:failed ")
    pressed(bar, Qt.Key.Key_Backspace)
    assert (bar.field.chips, bar.field.input.text()) == (["tag:etl"], "-status:failed")
    pressed(bar, Qt.Key.Key_Backspace)
    assert bar.field.input.text() == "-status:faile"
    assert bar.query == "tag:etl"


def test_arrows_walk_over_chips_and_what_is_typed_goes_on_as_text(bar: QueryBar) -> None:
    typed(bar, "tag:etl is:enabled pool:db ")
    pressed(bar, Qt.Key.Key_Left, Qt.Key.Key_Left)
    assert bar.field.current == 1
    pressed(bar, Qt.Key.Key_Delete)
    assert (bar.field.chips, bar.field.current) == (["tag:etl", "pool:db"], 1)
    pressed(bar, Qt.Key.Key_Home, Qt.Key.Key_Return)
    assert (bar.field.chips, bar.field.input.text()) == (["pool:db"], "tag:etl")
    pressed(bar, Qt.Key.Key_Return, Qt.Key.Key_Left, Qt.Key.Key_Right)
    assert bar.field.current is None
    typed(bar, "x")
    assert bar.field.input.text() == "x"


def test_a_whole_query_that_is_pasted_becomes_chips(bar: QueryBar) -> None:
    QGuiApplication.clipboard().setText('status:failed,running tag:"my own, new" nightly owner：me')
    QTest.keyClick(bar.field.input, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert bar.field.chips == ["status:failed,running", 'tag:"my own, new"', "owner:me"]
    assert bar.field.input.text().strip() == "nightly"


def test_keys_and_values_are_completed_by_tab_or_by_right_at_the_end(bar: QueryBar) -> None:
    assert typed(bar, "ow").field.input.ghost == "ner:"
    pressed(bar, Qt.Key.Key_Tab)
    assert bar.field.input.text() == "owner:"
    assert bar.field.input.ghost == "me, liwei, ops"
    typed(bar, "li")
    pressed(bar, Qt.Key.Key_Right)
    assert bar.field.chips == ["owner:liwei"]
    typed(bar, "tag:my")
    pressed(bar, Qt.Key.Key_Tab)
    assert bar.field.chips[1:] == ['tag:"my own, new"']
    assert not bar.complaint.isVisible()


def test_down_opens_a_list_of_values_with_how_many_have_each(bar: QueryBar) -> None:
    typed(bar, "owner:")
    pressed(bar, Qt.Key.Key_Down)
    assert [(offer.written, str(offer.note)) for offer in bar.field.list.offers] == [
        ("me", "you"),
        ("liwei", "3 jobs"),
        ("ops", "1 job"),
    ]
    pressed(bar, Qt.Key.Key_Up)
    assert bar.field.list.accessibleName() == "ops 1 job"
    pressed(bar, Qt.Key.Key_Return)
    assert bar.field.chips == ["owner:ops"]
    assert not bar.field.list.isVisible()


def test_a_word_that_is_a_value_is_offered_with_its_key(bar: QueryBar) -> None:
    typed(bar, "et")
    pressed(bar, Qt.Key.Key_Down)
    assert [(offer.written, str(offer.note)) for offer in bar.field.list.offers] == [("tag:etl", "7 jobs")]
    pressed(bar, Qt.Key.Key_Tab)
    assert bar.field.chips == ["tag:etl"]


def test_down_in_an_empty_field_offers_the_keys_and_escape_closes_the_list(bar: QueryBar) -> None:
    pressed(bar, Qt.Key.Key_Down)
    assert bar.field.list.offers[0].written == "status:"
    left: list[bool] = []
    bar.left.connect(lambda: left.append(True))
    pressed(bar, Qt.Key.Key_Escape)
    assert not bar.field.list.isVisible() and not left
    pressed(bar, Qt.Key.Key_Escape)
    assert left


def test_a_word_that_is_only_begun_is_not_complained_of(bar: QueryBar) -> None:
    typed(bar, "tag:etl ")
    for text in ("status:", "f", "ai"):
        typed(bar, text)
        assert not bar.complaint.isVisible()
        assert bar.query == "tag:etl"
    typed(bar, "led")
    assert bar.query == "tag:etl status:failed"
    typed(bar, " next:<3")
    assert not bar.complaint.isVisible()


@pytest.mark.parametrize("wrong", ["colour:red", "status:nonsense", "next:soonish", "status: "])
def test_what_cannot_be_read_gets_a_sentence_and_holds_back_nothing_but_itself(bar: QueryBar, wrong: str) -> None:
    typed(bar, "tag:etl ")
    asked: list[str] = []
    bar.asked.connect(asked.append)
    typed(bar, wrong)
    assert bar.complaint.isVisible()
    assert wrong.split(":")[0] in bar.complaint.sentence.text()
    assert bar.field.input.accessibleDescription() == bar.complaint.sentence.text()
    assert asked[-1] == bar.query == "tag:etl"
    bar.clear()
    assert not bar.complaint.isVisible() and asked[-1] == ""


def test_nothing_is_taken_from_a_composition(bar: QueryBar) -> None:
    typed(bar, "tag:etl ")
    composing = QInputMethodEvent("cai", [])
    QApplication.sendEvent(bar.field.input, composing)
    pressed(bar, Qt.Key.Key_Backspace, Qt.Key.Key_Down, Qt.Key.Key_Tab)
    assert (bar.field.chips, bar.field.current) == (["tag:etl"], None)
    assert not bar.field.list.isVisible()
    done = QInputMethodEvent()
    done.setCommitString("tag:财务")
    QApplication.sendEvent(bar.field.input, done)
    assert (bar.field.chips, bar.field.input.text()) == (["tag:etl"], "tag:财务")
    assert bar.query == "tag:etl tag:财务"


def test_many_chips_take_more_lines(bar: QueryBar) -> None:
    one = bar.field.height()
    bar.show_query(" ".join(f"tag:number{number}" for number in range(12)))
    assert bar.field.height() > one
    assert all(rect.right() <= bar.width() for rect in bar.field.rects())


def test_a_reader_hears_what_the_field_is_and_what_it_says(bar: QueryBar) -> None:
    typed(bar, "tag:etl ")
    told = QAccessible.queryAccessibleInterface(bar.field.input)
    assert told.text(QAccessible.Text.Name) == "Filter"
    assert told.text(QAccessible.Text.Description) == "tag:etl"
