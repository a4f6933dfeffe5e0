"""How what jobs share looks to people: calendars with who follows them, what a draft would change, and pools."""

from watchkeeper.action.calendar_preview import CalendarPreview, JobEffect
from watchkeeper.action.calendar_table import CalendarRow, CountryDetail, CountryRow
from watchkeeper.action.pools import PoolRow
from watchkeeper.cli.screen import table
from watchkeeper.cli.speech import Speech, local_time
from watchkeeper.model.text import Text, _, plural

Row = tuple[str | Text, ...]

CALENDAR_HEADER: tuple[Text, ...] = (_("CALENDAR"), _("HOLDS"), _("JOBS"), _("NOW"), _("TURNS"))
COUNTRY_HEADER: tuple[Text, ...] = (_("CODE"), _("COUNTRY"))
POOL_HEADER: tuple[Text, ...] = (_("POOL"), _("SIZE"), _("USED"), _("WAITING"), _("JOBS"))


def calendar_row(speech: Speech, row: CalendarRow) -> Row:
    """One line of `calendar table`."""
    what = "; ".join(speech.say(words) for words in row.what)
    return row.name, what, str(row.job_count), _("held") if row.is_held else "", local_time(row.turns_at)


def country_row(speech: Speech, row: CountryRow) -> Row:
    """One line of `calendar countries`."""
    return row.code, row.name


def pool_row(speech: Speech, row: PoolRow) -> Row:
    """One line of `pool table`."""
    return row.name, str(row.size), str(row.used), str(row.waiting), str(row.job_count)


def show_country(speech: Speech, detail: CountryDetail) -> None:
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


def show_calendar_preview(speech: Speech, preview: CalendarPreview) -> None:
    """What is wrong with it, how much it holds, and what becomes of the fires."""
    for problem in preview.problems:
        speech.line(_("{place}: {what}", place=problem.field, what=problem.text) if problem.field else problem.text)
    speech.line(plural("{n} day of {year} is held", "{n} days of {year} are held", preview.held, year=preview.year))
    for doubt in preview.doubts:
        speech.line(doubt)
    for effect in preview.effects:
        speech.line(effect_words(effect))


def effect_words(effect: JobEffect) -> Text:
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
