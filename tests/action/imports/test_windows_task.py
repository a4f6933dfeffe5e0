"""Tasks of the Windows Task Scheduler: their triggers are ours where they mean the same moments."""

import dataclasses
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from tests.action.imports.machine import ANN, told
from watchkeeper.action.desk import LocalDesk
from watchkeeper.action.imports import windows_task
from watchkeeper.action.imports.found import Found, text_of
from watchkeeper.model.errors import Known
from watchkeeper.model.job import Concurrency, JobSpec, Policy, Retry, Timeouts
from watchkeeper.model.span import Span
from watchkeeper.model.trigger import Cron, Interval, Misfire, Once, Startup, Trigger, Window

BERLIN = ZoneInfo("Europe/Berlin")
WINDOWS = dataclasses.replace(ANN, is_windows=True)
EXEC = "<Exec><Command>C:\\bin\\copy.exe</Command></Exec>"
START = "<StartBoundary>2026-01-05T02:30:00</StartBoundary>"
DAILY = "<ScheduleByDay><DaysInterval>1</DaysInterval></ScheduleByDay>"


def task(triggers: str = "", actions: str = EXEC, settings: str = "", info: str = "") -> str:
    return (
        '<?xml version="1.0" encoding="UTF-16"?>\n'
        '<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">\n'
        f"<RegistrationInfo>{info}</RegistrationInfo><Triggers>\n{triggers}\n</Triggers>"
        f"<Settings>{settings}</Settings><Actions>{actions}</Actions></Task>"
    )


def read(text: str, machine: Any = WINDOWS, **more: Any) -> Found:
    return windows_task.read(text, "Nightly copy.xml", machine, "Europe/Berlin", **more)


def one(**parts: str) -> JobSpec:
    found = read(task(**parts))
    assert told(found) == []
    (job,) = found.jobs
    return job


def trigger(text: str) -> Trigger:
    (made,) = one(triggers=text).triggers
    return made


def test_a_task_is_a_job() -> None:
    job = one(
        triggers=f"<CalendarTrigger>{START}{DAILY}</CalendarTrigger>",
        actions='<Exec><Command>"C:\\Program Files\\c.exe"</Command><Arguments>/s "a b" c\\d\\</Arguments>'
        "<WorkingDirectory>C:\\data</WorkingDirectory></Exec>",
        settings="<MultipleInstancesPolicy>Parallel</MultipleInstancesPolicy><Enabled>false</Enabled>"
        "<ExecutionTimeLimit>PT1H</ExecutionTimeLimit><StartWhenAvailable>true</StartWhenAvailable>"
        "<RestartOnFailure><Interval>PT5M</Interval><Count>3</Count></RestartOnFailure>",
        info="<URI>\\Ops\\Copy it</URI><Description>Nightly</Description>",
    )
    assert job == JobSpec(
        name="Copy-it",
        handler="shell",
        description="Nightly",
        tags=("windows-task",),
        params={"argv": ["C:\\Program Files\\c.exe", "/s", "a b", "c\\d\\"]},
        triggers=(
            Cron(cron="30 2 * * *", zone="Europe/Berlin", valid_from=datetime(2026, 1, 5, 2, 30, tzinfo=BERLIN)),
        ),
        cwd="C:\\data",
        retry=Retry(max_attempts=4, delay=Span(minutes=5)),
        timeouts=Timeouts(soft=Span(hours=1)),
        concurrency=Concurrency(policy=Policy.ALLOW),
        is_enabled=False,
    )


def test_what_a_task_does_not_say_is_as_windows_has_it() -> None:
    job = one()
    assert (job.name, job.is_enabled, job.retry.max_attempts) == ("Nightly-copy", True, 1)
    assert job.timeouts.soft == Span(hours=72) and job.concurrency.policy is Policy.FORBID
    assert one(settings="<ExecutionTimeLimit>PT0S</ExecutionTimeLimit>").timeouts == Timeouts()


