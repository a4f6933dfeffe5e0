"""What a calendar that is not saved yet would hold, day by day, and which fires of jobs that follow it would change."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import islice
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from watchkeeper.access.actor import Actor
from watchkeeper.action.calendar_users import User, users, with_wider
from watchkeeper.action.calendars import check_rule
from watchkeeper.action.contention import instants
from watchkeeper.action.door import Door
from watchkeeper.action.draft import Draft, Problem, problem_of
from watchkeeper.action.files import with_kind
from watchkeeper.action.held import doubts_of, words_of_rule
from watchkeeper.action.names import at, require_name, require_text
from watchkeeper.action.spec import Help, query
from watchkeeper.model import codec, public_holidays
from watchkeeper.model.calendar import MOST_RULES, CalendarSpec, Country, Include, Monthly, Rule, Rules, Which, hours_of
from watchkeeper.model.days import Held, opened, require_whole
from watchkeeper.model.errors import Known
from watchkeeper.model.ids import JobId
from watchkeeper.model.schedule import NO_CALENDARS, Calendars
from watchkeeper.model.stretches import Stretch, united
from watchkeeper.model.text import Text, _
from watchkeeper.model.trigger import ByClock
from watchkeeper.model.zone import zone as zone_called
from watchkeeper.store import calendars, jobs
from watchkeeper.store.tx import Tx

Spec = Annotated[Draft, Help(_("a YAML file with one calendar, - for the standard input"))]
Year = Annotated[
    Annotated[int, Meta(ge=1901, le=2199)] | None, Help(_("the year whose days are told; this one if none is named"))
]
Ahead = Annotated[
    int, Meta(ge=1, le=366), Help(_("how many days of fires are compared, 1 to 366; 35 if it is left out"))
]

#: Jobs whose fires are compared, fires of one trigger, and of all.
_MOST_JOBS = 200
_MOST_FIRES = 2_000
_MOST_LOOKED_AT = 20_000
#: Days that are told of one job.
_MOST_TOLD = 5
#: Rules that are named as the reason of a day.
_MOST_WHY = 4
#: What is asked of a field besides its type.
_ASKED: Mapping[str, Callable[[Any], object]] = {
    "name": require_name,
    "description": lambda text: require_text(text, 10_000),
    "zone": lambda name: zone_called(name or "UTC"),
}
#: A union is a form for the codec, and no type.
_RULE: Any = Rule
_MIDNIGHT = datetime.min.time()
_MOMENT = timedelta(microseconds=1)


class CalendarDay(msgspec.Struct, frozen=True, omit_defaults=True):
    """A day on the clocks of the calendar's zone of which there is something to tell."""

    day: date
    is_whole: bool = False
    #: The parts of it that are held, where that is not the whole: 22:00-24:00.
    hours: tuple[str, ...] = ()
    #: The rules that hold it, and those that take it out.
    why: tuple[Text, ...] = ()
    taken: tuple[Text, ...] = ()
    #: What the public holiday is called, by language.
    holiday: Mapping[str, str] = {}
    #: It is of the weekend, and worked in place of another.
    is_make_up: bool = False

    @property
    def is_held(self) -> bool:
        """All of it or a part."""
        return self.is_whole or bool(self.hours)


class JobEffect(msgspec.Struct, frozen=True, omit_defaults=True):
    """What becomes of the fires of a job that follows the calendar."""

    job_id: JobId
    job: str
    #: How often it fires in that time as things are, how many of these fall away, and how many are added.
    count: int = 0
    lost: int = 0
    gained: int = 0
    #: The first of either, as local times of the calendar's zone: 2026-10-01T02:00.
    first_lost: tuple[str, ...] = ()
    first_gained: tuple[str, ...] = ()
    is_enabled: bool = True
    #: Only the first fires were looked at.
    is_cut: bool = False


class CalendarPreview(msgspec.Struct, frozen=True):
    """What is to be expected of a calendar."""

    #: What keeps it from being saved; days and effects are told without those rules.
    problems: list[Problem]
    year: int
    days: list[CalendarDay]
    #: How many days of the year are held, all of them or in part.
    held: int
    #: What is not known of the year.
    doubts: list[Text]
    effects: list[JobEffect]
    zone: str


