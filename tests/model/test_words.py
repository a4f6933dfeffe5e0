"""Triggers in words: known sentences, and no two that fire at different times share one."""

import random
import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest

from watchkeeper.model.cron import expression
from watchkeeper.model.cron_words import cron_words
from watchkeeper.model.errors import Known
from watchkeeper.model.schedule import next_after
from watchkeeper.model.span import Span
from watchkeeper.model.text import say
from watchkeeper.model.trigger import (
    After,
    Cron,
    FileArrival,
    Fold,
    Gap,
    Interval,
    Manual,
    On,
    Once,
    Pace,
    Startup,
    Trigger,
    Window,
)
from watchkeeper.model.words import words_of

AT = datetime(2026, 3, 29, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "english", "chinese"),
    [
        ("30 2 * * *", "at 02:30 every day", "每天 02:30"),
        ("0 9,18 * * 6,0", "at 09:00, 18:00, Saturday, Sunday", "周六、周日，09:00、18:00"),
        ("* * * * *", "every minute", "每分钟"),
        ("0 * * * *", "every hour", "每小时"),
        ("5 * * * *", "every hour at minute 5", "每小时第 5 分"),
        ("0 */2 * * *", "every 2 hours", "每 2 小时"),
        ("*/15 * * * *", "every 15 minutes", "每 15 分钟"),
        (
            "*/15 9-17 * * 1-5",
            "every 15 minutes from 09:00 to 17:59, Monday to Friday",
            "周一至周五，09:00 至 17:59 每 15 分钟",
        ),
        ("*/10 * * * * *", "every 10 seconds", "每 10 秒"),
        ("30 0 12 * * ?", "at 12:00:30 every day", "每天 12:00:30"),
        ("0 0 L * *", "at 00:00 on the last day of the month", "每月最后一天 00:00"),
        ("0 0 1,15 * *", "at 00:00 on days 1, 15 of the month", "每月1、15日 00:00"),
        ("0 0 * * mon#2", "at 00:00 on the 2nd Monday of the month", "每月第2个周一 00:00"),
        ("0 0 * * L5", "at 00:00 on the last Friday of the month", "每月最后一个周五 00:00"),
        (
            "0 0 15W 1-3 *",
            "at 00:00 on the working day nearest to day 15 of the month, only in January to March",
            "每月离15日最近的工作日 00:00，仅限1月至3月",
        ),
        ("0 0 13 * 5", "at 00:00 on day 13 of the month or Friday", "每月13日或周五 00:00"),
        ("0 0 * */6 1", "at 00:00, Monday, only in January, July", "周一，00:00，仅限1月、7月"),
        (
            "*/7 2 * * *",
            "at minutes 0, 7, 14, 21, 28, 35, 42, 49, 56 of hour 2, by elapsed time",
            "2点第0、7、14、21、28、35、42、49、56分（按实际经过的时间）",
        ),
    ],
)
def test_an_expression_is_told_in_words(text: str, english: str, chinese: str) -> None:
    said = cron_words(expression(text).fields)
    assert (say(said, "en"), say(said, "zh_CN")) == (english, chinese)


