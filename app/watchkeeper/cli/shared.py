"""How what jobs share looks to people: calendars with who follows them, what a draft would change, and pools."""

from collections.abc import Callable
from typing import Any

from watchkeeper.action.calendar_preview import CalendarPreview, JobEffect
from watchkeeper.action.calendar_table import CalendarRow, CountryDetail, CountryRow
from watchkeeper.action.calendars import Before, CalendarDetail, Saved
from watchkeeper.action.pools import FormerPool, PoolRow, SavedPool
from watchkeeper.cli.screen import table
from watchkeeper.cli.speech import Speech, local_time
from watchkeeper.model.calendar import Calendar
from watchkeeper.model.text import Text, _, plural

Row = tuple[str | Text, ...]

_CALENDAR_HEADER: tuple[Text, ...] = (_("CALENDAR"), _("HOLDS"), _("JOBS"), _("NOW"), _("TURNS"))
_COUNTRY_HEADER: tuple[Text, ...] = (_("CODE"), _("COUNTRY"))
_POOL_HEADER: tuple[Text, ...] = (_("POOL"), _("SIZE"), _("USED"), _("WAITING"), _("JOBS"))


def _calendar_row(speech: Speech, row: CalendarRow) -> Row:
    """One line of `calendar table`."""
    what = "; ".join(speech.say(words) for words in row.what)
    return row.name, what, str(row.job_count), _("held") if row.is_held else "", local_time(row.turns_at)


def _country_row(speech: Speech, row: CountryRow) -> Row:
    """One line of `calendar countries`."""
    return row.code, row.name


def _pool_row(speech: Speech, row: PoolRow) -> Row:
    """One line of `pool table`."""
    return row.name, str(row.size), str(row.used), str(row.waiting), str(row.job_count)


def _show_country(speech: Speech, detail: CountryDetail) -> None:
    """Its name, the years, its parts, and what is not known."""
    speech.line(
        _(
            "{country}: public holidays from {first} to {last}",
            country=detail.name,
            first=detail.first_year,
            last=detail.last_year,
        )
    )
    for doubt in detail.doubts:
        speech.line(doubt)
    if detail.parts:
        speech.lines(table([speech.say(_("CODE")), speech.say(_("PART"))], [[p.code, p.name] for p in detail.parts]))


def _show_calendar_preview(speech: Speech, preview: CalendarPreview) -> None:
    """What is wrong with it, how much it holds, and what becomes of the fires."""
    for problem in preview.problems:
        speech.line(_("{place}: {what}", place=problem.field, what=problem.text) if problem.field else problem.text)
    speech.line(plural("{n} day of {year} is held", "{n} days of {year} are held", preview.held, year=preview.year))
    for doubt in preview.doubts:
        speech.line(doubt)
    for effect in preview.effects:
        speech.line(_effect_words(effect))


def _effect_words(effect: JobEffect) -> Text:
    """What becomes of a job's fires, in a sentence."""
    if not effect.is_enabled:
        return _("{job} is disabled", job=effect.job)
    return _(
        "{job}: of {count} fires {lost} fall away, {gained} are added",
        job=effect.job,
        count=effect.count,
        lost=effect.lost,
        gained=effect.gained,
    )


def _show_calendar(speech: Speech, calendar: Calendar) -> None:
    from watchkeeper.action.written import written as as_yaml

    speech.out(as_yaml([], [], [calendar.spec]), end="")


def _show_calendar_detail(speech: Speech, detail: CalendarDetail) -> None:
    """As a file that can be saved again; what is not known of it as comments."""
    for doubt in detail.doubts:
        speech.line(Text("# {doubt}", {"doubt": doubt}))
    _show_calendar(speech, detail.calendar)


def _show_pool(speech: Speech, pool: SavedPool) -> None:
    speech.lines(table([speech.say(_("POOL")), speech.say(_("SIZE"))], [[pool.name, str(pool.size)]]))


def _show_done(speech: Speech, _former: Before | FormerPool) -> None:
    speech.line(_("done"))


#: How rows of these look, and how one alone does.
SHARED_TABLES: dict[type, tuple[tuple[Text, ...], Callable[[Speech, Any], Row]]] = {
    CalendarRow: (_CALENDAR_HEADER, _calendar_row),
    CountryRow: (_COUNTRY_HEADER, _country_row),
    PoolRow: (_POOL_HEADER, _pool_row),
}
SHARED_ALONE: dict[type, Callable[[Speech, Any], None]] = {
    Calendar: _show_calendar,
    Saved: _show_calendar,
    CalendarDetail: _show_calendar_detail,
    CalendarPreview: _show_calendar_preview,
    CountryDetail: _show_country,
    Before: _show_done,
    SavedPool: _show_pool,
    FormerPool: _show_done,
}