def test_elsewhere_than_on_windows_it_is_taken_but_disabled_and_says_so() -> None:
    found = read(task(), ANN, prefix="w-")
    assert [(job.name, job.is_enabled) for job in found.jobs] == [("w-Nightly-copy", False)]
    assert "disabled here" in str(found.notes[-1].text)


FROM = {"misfire": Misfire.SKIP, "valid_from": datetime(2026, 1, 5, 2, 30, tzinfo=BERLIN)}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "<ScheduleByDay><DaysInterval>3</DaysInterval></ScheduleByDay>",
            Cron(cron="30 2 * * *", zone="Europe/Berlin", every_nth=3, **FROM),
        ),
        (
            "<ScheduleByWeek><DaysOfWeek><Monday/><Friday/></DaysOfWeek></ScheduleByWeek>",
            Cron(cron="30 2 * * 1,5", zone="Europe/Berlin", **FROM),
        ),
        (
            "<ScheduleByWeek><WeeksInterval>2</WeeksInterval><DaysOfWeek><Sunday/></DaysOfWeek></ScheduleByWeek>",
            Cron(cron="30 2 * * 0", zone="Europe/Berlin", every_nth=2, **FROM),
        ),
        (
            (
                "<ScheduleByMonth><DaysOfMonth><Day>1</Day><Day>15</Day></DaysOfMonth>"
                "<Months><March/><April/></Months></ScheduleByMonth>"
            ),
            Cron(cron="30 2 1,15 3,4 *", zone="Europe/Berlin", **FROM),
        ),
        (
            f"<Repetition><Interval>PT15M</Interval><Duration>PT9H</Duration></Repetition>{DAILY}",
            Window(every=Span(minutes=15), start="02:30", end="11:30", zone="Europe/Berlin", **FROM),
        ),
        (
            f"<Repetition><Interval>PT2H</Interval><Duration>P1D</Duration></Repetition>{DAILY}",
            Interval(every=Span(hours=2), anchor=FROM["valid_from"], **FROM),
        ),
        (
            f"<RandomDelay>PT10M</RandomDelay><EndBoundary>2027-01-01T00:00:00Z</EndBoundary>{DAILY}",
            Cron(
                cron="30 2 * * *",
                zone="Europe/Berlin",
                jitter=Span(minutes=10),
                valid_until=datetime(2027, 1, 1, tzinfo=UTC),
                **FROM,
            ),
        ),
    ],
)
def test_a_calendar_trigger_is_a_trigger_of_the_same_moments(text: str, wanted: Trigger) -> None:
    assert trigger(f"<CalendarTrigger>{START}{text}</CalendarTrigger>") == wanted


def test_a_time_that_is_tied_to_utc_stays_so() -> None:
    made = trigger(
        f"<CalendarTrigger><StartBoundary>2026-01-05T02:30:00+01:00</StartBoundary>{DAILY}</CalendarTrigger>"
    )
    assert isinstance(made, Cron) and (made.cron, made.zone) == ("30 1 * * *", "UTC")


def test_time_triggers_and_the_start_of_the_machine() -> None:
    moment = datetime(2026, 1, 5, 2, 30, tzinfo=BERLIN)
    assert trigger(f"<TimeTrigger>{START}</TimeTrigger>") == Once(at=moment, misfire=Misfire.SKIP)
    again = "<Repetition><Interval>PT1H</Interval><Duration>P1D</Duration></Repetition>"
    assert trigger(f"<TimeTrigger>{again}{START}</TimeTrigger>") == Interval(
        every=Span(hours=1), anchor=moment, valid_until=moment.replace(day=6), **FROM
    )
    assert trigger("<BootTrigger><Delay>PT5M</Delay></BootTrigger>") == Startup(Span(minutes=5), True)


def test_a_trigger_that_is_disabled_is_noted() -> None:
    found = read(task("<TimeTrigger><Enabled>false</Enabled></TimeTrigger>"))
    assert found.jobs[0].triggers == () and found.notes[0].line == 4