@pytest.mark.parametrize(
    ("trigger", "english"),
    [
        (Cron("0 3 * * *", zone="Asia/Shanghai"), "at 03:00 every day (Asia/Shanghai)"),
        (Interval(Span(minutes=90)), "every 1 hour 30 minutes"),
        (Interval(Span(minutes=90), anchor=AT), "every 1 hour 30 minutes from 2026-03-29 01:00:00 UTC on"),
        (Interval(Span(minutes=5), pace=Pace.FIXED_DELAY), "5 minutes after each run has ended"),
        (Once(AT), "once at 2026-03-29 01:00:00 UTC"),
        (
            Window(every=Span(minutes=15), start="9:00", end="18:00", days="mon-fri", zone="UTC"),
            "every 15 minutes from 09:00 to 18:00, Monday to Friday (UTC)",
        ),
        (After("load"), "after load has succeeded"),
        (After("load", on=On.FAILURE), "after load has failed"),
        (After("load", on=On.ANY), "after load has ended"),
        (Startup(), "when the engine starts"),
        (Startup(delay=Span(minutes=1), once_a_boot=True), "when the machine has started, 1 minute later"),
        (FileArrival("/srv/in/*.csv"), "when /srv/in/*.csv appears or changes"),
        (Manual(), "by hand"),
        (
            Cron("0 3 * * *", every_nth=3, valid_from=AT, valid_until=AT, not_on=("holidays",), jitter=Span(minutes=2)),
            (
                "at 03:00 every day (UTC), only one in 3 of these times, from 2026-03-29 01:00:00 UTC on,"
                " until 2026-03-29 01:00:00 UTC, not on holidays, up to 2 minutes later"
            ),
        ),
        (
            Cron("0 3 * * *", dst_gap=Gap.SKIP, dst_fold=Fold.BOTH),
            "at 03:00 every day (UTC), not at all where the clocks jump over it, both times where the clocks go back",
        ),
        (Cron("0 * * * *", dst_gap=Gap.SKIP), "every hour (UTC)"),
    ],
)
def test_a_trigger_is_told_in_words(trigger: Trigger, english: str) -> None:
    said = words_of(trigger)
    assert say(said, "en") == english
    assert re.search("[\u4e00-\u9fff]", say(said, "zh_CN"))


def test_a_daily_time_can_be_read_back_from_its_words() -> None:
    for hour in range(24):
        for minute in range(0, 60, 7):
            found = re.fullmatch(
                r"at (\d\d):(\d\d) every day", str(cron_words(expression(f"{minute} {hour} * * *").fields))
            )
            assert found and (int(found[1]), int(found[2])) == (hour, minute)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_expressions_that_fire_at_different_times_have_different_words(language: str) -> None:
    by_words = defaultdict[str, set[str]](set)
    for text in _expressions(random.Random("words"), 4_000):
        by_words[say(cron_words(expression(text).fields), language)].add(text)
    shared = [sorted(texts) for texts in by_words.values() if len(texts) > 1]
    assert len(shared) > 20
    assert [texts for texts in shared if len({_fires(text) for text in texts}) > 1] == []


#: Values of each field that are near to each other in meaning or in words.
_FIELDS = (
    ("0", "5", "*", "*/15", "0,15,30,45", "0-59", "*/7", "0-59/30", "*/30", "10-12", "10,11,12", "*/60"),
    ("0", "2", "*", "*/2", "0-23/2", "9-17", "9,10,11", "9-11", "*/12", "0,12", "0-23", "1-23/2", "*/24", "23"),
    ("*", "?", "1", "L", "1,L", "31", "1-31", "*/2", "1-31/2", "15W", "1,2,3", "1-3", "*/31", "13"),
    ("*", "1", "1-12", "*/6", "1,7", "jan-mar", "2", "1,2,3"),
    ("*", "?", "1", "1-5", "0-6", "6,0", "mon#1", "L1", "1,2,3,4,5", "*/2", "0-7/2", "mon#1,L1", "5"),
)
_SECONDS = ("0", "30", "*", "*/10", "0,10,20,30,40,50", "*/20")


def _expressions(dice: random.Random, count: int) -> list[str]:
    found = list[str]()
    while len(found) < count:
        fields = [dice.choice(field if dice.random() < 0.6 else field[:3]) for field in _FIELDS]
        text = " ".join([dice.choice(_SECONDS), *fields] if dice.random() < 0.2 else fields)
        with suppress(Known):
            expression(text)
            found.append(text)
    return found


def _fires(text: str) -> tuple[datetime, ...]:
    """Some fires over a gap and a fold of Berlin, and the first of each of the next months."""
    trigger = Cron(text, zone="Europe/Berlin")
    starts = [AT - timedelta(hours=3), datetime(2026, 10, 24, 23, 55, tzinfo=UTC)]
    starts += [datetime(2026, 10, 1, tzinfo=UTC) + timedelta(days=17 * n) for n in range(25)]
    starts += [AT.replace(hour=hour, minute=55) for hour in range(0, 24, 3)]
    return tuple(moment for start in starts for moment in islice(_after(trigger, start), 8))


def _after(trigger: Cron, start: datetime) -> Iterator[datetime]:
    while (found := next_after(trigger, start)) is not None:
        yield found
        start = found