@query("calendar.preview", title=_("Tell what a calendar that is not saved yet would hold and change"))
def preview(tx: Tx, actor: Actor, door: Door, *, spec: Spec, year: Year = None, ahead: Ahead = 35) -> CalendarPreview:
    """The days of a year with why they are held, and the fires that fall away or are added in the next days."""
    saved = calendars.all(tx)
    draft, problems = read_through(spec, door.zone, saved)
    together = {**saved, draft.name: draft}
    held = opened(together)
    old: Calendars = opened(saved) if saved else NO_CALENDARS
    place = draft.zone or door.zone
    wanted = year or tx.now.astimezone(zone_called(place)).year
    days = list(_days(held, draft, wanted, together))
    until = tx.now + timedelta(days=ahead)
    return CalendarPreview(
        problems,
        wanted,
        days,
        sum(day.is_held for day in days),
        list({str(doubt): doubt for doubt in doubts_of(draft, wanted)}.values()),
        list(_effects(tx, draft.name, saved, old, old if problems else held, until, place)),
        place,
    )


def read_through(draft: Draft, place: str, saved: Mapping[str, CalendarSpec]) -> tuple[CalendarSpec, list[Problem]]:
    """Everything that keeps the draft from being a calendar, and the calendar that it is without that."""
    problems: list[Problem] = []
    bare = _bare({name: value for name, value in draft.items() if name not in ("holds", "but_not")}, problems)
    rules = {field: _right(draft.get(field), field, problems) for field in ("holds", "but_not")}
    spec = msgspec.structs.replace(bare, zone=bare.zone or place, holds=rules["holds"], but_not=rules["but_not"])
    try:
        require_whole({**saved, spec.name: spec}, [spec.name])
    except Known as fault:
        problems.append(problem_of(fault))
        alone = {field: tuple(each for each in found if not _names_another(each)) for field, found in rules.items()}
        spec = msgspec.structs.replace(spec, holds=alone["holds"], but_not=alone["but_not"])
    return spec, problems


def _bare(draft: Draft, problems: list[Problem]) -> CalendarSpec:
    """Name, description and zone, as far as they are right."""
    found = CalendarSpec("-")
    for field, value in {"name": "", **draft}.items():
        wrong = _refused("", partial(codec.convert, {"name": "-", field: value}, CalendarSpec))
        if not wrong and field in _ASKED:
            wrong = _refused(field, partial(_ASKED[field], value))
        if not wrong:
            found = msgspec.structs.replace(found, **{field: value})
        problems += wrong
    return found


def _right(rules: Any, field: str, problems: list[Problem]) -> tuple[Rule, ...]:
    """The rules that can be read; the others are told among the problems."""
    if not isinstance(rules, list | tuple) or len(rules) > MOST_RULES:
        if rules is not None:
            problems += _refused(field, lambda: codec.convert(rules, Rules))
        return ()
    found: list[Rule] = []
    for position, raw in enumerate(rules):
        place, rule = f"{field}[{position}]", with_kind(field, raw)
        wrong = _wrong_hours(rule, place)
        bare = {name: value for name, value in rule.items() if name != "hours"} if wrong else rule
        try:
            with at(place):
                read: Rule = codec.convert(bare, _RULE)
                check_rule(read)
            found += [] if wrong else [read]
        except Known as fault:
            wrong.append(problem_of(fault))
        problems += wrong
    return tuple(found)


def _wrong_hours(rule: Any, place: str) -> list[Problem]:
    hours = rule.get("hours") if isinstance(rule, dict) else None
    return _refused(f"{place}.hours", partial(hours_of, hours)) if isinstance(hours, str) else []


def _refused(field: str, asked: Callable[[], object]) -> list[Problem]:
    try:
        with at(field):
            asked()
    except Known as fault:
        return [problem_of(fault)]
    return []


def _names_another(rule: Rule) -> bool:
    return isinstance(rule, Include) or (isinstance(rule, Monthly) and rule.of is not None)


def _days(
    held: Mapping[str, Held], spec: CalendarSpec, year: int, together: Mapping[str, CalendarSpec]
) -> Iterator[CalendarDay]:
    calendar = held[spec.name]
    here, first, last = calendar.zone, date(year, 1, 1), date(year, 12, 31)
    parts = _parts((stretch for n in _years(year) for stretch in calendar.year(n).stretches()), here)
    why = [(words_of_rule(rule), set(_parts(_of_rule(calendar, rule, year), here))) for rule in spec.holds]
    taken = [(words_of_rule(rule), set(_parts(_of_rule(calendar, rule, year), here))) for rule in spec.but_not]
    names, make_up = _public(_countries(spec, together), year)
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        is_whole, hours = parts.get(day, (False, ()))
        told = CalendarDay(
            day,
            is_whole,
            () if is_whole else hours,
            tuple(words for words, days in why if day in days)[:_MOST_WHY],
            tuple(words for words, days in taken if day in days)[:_MOST_WHY],
            names.get(day, {}),
            day in make_up,
        )
        if told.is_held or told.holiday or told.is_make_up or told.taken:
            yield told


