"""Nothing of Qt's is destroyed in another thread than the window's."""

import gc
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QObject

from tests.ui.waiting import ran, saved
from watchkeeper.action.desk import Desk
from watchkeeper.ui.garbage import Garbage
from watchkeeper.ui.heap import give_back

#: Less than in the program, so that it need not be waited for.
ENOUGH = (5_000, 2, 2)


class Knot(QObject):
    """Holds itself, so that only the collector finds it."""

    ended_in: list[int] = []  # noqa: RUF012  # shared on purpose

    def __init__(self) -> None:
        super().__init__()
        self.knot = self

    def __del__(self) -> None:
        self.ended_in.append(threading.get_ident())


@pytest.fixture
def garbage(qapp: QCoreApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[Garbage]:
    monkeypatch.setattr("watchkeeper.ui.garbage.ENOUGH", ENOUGH)
    was_on = gc.isenabled()
    garbage = Garbage()
    garbage.begin()
    Knot.ended_in.clear()
    yield garbage
    garbage.end()
    if not was_on:
        gc.freeze()
        gc.disable()


def make_much() -> None:
    """Enough to make Python look for garbage many times over, were it let."""
    for _ in range(3):
        knots = [[number] for number in range(5_000)]
        for knot in knots:
            knot.append(knot)  # type: ignore[arg-type]


def test_another_thread_that_makes_much_destroys_nothing_of_the_windows(garbage: Garbage) -> None:
    Knot()
    other = threading.Thread(target=make_much)
    other.start()
    other.join()
    assert Knot.ended_in == []
    for _ in range(ENOUGH[1] * ENOUGH[2]):
        make_much()
        garbage._look()
    assert Knot.ended_in == [threading.get_ident()]


async def test_an_engine_in_the_same_process_lets_nobody_else_look(desk: Desk) -> None:
    """It loads its schedule with the collector off, and must not put it on for a window that has put it off."""
    await saved(desk)
    await ran(desk)
    assert not gc.isenabled()


def test_after_a_round_everything_is_looked_at_and_memory_given_back(
    garbage: Garbage, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = list[bool]()
    monkeypatch.setattr("watchkeeper.ui.garbage.ROUND", 3)
    monkeypatch.setattr("watchkeeper.ui.garbage.give_back", lambda: given.append(Knot.ended_in != []))
    Knot()
    for _ in range(3):
        garbage._look()
    assert given == [True]
    give_back()
