"""Timers of systemd with their services: what both can say is the same job, the rest is told by its line."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.action.imports.machine import ANN, told
from watchkeeper.action.desk import LocalDesk
from watchkeeper.action.imports import systemd
from watchkeeper.action.imports.found import Found
from watchkeeper.action.imports.systemd_calendar import trigger_of
from watchkeeper.action.imports.systemd_units import words_of
from watchkeeper.model.errors import Known
from watchkeeper.model.job import JobSpec, Policy, Retry, Timeouts
from watchkeeper.model.span import Span
from watchkeeper.model.trigger import Cron, Interval, Misfire, Once, Pace, Startup

SERVICE = "[Service]\nType=oneshot\nExecStart=/bin/true\n"
TIMER = "[Timer]\nOnCalendar=daily\n"


def read(timer: str = TIMER, service: str | None = SERVICE, **others: str) -> Found:
    texts = {"/u/a.service": service, **others}
    return systemd.read({"/u/a.timer": timer}, texts.get, ANN)


def one(timer: str = TIMER, service: str = SERVICE, **others: str) -> JobSpec:
    found = read(timer, service, **others)
    assert told(found) == []
    (job,) = found.jobs
    return job


def test_a_timer_and_its_service_are_a_job() -> None:
    job = one(
        "# kept\n[Unit]\nDescription=When\n[Timer]\nOnCalendar=*-*-* 02:30\nPersistent=true\nRandomizedDelaySec=10m\n"
        "AccuracySec=1us\n[Install]\nWantedBy=timers.target\n",
        '[Unit]\nDescription=Back up\n[Service]\nType=oneshot\nEnvironment="DEST=/srv/a b" X=1\nEnvironment=Y=2\n'
        'ExecStart=/usr/bin/rsync -a \\\n  /data/ "${DEST}" 100%%\nWorkingDirectory=/data\nTimeoutStartSec=1h 30min\n',
    )
    assert job == JobSpec(
        name="a",
        handler="shell",
        description="Back up",
        tags=("systemd",),
        params={"argv": ["/usr/bin/rsync", "-a", "/data/", "/srv/a b", "100%"]},
        triggers=(Cron(cron="30 2 * * *", misfire=Misfire.RUN_LATEST, jitter=Span(minutes=10)),),
        env={"DEST": "/srv/a b", "X": "1", "Y": "2"},
        cwd="/data",
        retry=Retry(max_attempts=1),
        timeouts=Timeouts(soft=Span(minutes=90), grace=Span(seconds=90)),
        concurrency=job.concurrency,
    )
    assert job.concurrency.policy is Policy.FORBID


@pytest.mark.parametrize(
    ("event", "cron", "zone"),
    [
        ("minutely", "* * * * *", None),
        ("Hourly", "0 * * * *", None),
        ("weekly", "0 0 * * 1", None),
        ("quarterly", "0 0 1 1,4,7,10 *", None),
        ("semi-annually", "0 0 1 1,7 *", None),
        ("*-*-*", "0 0 * * *", None),
        ("*-*-* 04:05:00", "5 4 * * *", None),
        ("4:05", "5 4 * * *", None),
        ("*:0/15", "*/15 * * * *", None),
        ("*:5/20", "5-59/20 * * * *", None),
        ("*-*-* 8..18/2:30", "30 8-18/2 * * *", None),
        ("Mon..Fri 09:00", "0 9 * * mon-fri", None),
        ("Monday,Sat *-*-* 1:00", "0 1 * * mon,sat", None),
        ("Fri..Mon 1:00", "0 1 * * fri,sat,sun,mon", None),
        ("*-*-1,15 4:00", "0 4 1,15 * *", None),
        ("12-24 18:00", "0 18 24 12 *", None),
        ("*-1/3-1", "0 0 1 */3 *", None),
        ("daily UTC", "0 0 * * *", "UTC"),
        ("Mon 3:00 Europe/Berlin", "0 3 * * mon", "Europe/Berlin"),
    ],
)
def test_a_calendar_event_is_the_cron_expression_of_the_same_moments(event: str, cron: str, zone: str | None) -> None:
    assert trigger_of(event) == Cron(cron=cron, zone=zone)


def test_a_date_with_year_and_zone_happens_once() -> None:
    assert trigger_of("2030-02-01 10:00 UTC") == Once(at=datetime(2030, 2, 1, 10, tzinfo=UTC))


@pytest.mark.parametrize(
    ("event", "sentence"),
    [
        ("Mon *-*-1..7 3:00", "a weekday and a day of the month"),
        ("*-*~1", "from the end of the month"),
        ("*:*:0/10", "seconds"),
        ("2030-02-01 10:00", "without a zone"),
        ("2030-*-01 10:00 UTC", "years"),
        ("2030-02-30 10:00 UTC", "no such date"),
        ("25:00", "25"),
        ("*-02-30", "ever fires"),
        ("Moon", "no weekday"),
        ("daily Mars/Base", "no time zone"),
        ("*:0/0", "no part of a calendar event"),
        ("1:2:3:4", "no calendar event"),
        ("5", "no calendar event"),
        ("x" * 300, "no calendar event"),
    ],
)
def test_an_event_that_cron_can_not_say_is_refused_with_the_reason(event: str, sentence: str) -> None:
    with pytest.raises(Known, match=sentence):
        trigger_of(event)


def test_spans_after_the_boot_and_after_the_last_run_are_triggers() -> None:
    found = read("[Timer]\nOnBootSec=1min 30s\nOnUnitActiveSec=1d\nOnUnitInactiveSec=2h\n")
    assert found.jobs[0].triggers == (
        Startup(delay=Span(seconds=90), once_a_boot=True),
        Interval(every=Span(days=1), misfire=Misfire.SKIP),
        Interval(every=Span(hours=2), pace=Pace.FIXED_DELAY, misfire=Misfire.SKIP),
    )
    assert [(note.line, "fixed points" in str(note.text)) for note in found.notes] == [(3, True)]


def test_an_empty_value_forgets_those_before_it() -> None:
    job = one(TIMER + "OnCalendar=\nOnCalendar=hourly\n", SERVICE + "ExecStart=\nExecStart=/bin/false\n")
    assert len(job.triggers) == 1 and job.params == {"argv": ["/bin/false"]}


def test_several_commands_are_a_script_that_ends_at_the_first_failure_that_counts() -> None:
    job = one(service="[Service]\nExecStartPre=-/bin/mkdir '/a b'\nExecStart=/bin/x $$HOME;\nExecStartPost=/bin/y\n")
    assert job.params["script"] == "/bin/mkdir '/a b' || :\n/bin/x '$HOME;' || exit $?\n/bin/y || exit $?\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (r'a "b c" d\x20e', ["a", "b c", "d e"]),
        (r"'a\"b' c\tc", ['a"b', "c\tc"]),
        (r'a"b c"', ["ab c"]),
        (r'"" x', ["", "x"]),
        (r"\u00e9 \141", ["é", "a"]),
        (r"a\qb", [r"a\qb"]),
    ],
)
def test_words_are_those_of_systemd(text: str, words: list[str]) -> None:
    assert words_of(text) == words


@pytest.mark.parametrize(
    ("said", "retry"),
    [
        ("Restart=no", Retry(max_attempts=1)),
        (
            "Restart=on-failure\nRestartSec=1",
            Retry(max_attempts=5, delay=Span(seconds=1)),
        ),
        ("Restart=on-failure\nRestartSec=30", Retry(max_attempts=1000, delay=Span(seconds=30))),
        (
            "Restart=on-failure\nRestartSec=2h\n[Unit]\nStartLimitBurst=3\nStartLimitIntervalSec=infinity",
            Retry(max_attempts=3, delay=Span(hours=2), max_delay=Span(hours=2)),
        ),
    ],
)
def test_a_restart_after_a_failure_is_a_retry(said: str, retry: Retry) -> None:
    """Five times within ten seconds, systemd's own limit; slower than that it goes on, as far as a job can."""
    assert one(service=SERVICE + said + "\n").retry == retry


