"""The desktop gets one notification for each cause, over a real D-Bus, and what is clicked there is done here."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.ui.shell.desktop import connected, notifications, session_bus
from tests.ui.waiting import eventually
from watchkeeper.ui.shell.desktop_notices import DesktopNotices

ACTIONS = (("default", "Open"), ("again", "Run again"))


@pytest.fixture
async def address() -> AsyncIterator[str]:
    with session_bus() as found:
        yield found
    await asyncio.get_running_loop().shutdown_default_executor()


async def test_it_is_shown_replaced_clicked_and_taken_away(address: str) -> None:
    with notifications(address, "actions,body,body-markup") as server, connected(address) as bus:
        notices, clicks = DesktopNotices(bus), list[tuple[str, str]]()
        notices.chosen.connect(lambda key, action: clicks.append((key, action)))
        assert await notices.begin()
        assert await notices.show("job:etl", "etl: 失败", "a < b & c", ACTIONS)
        assert await notices.show("job:other", "other: Failed", "", ())
        assert await notices.show("job:etl", "etl: Failed (2 times)", "", ACTIONS)
        await eventually(lambda: len(server.shown) == 3, "all have been shown")
        first, other, second = server.shown
        assert (first["title"], first["body"]) == ("etl: 失败", "a &lt; b &amp; c")
        assert first["actions"] == ["default", "Open", "again", "Run again"]
        assert first["hints"]["desktop-entry"] == "io.github.watchkeeper.Watchkeeper"
        assert (second["number"], second["replaces"], other["replaces"]) == (first["number"], first["number"], 0)
        server.send("ActionInvoked", 7, "again")
        server.send("ActionInvoked", first["number"], "again")
        await eventually(lambda: clicks == [("job:etl", "again")], "the click has come")
        await notices.withdraw("job:etl")
        await notices.withdraw("job:etl")
        await eventually(lambda: server.closed == [first["number"]], "it is taken away")
        server.send("NotificationClosed", other["number"], 2)
        await eventually(lambda: not notices._numbers, "nothing is kept of what is gone")


async def test_a_click_that_comes_before_the_answer_is_not_lost(address: str) -> None:
    with notifications(address, "actions,at-once") as server, connected(address) as bus:
        notices, clicks = DesktopNotices(bus), list[tuple[str, str]]()
        notices.chosen.connect(lambda key, action: clicks.append((key, action)))
        assert await notices.begin()
        for key in ("job:etl", "job:other"):
            assert await notices.show(key, "Failed", "", ACTIONS)
        await eventually(lambda: clicks == [("job:etl", "default"), ("job:other", "default")], "both clicks count")
        server.send("ActionInvoked", 7, "again")
        server.send("ActionInvoked", server.shown[1]["number"], "again")
        await eventually(lambda: clicks[2:] == [("job:other", "again")], "what is another program's does not")
        assert notices._early == []


async def test_a_desktop_without_actions_or_without_notifications_is_known_as_such(address: str) -> None:
    with connected(address) as bus:
        notices = DesktopNotices(bus)
        assert not await notices.begin()
        assert not await notices.show("k", "title", "body", ())
        with notifications(address, "body") as server:
            assert not await notices.begin()
            assert await notices.show("k", "title", "body", ())
            await eventually(lambda: server.shown, "it is shown")
