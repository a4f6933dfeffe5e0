"""What triggers do where clocks change, minute by minute, and what another library says of it.

Where cronsim 2.8 is known to differ from cron(8), and what is made of it here:

- Several local times in one gap are one instant after it; cronsim tells that instant once for each of them. Doubles
  are taken out of what it says.
- A job with a wildcard hour or minute follows elapsed time; cronsim walks such a job in whole hours of the wall clock.
  It loses fires where the clock jumps by half an hour (Australia/Lord_Howe) or at 00:01 (Antarctica/Casey in 2020 to
  2022), fires at the end of a gap that begins at midnight what was due at 00:00 (Atlantic/Azores), and where clocks go
  back at 03:45 (Pacific/Chatham) it may never return. It is asked about wildcards only where the jump is in whole
  hours, at a full hour, and no gap begins at midnight.
- It has no rules to choose from: it is asked about `dst_gap: next` with `dst_fold: first` alone.
- Six fields are never fixed times for it: it is asked about five.

croniter 7.0.0 fires a fixed time twice in the fold; it is asked about dates and times of day alone, see test_wall.py.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo, available_timezones

from cronsim import CronSim

from tests.model.cron_reference import Expression, random_expression
from watchkeeper.model import schedule
from watchkeeper.model.span import Span
from watchkeeper.model.trigger import Cron, Fold, Gap, Window

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
#: How far around a change is looked: a daily time lies behind every one.
BEFORE, AFTER = timedelta(hours=4), timedelta(hours=25)
YEARS = range(2020, 2041)

Matches = Callable[[datetime], bool]
Trigger = Cron | Window


@dataclass(frozen=True)
class Change:
    """A change of the clock: when, and what the wall showed a minute before and shows then."""

    instant: datetime
    before: datetime
    after: datetime

    @property
    def jump(self) -> timedelta:
        """By how much the wall clock is set forward."""
        return self.after - self.before - MINUTE


def all_zones() -> list[str]:
    return sorted(available_timezones() - {"localtime"})


def changes(name: str, year: int, step: timedelta = HOUR) -> list[Change]:
    """The changes of a year, found by looking at every `step`, which an hour or a day is, and at its last minute."""
    place, start, end = ZoneInfo(name), datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    found, before = list[Change](), (start - MINUTE).astimezone(place).utcoffset()
    for moment in (*(start + step * n for n in range((end - start) // step)), end - MINUTE):
        after = moment.astimezone(place).utcoffset()
        if after != before:
            found.append(_to_the_minute(place, moment))
        before = after
    return found


def _to_the_minute(place: ZoneInfo, late: datetime) -> Change:
    """The last change that does not lie after `late`."""
    after = late.astimezone(place).utcoffset()
    for step in (HOUR, MINUTE):
        while (late - step).astimezone(place).utcoffset() == after:
            late -= step
    before, at = (moment.astimezone(place).replace(tzinfo=None, fold=0) for moment in (late - MINUTE, late))
    return Change(late, before, at)


@dataclass(frozen=True)
class Minute:
    """One minute of elapsed time and what the wall clock shows."""

    instant: datetime
    local: datetime
    is_second_pass: bool
    is_first_of_two: bool


class Daemon:
    """Wakes each minute around a change and looks at the wall clock."""

    def __init__(self, name: str, change: Change) -> None:
        place = ZoneInfo(name)
        self.start, self.end = change.instant - BEFORE, change.instant + AFTER
        self.minutes = [_minute(place, self.start + MINUTE * n) for n in range((self.end - self.start) // MINUTE + 1)]
        first, last = min(each.local for each in self.minutes), max(each.local for each in self.minutes)
        self.locals = [first + MINUTE * n for n in range((last - first) // MINUTE + 1)]

    def named(self, matches: Matches) -> list[datetime]:
        """The local minutes that a trigger names, whether they exist or not."""
        return [local for local in self.locals if matches(local)]

    def fires(self, named: list[datetime], *, is_wild: bool, gap: Gap, fold: Fold) -> list[tuple[datetime, datetime]]:
        """The instants after the first minute, each with the local minute that it stands for."""
        wanted = set(named)
        found = (_due(*two, wanted, is_wild, gap, fold) for two in zip(self.minutes, self.minutes[1:], strict=False))
        return [(now.instant, local) for now, local in zip(self.minutes[1:], found, strict=True) if local is not None]


def _minute(place: ZoneInfo, instant: datetime) -> Minute:
    local = instant.astimezone(place)
    is_twofold = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return Minute(instant, local.replace(tzinfo=None, fold=0), bool(local.fold), is_twofold and not local.fold)


def _due(before: Minute, now: Minute, wanted: set[datetime], is_wild: bool, gap: Gap, fold: Fold) -> datetime | None:
    """The local minute for which something fires now."""
    if is_wild:
        return now.local if now.local in wanted else None
    skipped = [before.local + MINUTE * n for n in range(1, (now.local - before.local) // MINUTE)]
    made_up = [local for local in skipped if local in wanted and gap is Gap.NEXT]
    if made_up:
        return made_up[0]
    is_other_pass = (now.is_second_pass and fold is Fold.FIRST) or (now.is_first_of_two and fold is Fold.SECOND)
    return now.local if now.local in wanted and not is_other_pass else None


def thinned(named: list[datetime], origin: datetime, nth: int) -> list[datetime]:
    """Every n-th local minute, counted from `origin`, which is one."""
    return named[named.index(origin) % nth :: nth]


def disagreements(name: str, change: Change, dice: random.Random, rounds: int) -> Iterator[str]:
    """Where the program fires around a change at other instants than the daemon or cronsim."""
    daemon = Daemon(name, change)
    for _round in range(rounds):
        expression = random_expression(dice)
        gap, fold, nth = dice.choice(list(Gap)), dice.choice(list(Fold)), dice.choice([1, 1, 2, 3, 7])
        cron = Cron(cron=expression.text, zone=name, dst_gap=gap, dst_fold=fold)
        yield from _disagreement(daemon, cron, expression.matches, expression.is_wild, nth)
        yield from _other_opinion(daemon, name, change, expression)
        window, matches = random_window(dice, name)
        yield from _disagreement(daemon, window, matches, False, nth)


def _disagreement(daemon: Daemon, trigger: Trigger, matches: Matches, is_wild: bool, nth: int) -> Iterator[str]:
    gap, fold = (trigger.dst_gap, trigger.dst_fold) if isinstance(trigger, Cron) else (Gap.NEXT, Fold.FIRST)
    named = daemon.named(matches)
    wanted = daemon.fires(named, is_wild=is_wild, gap=gap, fold=fold)
    if nth > 1 and wanted:
        trigger = type(trigger)(
            **{field: getattr(trigger, field) for field in trigger.__struct_fields__}
            | {"every_nth": nth, "valid_from": daemon.start + MINUTE}
        )
        chosen = thinned(named, wanted[0][1], nth)
        wanted = daemon.fires(chosen, is_wild=is_wild, gap=gap, fold=fold)
    instants = [instant for instant, _local in wanted]
    yield from _differences(trigger, instants, fires(trigger, daemon.start, daemon.end), "stepping")
    yield from _differences(trigger, instants, backwards(trigger, daemon.start, daemon.end), "stepping back")
    count = schedule.count_after(trigger, daemon.start, daemon.end)
    if count != len(instants):
        yield f"{trigger}: counted {count} instead of {len(instants)}"


def _other_opinion(daemon: Daemon, name: str, change: Change, expression: Expression) -> Iterator[str]:
    if expression.is_wild and not _is_plain(change):
        return
    sim = CronSim(expression.text, daemon.start.astimezone(ZoneInfo(name)))
    told = (moment.astimezone(UTC) for moment in sim)
    found = list(dict.fromkeys(takewhile(lambda moment: moment <= daemon.end, told)))
    cron = Cron(cron=expression.text, zone=name)
    yield from _differences(cron, found, fires(cron, daemon.start, daemon.end), "cronsim")


def _is_plain(change: Change) -> bool:
    is_midnight = change.jump > timedelta(0) and (change.before + MINUTE).hour == 0
    return not (change.jump % HOUR or change.after.minute or is_midnight)


def _differences(trigger: Trigger, wanted: list[datetime], found: list[datetime], by: str) -> Iterator[str]:
    for moment in sorted({*wanted} ^ {*found}):
        yield f"{trigger}: {'only' if moment in wanted else 'not'} {by} says {moment}"


def fires(trigger: Trigger, start: datetime, end: datetime) -> list[datetime]:
    """What the program says fires after `start` and not after `end`."""
    found, moment = list[datetime](), schedule.next_after(trigger, start)
    while moment is not None and moment <= end:
        found.append(moment)
        moment = schedule.next_after(trigger, moment)
    return found


def backwards(trigger: Trigger, start: datetime, end: datetime) -> list[datetime]:
    """The same, asked from the end."""
    moment, found = end + timedelta(microseconds=1), list[datetime]()
    while (before := schedule.last_before(trigger, moment, start + timedelta(microseconds=1))) is not None:
        found.append(before)
        moment = before
    return found[::-1]


def random_window(dice: random.Random, name: str) -> tuple[Window, Matches]:
    """A window in zone `name` and the local minutes that it names."""
    first, every = dice.choice([0, 60, 95, 120, 150, 180]), dice.choice([1, 7, 15, 30, 60, 90])
    last = dice.randint(first, 1439)
    days = dice.choice([{1, 2, 3, 4, 5}, {0, 6}, {0}, set(range(7))])
    window = Window(
        every=Span(minutes=every),
        start=f"{first // 60:02}:{first % 60:02}",
        end=f"{last // 60:02}:{last % 60:02}",
        days=",".join(map(str, sorted(days))),
        zone=name,
    )

    def matches(local: datetime) -> bool:
        minute = local.hour * 60 + local.minute
        return first <= minute <= last and (minute - first) % every == 0 and local.isoweekday() % 7 in days

    return window, matches
