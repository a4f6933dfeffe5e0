"""F1 opens what fits the page."""

from watchkeeper.ui.pages.help.topics import topics
from watchkeeper.ui.shell.window import Window

PLACES = ("dashboard", "jobs", "job/new", "runs", "history", "audit", "away", "help", "run/1")


async def test_every_page_has_a_topic_that_is_there(window: Window) -> None:
    known = {each.name for each in topics("en")}
    for place in PLACES:
        window.go(place)
        topic = window.page.topic
        assert topic in known
        window.open_help()
        assert window.page.place == f"help/{topic}"