def _years(year: int) -> range:
    """The UTC years that its local days touch."""
    return range(year - 1, year + 2)


def _of_rule(calendar: Held, rule: Rule, year: int) -> Iterator[Stretch]:
    for number in _years(year):
        yield from calendar.of_rule(rule, number)


def _parts(stretches: Iterator[Stretch], place: str) -> dict[date, tuple[bool, tuple[str, ...]]]:
    """By local day whether it is held as a whole, and else which hours of it are."""
    here = zone_called(place)
    found: dict[date, tuple[bool, tuple[str, ...]]] = {}
    for begin, end in united(stretches):
        begins, ends = begin.astimezone(here), end.astimezone(here)
        day = begins.date()
        while day <= (end - _MOMENT).astimezone(here).date():
            opens = begins.strftime("%H:%M") if day == begins.date() else "00:00"
            closes = ends.strftime("%H:%M") if day == ends.date() else "24:00"
            is_whole = begin <= _midnight(day, here) and end >= _midnight(day + timedelta(days=1), here)
            before = found.get(day, (False, ()))
            found[day] = (is_whole or before[0], (*before[1], f"{opens}-{closes}"))
            day += timedelta(days=1)
    return found


def _midnight(day: date, here: Any) -> datetime:
    return datetime.combine(day, _MIDNIGHT, here).astimezone(UTC)


def _countries(spec: CalendarSpec, together: Mapping[str, CalendarSpec]) -> Iterator[Country]:
    """The rules about public holidays, of the calendar and of those that are part of it."""
    for _place, rule in spec.rules():
        if isinstance(rule, Country):
            yield rule
        elif isinstance(rule, Include) and rule.calendar in together:
            yield from _countries(together[rule.calendar], together)


def _public(rules: Iterator[Country], year: int) -> tuple[dict[date, Mapping[str, str]], set[date]]:
    """What holidays are called, and the make-up workdays."""
    names: dict[date, Mapping[str, str]] = {}
    make_up: set[date] = set()
    for rule in rules:
        make_up |= public_holidays.year_of(rule.country, rule.subdivision, year).make_up
        if rule.which is not Which.MAKE_UP:
            names |= public_holidays.names_of(rule.country, rule.subdivision, year)
    return names, make_up


def _effects(
    tx: Tx,
    name: str,
    saved: Mapping[str, CalendarSpec],
    old: Calendars,
    new: Calendars,
    until: datetime,
    place: str,
) -> Iterator[JobEffect]:
    """Of every job that follows the calendar as it is saved."""
    if name not in saved:
        return
    wider = with_wider(saved, name)
    looked_at = 0
    for user in users(tx, saved)[name][:_MOST_JOBS]:
        effect = _effect(tx, user, wider, old, new, until, place, looked_at < _MOST_LOOKED_AT)
        looked_at += effect.count
        yield effect


def _effect(
    tx: Tx,
    user: User,
    wider: set[str],
    old: Calendars,
    new: Calendars,
    until: datetime,
    place: str,
    is_looked_at: bool,
) -> JobEffect:
    spec = jobs.get(tx, user.job_id).spec
    triggers = [
        each
        for each in spec.triggers
        if isinstance(each, ByClock) and wider.intersection((*each.only_on, *each.not_on))
    ]
    if not spec.is_enabled or not is_looked_at:
        return JobEffect(user.job_id, user.name, is_enabled=spec.is_enabled, is_cut=spec.is_enabled)
    before, after = (
        [moment for each in triggers for moment in islice(instants(each, tx.now, until, with_), _MOST_FIRES)]
        for with_ in (old, new)
    )
    # What lies behind the last one that was looked at on either side can't be compared.
    is_cut = max(len(before), len(after)) >= _MOST_FIRES
    end = min(max(before), max(after)) if is_cut and before and after else until
    lost = sorted({moment for moment in before if moment <= end} - set(after))
    gained = sorted({moment for moment in after if moment <= end} - set(before))
    return JobEffect(
        user.job_id,
        user.name,
        len(before),
        len(lost),
        len(gained),
        _local(lost, place),
        _local(gained, place),
        is_cut=is_cut,
    )


def _local(moments: Sequence[datetime], place: str) -> tuple[str, ...]:
    here = zone_called(place)
    return tuple(f"{moment.astimezone(here):%Y-%m-%dT%H:%M}" for moment in moments[:_MOST_TOLD])
