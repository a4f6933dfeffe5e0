"""systemd's calendar events (systemd.time(7)) as cron expressions, where both mean the same moments."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from watchkeeper.model import cron
from watchkeeper.model.errors import Known
from watchkeeper.model.text import Text, _
from watchkeeper.model.trigger import Cron, Once
from watchkeeper.model.zone import zone

_NAMES = {
    "minutely": "* * * * *",
    "hourly": "0 * * * *",
    "daily": "0 0 * * *",
    "weekly": "0 0 * * 1",
    "monthly": "0 0 1 * *",
    "quarterly": "0 0 1 1,4,7,10 *",
    "semiannually": "0 0 1 1,7 *",
    "semi-annually": "0 0 1 1,7 *",
    "yearly": "0 0 1 1 *",
    "annually": "0 0 1 1 *",
}
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FULL = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DATE = re.compile(r"(?:(?P<year>[^-\s]+)-)?(?P<month>[^-~\s]+)(?P<mark>[-~])(?P<day>[^-~\s]+)")
_TIME = re.compile(r"(?P<hour>[^:\s]+):(?P<minute>[^:\s]+)(?::(?P<second>[^:\s]+))?")
_PIECE = re.compile(r"(\*|\d{1,4})(?:\.\.(\d{1,4}))?(?:/(\d{1,4}))?", re.ASCII)
_LONGEST = 200


def trigger_of(text: str) -> Cron | Once:
    """The trigger that fires when `text` does; Known with the reason where there is none."""
    if len(text) > _LONGEST:
        raise Known(_("this is no calendar event of systemd: {text}", text=text[:60]))
    words, place = _with_zone(text.split())
    if len(words) == 1 and words[0].lower() in _NAMES:
        return Cron(cron=_NAMES[words[0].lower()], zone=place)
    days = _days(words.pop(0)) if words and words[0][0].isalpha() else "*"
    date = _DATE.fullmatch(words.pop(0)) if words and ":" not in words[0] else None
    time = _TIME.fullmatch(words.pop(0)) if words and ":" in words[0] else None
    if words or (date is None and time is None and days == "*"):
        raise Known(_("this is no calendar event of systemd: {text}", text=text[:60]))
    return _trigger(days, date, time, place)


def _trigger(days: str, date: re.Match[str] | None, time: re.Match[str] | None, place: str | None) -> Cron | Once:
    year, month, day = (date["year"], date["month"], date["day"]) if date else (None, "*", "*")
    hour, minute, second = (time["hour"], time["minute"], time["second"]) if time else ("0", "0", None)
    if date is not None and date["mark"] == "~":
        raise _unlike(_("a day counted from the end of the month"))
    if second is not None and not re.fullmatch(r"0{1,2}(\.0+)?", second):
        raise _unlike(_("seconds"))
    if year not in (None, "*"):
        return _once(days, [str(year), month, day, hour, minute], place)
    fields = [_field(minute, 0, 59), _field(hour, 0, 23), _field(day, 1, 31), _field(month, 1, 12), days]
    if fields[2] != "*" and days != "*":
        raise _unlike(_("a weekday and a day of the month together: there both must fit, in cron one of them"))
    cron.expression(" ".join(fields))
    return Cron(cron=" ".join(fields), zone=place)


def _once(days: str, numbers: list[str], place: str | None) -> Once:
    """A date with its year happens once, which needs a zone to be a moment."""
    if days != "*" or not all(number.isdecimal() and len(number) <= 4 for number in numbers):
        raise _unlike(_("years"))
    if place is None:
        raise _unlike(_("a date with its year but without a zone: write UTC or the zone behind it"))
    try:
        moment = datetime(*map(int, numbers), tzinfo=ZoneInfo(place))  # type: ignore[arg-type, misc]
    except ValueError:
        raise Known(_("there is no such date or time")) from None
    return Once(at=moment)


def _with_zone(words: list[str]) -> tuple[list[str], str | None]:
    last = words[-1] if len(words) > 1 else ""
    if last.upper() == "UTC":
        return words[:-1], "UTC"
    if last[:1].isalpha():
        zone(last)
        return words[:-1], last
    return words, None


def _days(text: str) -> str:
    """Weekdays as cron names them: Mon..Fri is mon-fri; a range over Sunday is written out."""
    return ",".join(_day_range(part) for part in text.rstrip(",").split(","))


def _day_range(part: str) -> str:
    ends = [_weekday(word) for word in re.split(r"\.\.|-", part, maxsplit=1)]
    if len(ends) == 1:
        return _WEEKDAYS[ends[0]]
    span = [(ends[0] + step) % 7 for step in range((ends[1] - ends[0]) % 7 + 1)]
    return (
        ",".join(_WEEKDAYS[day] for day in span)
        if 6 in span or len(span) < 3
        else f"{_WEEKDAYS[ends[0]]}-{_WEEKDAYS[ends[1]]}"
    )


def _weekday(word: str) -> int:
    known = word.lower()
    for names in (_WEEKDAYS, _FULL):
        if known in names:
            return names.index(known)
    raise Known(_("{word} is no weekday", word=word[:60]))


def _field(text: str, least: int, most: int) -> str:
    return ",".join(_piece(piece, least, most) for piece in text.split(","))


def _piece(piece: str, least: int, most: int) -> str:
    """`*`, `5`, `1..5`, `0/15` (every 15 from 0 on), `8..18/2`, as cron writes them."""
    found = _PIECE.fullmatch(piece)
    if found is None or (found[1] == "*" and found[2]):
        raise Known(_("{piece} is no part of a calendar event", piece=piece[:60]))
    first, last, step = found.groups()
    if first == "*":
        return f"*/{int(step)}" if step else "*"
    if step and not int(step):
        raise Known(_("{piece} is no part of a calendar event", piece=piece[:60]))
    if step and not last and int(first) == least:
        return f"*/{int(step)}"
    if last or step:
        return f"{int(first)}-{int(last) if last else most}" + (f"/{int(step)}" if step else "")
    return str(int(first))


def _unlike(what: Text) -> Known:
    return Known(_("cron can't say this: {what}", what=what))