def test_several_programs_are_lines_of_a_batch_file() -> None:
    more = "<Exec><Command>C:\\a b\\c.exe</Command><Arguments>/x</Arguments></Exec>"
    assert one(actions=EXEC + more).params == {
        "interpreter": "cmd",
        "script": 'C:\\bin\\copy.exe\r\n"C:\\a b\\c.exe" /x\r\n',
    }


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ({"triggers": "<LogonTrigger/>"}, "a LogonTrigger can't be taken"),
        ({"triggers": "<EventTrigger/>"}, "a EventTrigger can't be taken"),
        ({"triggers": f"<CalendarTrigger>{DAILY}</CalendarTrigger>"}, "no StartBoundary"),
        ({"triggers": f"<CalendarTrigger>{START}</CalendarTrigger>"}, "one ScheduleBy element"),
        (
            {"triggers": f"<CalendarTrigger>{START}<ScheduleByMonthDayOfWeek/></CalendarTrigger>"},
            "ScheduleByMonthDayOfWeek can't be said",
        ),
        (
            {
                "triggers": f"<CalendarTrigger>{START}<ScheduleByMonth><DaysOfMonth><Day>Last</Day></DaysOfMonth>"
                "</ScheduleByMonth></CalendarTrigger>"
            },
            "cron knows no last day",
        ),
        (
            {
                "triggers": f"<CalendarTrigger>{START}<Repetition><Interval>PT1H</Interval><Duration>PT23H</Duration>"
                f"</Repetition>{DAILY}</CalendarTrigger>"
            },
            "after midnight",
        ),
        ({"triggers": f"<TimeTrigger>{START.replace('02:30:00', 'soon')}</TimeTrigger>"}, "is no time"),
        (
            {"triggers": f"<TimeTrigger>{START}<Repetition><Interval>P1Y</Interval></Repetition></TimeTrigger>"},
            "P1Y is no span",
        ),
        ({"actions": "<ComHandler/>"}, "ComHandler can't be taken"),
        ({"actions": ""}, "starts no program"),
        ({"actions": "<Exec/>"}, "starts no program"),
        ({"settings": "<MultipleInstancesPolicy>Any</MultipleInstancesPolicy>"}, "Any is no policy"),
    ],
)
def test_what_can_not_be_taken_is_refused_by_its_line(parts: dict[str, str], sentence: str) -> None:
    found = read(task(**parts))
    assert found.jobs == [] and [text for _line, text in told(found) if sentence in text], told(found)
    assert all(line is not None for line, _text in told(found))


BOMB = '<!DOCTYPE a [<!ENTITY a "aaaa">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(12)
)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (BOMB + "]><Task>&m;</Task>", "line 1: a document type"),
        ('\n<!DOCTYPE a SYSTEM "file:///etc/passwd"><Task/>', "line 2: a document type"),
        ("<Task>&x;</Task>", "not XML"),
        ("<Task>", "not XML"),
        ("", "not XML"),
        ("<Job/>", "Job and no Task"),
        ("<Task>" + "<a>" * 100 + "</a>" * 100 + "</Task>", "more than a task holds"),
        ("<Task>" + "<a/>" * 6_000 + "</Task>", "more than a task holds"),
    ],
)
def test_xml_that_is_none_or_more_than_a_task_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(Known, match=sentence):
        read(text)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8", "utf-8-sig"])
def test_any_encoding_that_windows_writes_is_read(encoding: str) -> None:
    text = task(info="<URI>\\备份</URI>")
    assert [job.name for job in read(text_of(text.encode(encoding))).jobs] == ["备份"]


async def test_what_is_read_is_taken_by_the_desk(local: LocalDesk) -> None:
    triggers = f"<CalendarTrigger>{START}{DAILY}</CalendarTrigger><BootTrigger/>"
    jobs = [msgspec.structs.replace(job, is_enabled=False) for job in read(task(triggers)).jobs]
    assert [change.what for change in await local.do("jobs.apply", jobs=jobs)] == ["created"]
    assert [change.what for change in await local.do("jobs.apply", jobs=jobs)] == ["unchanged"]
