"""Spans of time in words: `1 hour 30 minutes`, and `every hour`."""

from datetime import timedelta

from watchkeeper.model.text import Text, _, plural

_DAY, _HOUR, _MINUTE, _SECOND = 86_400_000, 3_600_000, 60_000, 1_000

_EVERY = {
    _DAY: _("every day"),
    _HOUR: _("every hour"),
    _MINUTE: _("every minute"),
    _SECOND: _("every second"),
}


def span_words(span: timedelta) -> Text:
    """The whole of it, to the millisecond."""
    left, said = round(span.total_seconds() * 1000), None
    for size in (_DAY, _HOUR, _MINUTE, _SECOND, 1):
        count, left = divmod(left, size)
        if count:
            part = _part(size, count)
            said = part if said is None else _("{span} {more}", span=said, more=part)
    return said or _part(_SECOND, 0)


def about_words(span: timedelta) -> Text:
    """Rounded to what a reader needs: to minutes from an hour on, to seconds from ten seconds on."""
    seconds = span.total_seconds()
    grain = 60 if seconds >= 3_600 else 1 if seconds >= 10 else 0.1
    return span_words(timedelta(seconds=round(seconds / grain) * grain))


def every_words(span: timedelta) -> Text:
    """How often that is: `every hour`, `every 15 minutes`."""
    return _EVERY.get(round(span.total_seconds() * 1000)) or _("every {span}", span=span_words(span))


def _part(size: int, count: int) -> Text:
    match size:
        case 86_400_000:
            return plural("{n} day", "{n} days", count)
        case 3_600_000:
            return plural("{n} hour", "{n} hours", count)
        case 60_000:
            return plural("{n} minute", "{n} minutes", count)
        case 1_000:
            return plural("{n} second", "{n} seconds", count)
    return plural("{n} millisecond", "{n} milliseconds", count)
