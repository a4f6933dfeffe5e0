"""The audit trail is read in the window: by words, by outcome, with all that an entry tells."""

from tests.ui.waiting import eventually, read, saved
from watchkeeper.action.desk import Desk
from watchkeeper.ui.pages.audit.page import Audit
from watchkeeper.ui.shell.window import Window


async def opened(window: Window) -> Audit:
    window.go("audit")
    page = window.page
    assert isinstance(page, Audit)
    await read(page)
    return page


async def test_what_was_done_stands_there_with_its_details(desk: Desk, window: Window) -> None:
    await saved(desk, "etl")
    page = await opened(window)
    page.table.go_to(0)
    (entry,) = page.model.rows()
    assert (entry.action, entry.object) == ("job.save", "etl")
    assert page.detail.text.toPlainText() == "version: 1"


async def test_words_and_outcomes_narrow_it(desk: Desk, window: Window) -> None:
    for name in ("etl", "backup"):
        await saved(desk, name)
    page = await opened(window)
    page.field.setText("backup")
    await eventually(lambda: [entry.object for entry in page.model.rows()] == ["backup"], "one is left")
    page._outcome.choose("refused")
    await eventually(lambda: page._stack.currentWidget() is page._empty, "nothing was refused")
    page._show_all()
    await eventually(lambda: page.model.total == 2, "all again")
