"""The panel keeps what happened, was done and is wrong; each row leads to its thing."""

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.ui.waiting import eventually, ran, saved
from watchkeeper.action.desk import Desk
from watchkeeper.model.text import _
from watchkeeper.ui.problems import Problem
from watchkeeper.ui.shell.window import Window
from watchkeeper.ui.widgets.lines import Lines
from watchkeeper.ui.words import shown


def texts(lines: Lines) -> list[str]:
    return [shown(line.text) for line in lines.lines]


async def test_the_live_log_is_narrowed_by_words_and_by_kind(desk: Desk, window: Window, qtbot: QtBot) -> None:
    await saved(desk, "good")
    await saved(desk, "bad", "exit 3")
    window.toggle_panel("live")
    live = window.panel.live
    await ran(desk, "good")
    run = await ran(desk, "bad")
    await eventually(lambda: any("bad FAILED" in text for text in texts(live)), "the failure is told")
    await eventually(lambda: any("good SUCCEEDED" in text for text in texts(live)), "the success is told")
    live.filter.kind.show_value("failed")
    live.narrow()
    assert [text.split(" (")[0] for text in texts(live)] == ["bad FAILED"]
    live.filter.kind.show_value("")
    qtbot.keyClicks(live.filter.words, "GOOD succ")
    assert [text.split(" (")[0] for text in texts(live)] == ["good SUCCEEDED"]
    live.filter.words.setText("nonsense")
    assert texts(live) == []
    assert "fits" in shown(live._empty)
    live.filter.words.setText("bad failed")
    live.setFocus()
    qtbot.keyClick(live, Qt.Key.Key_Down)
    qtbot.keyClick(live, Qt.Key.Key_Return)
    assert window.page.place == f"run/{run.id}"
    live.clear()
    assert "Nothing has happened" in shown(live._empty)


async def test_the_live_log_makes_lines_only_while_it_is_looked_at(desk: Desk, window: Window) -> None:
    await saved(desk, "good")
    live = window.panel.live
    window.toggle_panel("live")
    await eventually(lambda: "job good saved" in texts(live), "it is told")
    window.toggle_panel("live")
    assert texts(live) == []
    await saved(desk, "better")
    window.toggle_panel("live")
    await eventually(lambda: "job better saved" in texts(live), "what came meanwhile is told")
    assert "job good saved" in texts(live)


async def test_notices_are_unseen_until_they_are_looked_at(desk: Desk, window: Window, qtbot: QtBot) -> None:
    await saved(desk, "bad", "exit 3")
    run = await ran(desk, "bad")
    await eventually(lambda: window.header.bell.count == 1, "the bell counts it")
    notices = window.panel.notices
    window.header.bell.click()
    assert texts(notices) == ["bad: Failed"]
    assert window.header.bell.count == 0
    again = next(link for link in notices.lines[0].links if shown(link.text) == "Run again")
    again.follow()
    await eventually(lambda: texts(notices) == ["bad: Failed (2 times)"], "it failed again")
    assert window.header.bell.count == 0
    notices.setFocus()
    qtbot.keyClick(notices, Qt.Key.Key_Down)
    qtbot.keyClick(notices, Qt.Key.Key_Return)
    assert window.page.place.startswith("run/")
    assert window.page.place != f"run/{run.id}"
    window.notices.clear()
    assert texts(notices) == []


async def test_what_was_done_leads_to_what_it_was_done_to(desk: Desk, window: Window) -> None:
    job = await saved(desk, "etl")
    await window.deeds.act("job.disable", job=job.id)
    window.toggle_panel("activity")
    line = window.panel.activity.lines[0]
    assert shown(line.text).startswith("watchkeeper job disable")
    assert [shown(link.text) for link in line.links] == ["Undo", "Copy"]
    assert line.open is not None
    line.open()
    assert window.page.place == f"job/{job.id}"
    window.activity.clear()
    assert window.panel.activity.lines == []


async def test_problems_are_counted_and_lead_to_where_they_are_mended(window: Window) -> None:
    shown_at: list[str] = []
    window.problems.report("jobs", [Problem(_("Done"), "place", show=lambda: shown_at.append("there"))])
    window.toggle_panel("problems")
    assert shown(window.panel.tabs._choices[0][1]) == "Problems 1"
    assert "1" in window.status.problems.text()
    opened = window.panel.problems.lines[0].open
    assert opened is not None
    opened()
    assert shown_at == ["there"]
    window.problems.report("jobs", [])
    assert window.panel.problems.lines == []


async def test_do_not_disturb_is_seen_at_the_bell_and_in_the_panel(window: Window) -> None:
    window.toggle_panel("notices")
    window.toggle_quiet()
    assert window.panel.quiet.isChecked()
    assert "Do not disturb" in window.header.bell.toolTip()
    assert window.commands.by_keys("Ctrl+Shift+D") is window.commands.get("quiet")
    window.panel.quiet.click()
    assert not window.quiet.is_on
    assert window.header.bell.toolTip() == "Notifications"