@pytest.mark.parametrize(
    ("said", "line", "sentence"),
    [
        ("User=root", 4, "it runs as root, but jobs here run as ann"),
        ("EnvironmentFile=/etc/x", 4, "EnvironmentFile= can't be taken"),
        ("ExecStart=/bin/x %n", 3, "the specifier %n"),
        ("ExecStart=/bin/x ${NOT}", 3, "$NOT is not set"),
        ("ExecStart=+/bin/x", 3, "the + before the program"),
        ("ExecStart=/bin/x 'a", 3, "a quotation mark is missing"),
        ("Type=forking", 4, "Type=forking"),
        ("Restart=always", 4, "Restart=always"),
        ("TimeoutStartSec=soon", 4, "no span of time"),
        ("WorkingDirectory=here", 4, "no absolute path"),
        ("SuccessExitStatus=SIGKILL", 4, "no exit code"),
        ("DynamicUser=yes", 4, "DynamicUser= can't be taken"),
        ("Environment=A-B=1", 4, "A-B=1 can't be set"),
        ("[Unit]\nConditionPathExists=/x", 5, "ConditionPathExists= can't be taken"),
    ],
)
def test_what_makes_it_another_job_is_refused_by_its_line(said: str, line: int, sentence: str) -> None:
    found = read(service=f"{SERVICE}{said}\n")
    ((number, text),) = told(found)
    assert found.jobs == [] and sentence in text and found.refusals[0].file == "/u/a.service"
    assert number is not None and number in (line, 4)


