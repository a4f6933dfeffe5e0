"""Whoever comes back is offered what happened, once, and goes on with what they were at."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget

from tests.ui.waiting import eventually, ran, read, saved
from watchkeeper.action.desk import Desk
from watchkeeper.ui import clock
from watchkeeper.ui.clock import now
from watchkeeper.ui.idleness import Idleness
from watchkeeper.ui.seen import saw, seen_at
from watchkeeper.ui.shell.absence import Absence
from watchkeeper.ui.shell.window import Window
from watchkeeper.ui.tasks import Tasks
from watchkeeper.ui.widgets.words import Button

HOUR = timedelta(hours=1)


@pytest.fixture
def absence(window: Window) -> Iterator[Absence]:
    tasks = Tasks(window.toast)
    yield Absence(window, tasks)
    tasks.close()


async def test_what_happened_is_offered_in_a_toast_and_the_page_stays(
    desk: Desk, window: Window, absence: Absence
) -> None:
    saw(window.console.memory)
    await saved(desk, "etl", "exit 1")
    await ran(desk, "etl")
    page, left_at = window.page, now() - 6 * HOUR
    absence.take_return(left_at)
    await eventually(window.toasts.texts, "it is offered")
    (text,) = window.toasts.texts()
    assert text.startswith("You were away 6 h: 1 failed")
    assert window.page is page, "nothing is taken from under their hands"
    absence.take_return(now() - 5 * HOUR)
    await absence._tasks.idle()
    assert len(window.toasts.texts()) == 1, "one return is told once"
    next(button for button in window.toasts.findChildren(Button) if button.text() == "Show").click()
    assert window.page.place == "away"
    await read(window.page)
    assert seen_at(window.console.memory) == left_at


async def test_a_short_absence_and_a_quiet_one_are_not_told(desk: Desk, window: Window, absence: Absence) -> None:
    saw(window.console.memory)
    absence.take_return(now() - HOUR / 2)
    absence.take_return(now() - 9 * HOUR)
    await absence._tasks.idle()
    assert window.toasts.texts() == []


async def test_an_offer_that_nobody_took_is_part_of_the_next(desk: Desk, window: Window, absence: Absence) -> None:
    saw(window.console.memory)
    first = now() - 20 * HOUR
    absence.take_return(first)
    absence._returned_at = None
    absence.take_return(now() - 2 * HOUR)
    assert seen_at(window.console.memory) == first
    await absence._tasks.idle()


def test_the_first_input_after_an_hour_tells_of_it(qapp: QApplication) -> None:
    evening = now()
    clock.stand_still(evening)
    parent, told = QObject(), list[object]()
    idleness = Idleness(HOUR, parent)
    idleness.back.connect(told.append)
    widget = QWidget()
    use(widget)
    clock.stand_still(evening + HOUR / 2)
    idleness.look()
    use(widget)
    assert told == []
    clock.stand_still(evening + 9 * HOUR)
    idleness.look()
    use(widget)
    use(widget)
    assert told == [evening + HOUR / 2]
    parent.deleteLater()
    widget.deleteLater()


def use(widget: QWidget) -> None:
    QApplication.sendEvent(widget, QEvent(QEvent.Type.Enter))
