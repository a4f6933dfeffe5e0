"""The page of calendars over a real engine: a year to walk through, a form, and what a save would change."""

import asyncio
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from tests.ui.waiting import eventually, read, saved
from watchkeeper.action.desk import Desk
from watchkeeper.model.calendar import Dates, Weekly
from watchkeeper.model.trigger import Cron
from watchkeeper.ui.pages.calendars.cards import (
    CountryCard,
    DatesCard,
    EventsCard,
    IncludeCard,
    MonthlyCard,
    WeeklyCard,
    weekday_text,
)
from watchkeeper.ui.pages.calendars.page import CalendarsPage
from watchkeeper.ui.pages.calendars.rules import FRESH
from watchkeeper.ui.shell.window import Window
from watchkeeper.ui.widgets.dialog import Dialog
from watchkeeper.ui.widgets.question import Question
from watchkeeper.ui.widgets.veil import Veil
from watchkeeper.ui.words import speak

OFF = {"name": "rest", "zone": "Asia/Shanghai", "holds": [{"kind": "country", "country": "CN", "which": "off"}]}
SUNDAYS = {"name": "sundays", "zone": "Asia/Shanghai", "holds": [{"kind": "weekly", "days": "sun"}]}
ICS = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//team//EN
BEGIN:VEVENT
UID:1
DTSTART;VALUE=DATE:{day}
SUMMARY:Outing
END:VEVENT
BEGIN:VEVENT
UID:2
DTSTART:nonsense
END:VEVENT
END:VCALENDAR
"""


async def opened(window: Window, name: str = "") -> CalendarsPage:
    window.go(f"calendars/{name}" if name else "calendars")
    page = window.page
    assert isinstance(page, CalendarsPage)
    await read(page)
    return page


async def settled(page: CalendarsPage) -> None:
    """Until what was entered is kept and looked at."""
    while page._timer.isActive():
        await asyncio.sleep(0.02)
    await page.tasks.idle()


@pytest.fixture
async def page(desk: Desk, window: Window) -> CalendarsPage:
    """With two calendars, of which the one with Chinese holidays is shown."""
    for spec in (OFF, SUNDAYS):
        await desk.do("calendar.save", spec=spec)
    return await opened(window)


def dialog(window: Window) -> Any:
    """What lies over the window."""
    return next((veil.panel for veil in window.findChildren(Veil) if veil.isVisible()), None)


def click(qtbot: QtBot, page: CalendarsPage, day: date) -> None:
    where: QPoint = page.year.view.rect_of(day).center().toPoint()
    qtbot.mouseClick(page.year.view, Qt.MouseButton.LeftButton, pos=where)


async def stored(desk: Desk, name: str = "rest") -> Any:
    return (await desk.ask("calendar.show", name=name)).calendar.spec


async def test_a_day_tells_its_holiday_by_its_name_and_keys_walk_through_days_and_months(
    page: CalendarsPage, qtbot: QtBot
) -> None:
    view = page.year.view
    page._show_year(2026)
    await eventually(lambda: view.year == 2026 and view.day(date(2026, 1, 1)).holiday, "2026 is shown")
    view.go_to(date(2025, 12, 31))
    await eventually(lambda: view.year == 2025, "the year of that day is shown")
    qtbot.keyClick(view, Qt.Key.Key_Right)
    await eventually(lambda: view.year == 2026 and view.day(date(2026, 1, 1)).holiday, "the day after is shown")
    assert view.current == date(2026, 1, 1)
    assert "New Year's Day" in view.accessibleDescription() and "days off in China" in view.accessibleDescription()
    speak("zh_CN")
    await eventually(lambda: "元旦" in view.accessibleDescription() and "元旦" in page.year.day.text(), "in Chinese")
    speak("en")
    for key, day in (
        (Qt.Key.Key_PageDown, date(2026, 2, 1)),
        (Qt.Key.Key_End, date(2026, 2, 28)),
        (Qt.Key.Key_Down, date(2026, 3, 7)),
        (Qt.Key.Key_PageUp, date(2026, 2, 7)),
        (Qt.Key.Key_Home, date(2026, 2, 1)),
        (Qt.Key.Key_Left, date(2026, 1, 31)),
        (Qt.Key.Key_Up, date(2026, 1, 24)),
    ):
        qtbot.keyClick(view, key)
        assert view.current == day
    assert view.day(date(2026, 1, 4)).is_make_up and not view.day(date(2026, 1, 4)).is_held
    assert all(view.rect_of(date(2026, month, 5)).width() >= 24 for month in range(1, 13))


async def test_a_click_or_enter_on_a_day_changes_its_side_and_a_step_back_takes_that_back(
    page: CalendarsPage, desk: Desk, qtbot: QtBot
) -> None:
    page._show_year(2026)
    await eventually(lambda: page.year.view.year == 2026 and page.year.view.day(date(2026, 1, 1)).is_held, "2026")
    click(qtbot, page, date(2026, 3, 11))
    await settled(page)
    assert page.draft.rules("holds")[1] == {"kind": "dates", "dates": ["2026-03-11"]}
    card = page.form.holds.cards[1][0]
    assert isinstance(card, DatesCard) and card.dates.words == ["2026-03-11"]
    assert page.year.view.day(date(2026, 3, 11)).is_whole and page.is_dirty
    page.year.view.go_to(date(2026, 1, 1))
    qtbot.keyClick(page.year.view, Qt.Key.Key_Return)
    await settled(page)
    assert page.draft.rules("but_not") == [{"kind": "dates", "dates": ["2026-01-01"]}]
    assert not page.year.view.day(date(2026, 1, 1)).is_held
    click(qtbot, page, date(2026, 3, 11))
    assert len(page.draft.rules("holds")) == 1
    page.draft.undo()
    page.draft.undo()
    page.draft.undo()
    assert not page.draft.is_dirty and not page.draft.can_undo
    page.draft.redo()
    assert page.draft.is_dirty
    page.discard()
    await settled(page)
    assert not page.is_dirty and (await stored(desk)).but_not == ()


async def test_a_save_tells_first_which_fires_fall_away_and_can_be_taken_back(
    window: Window, desk: Desk, page: CalendarsPage
) -> None:
    daily = Cron("0 3 * * *", zone="Asia/Shanghai", not_on=("sundays",))
    await saved(desk, "nightly", triggers=(daily,))
    page.show_calendar("sundays")
    await eventually(lambda: page.form.effects._effects, "the job is told")
    (card, _positions), *_more = page.form.holds.cards
    assert isinstance(card, WeeklyCard)
    card.days.days[6].click()
    await settled(page)
    (effect,) = page.form.effects._effects
    assert (effect.job, effect.lost, effect.gained) == ("nightly", 5, 0)
    assert "5 fires fall away" in page.form.effects.sum.text()
    assert (await stored(desk, "sundays")).holds == (Weekly(days="sun"),)
    page.save()
    await settled(page)
    assert (await stored(desk, "sundays")).holds == (Weekly(days="sat,sun"),)
    assert not page.is_dirty
    undo = window.activity.deeds[-1].undo
    assert undo is not None
    undo()
    await eventually(lambda: page.draft.rules("holds") == [{"kind": "weekly", "days": "sun"}], "it is as before")
    await eventually(window.deeds.can_redo, "it can be done again")
    window.deeds.redo()
    await eventually(lambda: page.draft.rules("holds") == [{"kind": "weekly", "days": "sat,sun"}], "it is done again")
    assert (await stored(desk, "sundays")).holds == (Weekly(days="sat,sun"),)


async def test_what_can_not_be_is_told_at_its_field_and_nothing_is_saved(page: CalendarsPage, desk: Desk) -> None:
    page.form.holds._add([rule["kind"] for _text, rule in FRESH].index("dates"))
    card = page.form.holds.cards[-1][0]
    assert isinstance(card, DatesCard)
    card.tell(dates=["2026-02-30"])
    card.tell(dates=["2026-02-30"], hours="25:00-26:00")
    page.form.zone.picked.emit("Mars/Base")
    await settled(page)
    assert "there is no such date as 2026-02-30" in card.main.complaint.sentence.text()
    assert "25:00" in card.hours_row.complaint.sentence.text()
    assert "there is no time zone Mars/Base" in page.form.rows["zone"].complaint.sentence.text()
    assert page.year.view.day(date(page.year.view.year, 5, 1)).is_held
    page.save()
    await settled(page)
    assert len((await stored(desk)).holds) == 1 and (await stored(desk)).zone == "Asia/Shanghai"
    card.dropped.emit()
    page.form.zone.picked.emit("Asia/Shanghai")
    await settled(page)
    assert not page.problems and not page.is_dirty


async def test_a_new_calendar_takes_no_name_that_is_taken_and_a_copy_says_the_same(
    page: CalendarsPage, desk: Desk
) -> None:
    page.new()
    await settled(page)
    assert page.form.rows["name"].complaint.isHidden()
    page.draft.put("name", "rest")
    page.save()
    await settled(page)
    assert "there is a calendar rest already" in page.form.rows["name"].complaint.sentence.text()
    page.draft.put("name", "days")
    page.draft.add_rule("holds", {"kind": "dates", "dates": ["05-01"]})
    page.save()
    await settled(page)
    assert (await stored(desk, "days")).holds == (Dates(dates=("05-01",)),)
    assert page.calendar is not None and page.calendar.name == "days"
    page.duplicate()
    page.save()
    await settled(page)
    assert (await stored(desk, "days 2")).holds == (await stored(desk, "days")).holds
    assert [row.name for row in page.rows] == ["days", "days 2", "rest", "sundays"]


async def test_a_calendar_in_use_is_not_deleted_and_another_one_can_be_brought_back(
    window: Window, desk: Desk, page: CalendarsPage
) -> None:
    await saved(desk, "nightly", triggers=(Cron("0 3 * * *", not_on=("rest",)),))
    await eventually(lambda: page.rows[0].job_count == 1, "the job is counted")
    page.delete()
    question = dialog(window)
    assert isinstance(question, Question) and len(question.buttons) == 1
    assert any("nightly" in label.text() for label in question.findChildren(QLabel))
    question.buttons[0].click()
    page.show_calendar("sundays")
    await eventually(lambda: page.calendar is not None and page.calendar.name == "sundays", "the other one is shown")
    page.delete()
    dialog(window).buttons[-1].click()
    await eventually(lambda: [row.name for row in page.rows] == ["rest"], "it is gone")
    await settled(page)
    undo = window.activity.deeds[-1].undo
    assert undo is not None
    undo()
    await eventually(lambda: [row.name for row in page.rows] == ["rest", "sundays"], "it is back")
    assert (await stored(desk, "sundays")).holds == (Weekly(days="sun"),)


async def test_a_file_of_events_tells_what_it_adds_and_what_can_not_be_read_before_anything_changes(
    window: Window, desk: Desk, page: CalendarsPage, tmp_path: Path
) -> None:
    today = page.year.view.today
    file = tmp_path / "team.ics"
    file.write_text(ICS.format(day=f"{today.year + 1}0311").replace("\n", "\r\n"))
    page.show_calendar("sundays")
    await eventually(lambda: page.calendar is not None and page.calendar.name == "sundays", "it is shown")
    await settled(page)
    page.take_file(str(file))
    await eventually(lambda: isinstance(dialog(window), Dialog), "it is told what it does")
    told = " ".join(label.text() for label in dialog(window).findChildren(QLabel))
    assert "1 event can be taken." in told and "1 event can't be read" in told
    assert f"{0 if date(today.year + 1, 3, 11).weekday() == 6 else 1} day" in told
    assert not page.draft.is_dirty
    dialog(window).buttons[-1].click()
    await settled(page)
    card = page.form.holds.cards[1][0]
    assert isinstance(card, EventsCard) and "Outing" in card.told.text()
    assert len((await stored(desk, "sundays")).holds) == 1
    page.save()
    await settled(page)
    assert len((await stored(desk, "sundays")).holds) == 2
    page.take_file(str(tmp_path / "none.ics"))
    await settled(page)
    assert dialog(window) is None


async def test_a_draft_is_kept_when_another_one_is_looked_at_and_when_the_page_is_left(
    window: Window, page: CalendarsPage
) -> None:
    page.draft.put("description", "mine")
    page.show_calendar("sundays")
    await eventually(lambda: page.calendar is not None and page.calendar.name == "sundays", "the other one is shown")
    assert not page.is_dirty and page.list.model_.drafts == {"rest"}
    page.show_calendar("rest")
    await eventually(lambda: page.is_dirty, "the draft is there again")
    assert page.form.description.text() == "mine"
    window.close_current()
    again = await opened(window, "rest")
    window.go("calendars/sundays")
    assert window.page is again
    await eventually(lambda: again.calendar is not None and again.calendar.name == "sundays", "in the same tab")
    window.go("calendars/rest")
    await eventually(lambda: again.calendar is not None and again.calendar.name == "rest", "back")
    assert again.draft.values["description"] == "mine" and again.is_dirty


async def test_what_somebody_else_has_saved_meanwhile_is_not_lost(page: CalendarsPage, desk: Desk) -> None:
    page.draft.put("description", "mine")
    await desk.do("calendar.save", spec={**OFF, "description": "theirs"})
    await eventually(lambda: not page.banner.isHidden(), "it is said")
    page.save()
    await settled(page)
    assert (await stored(desk)).description == "theirs"
    page._keep_mine()
    page.save()
    await settled(page)
    assert (await stored(desk)).description == "mine"


async def test_a_country_is_found_by_a_few_letters_and_tells_its_parts_and_what_is_not_known(
    page: CalendarsPage,
) -> None:
    card = page.form.holds.cards[0][0]
    assert isinstance(card, CountryCard)
    await eventually(lambda: "Known from 1950" in card.note.text(), "the years are told")
    assert not card.part_row.isVisible()
    assert card.country.found("germ")[0] == "Germany DE"
    speak("zh_CN")
    assert card.country.found("dg")[0] == "德国 DE"
    speak("en")
    card.country.setText("germany")
    card.country._settle()
    await eventually(card.part_row.isVisible, "the parts are offered")
    card.part.show_value("BY")
    card.part.picked.emit("BY")
    card.which.picked.emit("holidays")
    await settled(page)
    assert page.draft.rules("holds") == [{"kind": "country", "country": "DE", "subdivision": "BY"}]
    card.country.setText("Atlantis")
    card.country._settle()
    await settled(page)
    assert not card.main.complaint.isHidden()
    page.discard()


async def test_every_kind_of_rule_can_be_added_and_edited(page: CalendarsPage) -> None:
    for number in range(len(FRESH)):
        page.form.but_not._add(number)
    cards = [card for card, _positions in page.form.but_not.cards]
    kinds = [CountryCard, DatesCard, WeeklyCard, WeeklyCard, MonthlyCard, IncludeCard]
    assert [type(card) for card in cards] == kinds
    country, dates, _weekly, window_, monthly, other = cards
    assert window_.heading.text() == "Blackout window"
    country.country.picked.emit("FR")  # type: ignore[attr-defined]
    dates.dates.edited.emit(["05-01"])  # type: ignore[attr-defined]
    monthly.days.edited.emit(["1", "-1"])  # type: ignore[attr-defined]
    monthly.of.picked.emit("sundays")  # type: ignore[attr-defined]
    other.calendar.picked.emit("sundays")  # type: ignore[attr-defined]
    await settled(page)
    assert not page.problems
    assert page.draft.rules("but_not")[4] == {"kind": "monthly", "monthly": [1, -1], "of": "sundays"}
    page.discard()


async def test_without_a_calendar_there_is_one_sentence_and_one_button(window: Window) -> None:
    page = await opened(window)
    assert page.stack.currentWidget() is page.empty
    page.new()
    await settled(page)
    assert page.stack.currentWidget() is page.body and page.form.name.text() == ""


async def test_the_list_is_a_model_that_keeps_its_promises(page: CalendarsPage, qtmodeltester: ModelTester) -> None:
    qtmodeltester.check(page.list.model_)
    index = page.list.model_.index(0)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole).startswith("rest\ndays off in China\nno job")


@pytest.mark.parametrize(
    ("days", "text"),
    [({1, 2, 3, 4, 5}, "mon-fri"), ({6, 7}, "sat,sun"), (set(range(1, 8)), "*"), ({1, 3, 4, 5, 7}, "mon,wed-fri,sun")],
)
def test_days_of_the_week_are_said_as_a_rule_says_them(days: set[int], text: str) -> None:
    assert weekday_text(frozenset(days)) == text
