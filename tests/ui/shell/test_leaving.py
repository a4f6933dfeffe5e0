"""Closing and quitting do what was chosen, and nothing that runs is forgotten."""

import pytest

from tests.ui.waiting import eventually, saved
from watchkeeper.action.attention import Attention, Need
from watchkeeper.action.desk import Desk
from watchkeeper.ui.shell.leaving import CLOSING, Leaving
from watchkeeper.ui.shell.tray import state_of
from watchkeeper.ui.shell.window import Window
from watchkeeper.ui.widgets.question import Question
from watchkeeper.ui.widgets.veil import Veil


def asked(window: Window) -> Question:
    """The question that lies over the window."""
    question = next(veil.panel for veil in window.findChildren(Veil) if veil.isVisible())
    assert isinstance(question, Question)
    return question


async def ready(window: Window, *, has_tray: bool = True) -> list[bool]:
    """Knows the engine; what quitting is called with."""
    await eventually(lambda: window.status.status, "the engine has answered")
    quits: list[bool] = []
    window.leaving = Leaving(window, has_tray=has_tray, quit=quits.append, has_engine=True)
    return quits


async def test_the_first_close_asks_and_remembers_the_answer(window: Window) -> None:
    quits = await ready(window)
    window.close()
    question = asked(window)
    question._box.setChecked(True)
    question.buttons[-1].click()
    assert window.isHidden()
    assert window.console.memory.get(CLOSING, "") == "hide"
    window.come_back()
    window.close()
    assert window.isHidden()
    assert quits == []
    window.leaving = None


async def test_without_a_tray_closing_minimises(window: Window) -> None:
    await ready(window, has_tray=False)
    window.close()
    assert window.isMinimized()
    window.leaving = None


async def test_quitting_says_what_runs_and_an_engine_may_continue(desk: Desk, window: Window) -> None:
    quits = await ready(window)
    window.quit()
    assert quits == [False]
    await saved(desk, "slow", "sleep 600")
    await desk.do("run.start", job="slow")
    await eventually(lambda: window.status.status and window.status.status.running, "it runs")
    window.quit()
    asked(window).buttons[0].click()
    window.quit()
    asked(window).buttons[-1].click()
    assert quits == [False, True]
    window.leaving = None


@pytest.mark.parametrize(
    ("counts", "blocked", "state"),
    [
        ({}, 0, "ok"),
        ({Need.FAILED: 1, Need.LATE: 2}, 3, "failed"),
        ({Need.LATE: 1}, 1, "blocked"),
        ({Need.MISSED: 1}, 0, "late"),
    ],
)
async def test_the_tray_shows_the_worst(window: Window, counts: dict[Need, int], blocked: int, state: str) -> None:
    await eventually(lambda: window.status.status, "the engine has answered")
    status = window.status.status
    attention = Attention([], counts, blocked)
    assert state_of(status, attention) == state
    assert state_of(status, attention, is_quiet=True) == ("dnd" if state == "ok" else state)
    assert state_of(None, attention) == "offline"