def test_what_only_orders_limits_or_shields_is_noted() -> None:
    found = read(service=SERVICE + "Nice=5\nNoNewPrivileges=yes\n[Unit]\nAfter=network.target\n")
    assert len(found.jobs) == 1
    assert [note.line for note in found.notes] == [4, 5, 7]


@pytest.mark.parametrize(
    ("timer", "texts", "sentence"),
    [
        (TIMER, {"/u/a.service": None}, "its service a.service is not beside it"),
        (TIMER + "Unit=../b.service\n", {}, "its service b.service is not beside it"),
        (TIMER, {"/u/a.timer.d": ""}, "a folder a.timer.d"),
        (TIMER, {"/u/a.service.d": ""}, "a folder a.service.d"),
        ("[Timer]\n", {}, "no time at which it fires"),
        ("OnCalendar=daily\n", {}, "no setting of a section"),
        ("[Timer]\nOnCalendar=never\n", {}, "never"),
        ("[Timer]\nOnCalendar=daily\nOnActiveSec=5\n", {}, "OnActiveSec= can't be taken"),
        ("[Timer]\nOnCalendar=daily\nPersistent=maybe\n", {}, "neither yes nor no"),
    ],
)
def test_a_timer_that_can_not_be_taken_says_why(timer: str, texts: dict[str, Any], sentence: str) -> None:
    found = systemd.read({"/u/a.timer": timer}, {"/u/a.service": SERVICE, **texts}.get, ANN)
    assert found.jobs == [] and [text for _line, text in told(found) if sentence in text], told(found)


def test_a_unit_of_the_system_runs_as_root_and_from_the_root_folder() -> None:
    file = "/etc/systemd/system/a"
    found = systemd.read({f"{file}.timer": TIMER}, {f"{file}.service": SERVICE}.get, ANN)
    assert "it runs as root" in told(found)[0][1]
    named = systemd.read({f"{file}.timer": TIMER}, {f"{file}.service": SERVICE + "User=ann\n"}.get, ANN)
    assert named.jobs[0].cwd == "/"


def test_the_timers_of_a_folder_are_taken_each_by_itself() -> None:
    texts = {"/u/a.service": SERVICE, "/u/b.service": SERVICE}
    found = systemd.read({"/u/a.timer": TIMER, "/u/b.timer": "[Timer]\n", "/u/c.timer": TIMER}, texts.get, ANN, "s-")
    assert [job.name for job in found.jobs] == ["s-a"]
    assert [each.file for each in found.refusals] == ["/u/b.timer", "/u/c.timer"]


async def test_what_is_read_is_taken_by_the_desk(local: LocalDesk) -> None:
    jobs = read(service=SERVICE + "Environment=A=1\nRestart=on-failure\nSuccessExitStatus=3\n").jobs
    assert [change.what for change in await local.do("jobs.apply", jobs=jobs)] == ["created"]
    assert [change.what for change in await local.do("jobs.apply", jobs=jobs)] == ["unchanged"]
