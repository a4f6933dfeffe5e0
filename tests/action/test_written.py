"""What is exported is read back as it was."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from watchkeeper.action import files
from watchkeeper.action.pools import PoolSpec
from watchkeeper.action.written import written
from watchkeeper.model.calendar import CalendarSpec, Country, Dates, Event, Include, Monthly, Weekly, Which
from watchkeeper.model.job import Concurrency, JobSpec, OnUnknown, Policy, Retry, Timeouts
from watchkeeper.model.span import Span
from watchkeeper.model.trigger import Cron, Interval, Manual, Misfire, Once, Pace

ANY_PLACE = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

lines = st.lists(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=12), max_size=6).map("\n".join)
texts = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    lines,
    lines.map(lambda text: text + "\n"),
    st.sampled_from(
        ["", "~", "on", "no", "1", "1e3", "0o7", "- a", "a: b", "#x", " x", "x ", "|", "<<", "\u2028", "\x85"]
    ),
)
ZONES = (UTC, ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York"))
names = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=30)
numbers = st.one_of(st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False, allow_infinity=False))
values: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.none(), st.booleans(), numbers, texts),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(texts, inner, max_size=4)),
    max_leaves=12,
)
spans = st.integers(1_000, 10**9).map(lambda ms: Span(milliseconds=ms))
triggers = st.one_of(
    st.builds(
        Cron, cron=st.just("0 3 * * *"), zone=st.sampled_from([None, "Asia/Shanghai"]), misfire=st.sampled_from(Misfire)
    ),
    st.builds(Interval, every=spans, pace=st.sampled_from(Pace), grace=spans),
    st.builds(Once, at=st.datetimes(datetime(2000, 1, 1), timezones=st.sampled_from(ZONES))),
    st.just(Manual()),
)
specs = st.builds(
    JobSpec,
    name=names,
    handler=st.just("shell"),
    description=texts,
    tags=st.lists(names, max_size=3).map(tuple),
    owner=st.one_of(st.just(""), names),
    group=st.one_of(st.just(""), st.lists(names, min_size=1, max_size=3).map("/".join)),
    params=st.dictionaries(texts, values, max_size=4),
    triggers=st.lists(triggers, max_size=3).map(tuple),
    env=st.dictionaries(st.from_regex(r"[A-Za-z_]{1,9}", fullmatch=True), texts.map(lambda t: t.replace("\0", ""))),
    cwd=st.one_of(st.none(), texts),
    retry=st.builds(Retry, delay=spans, factor=st.floats(1, 100), jitter=st.sampled_from(["none", "full", 0.1])),
    timeouts=st.builds(Timeouts, soft=st.one_of(st.none(), spans)),
    concurrency=st.builds(Concurrency, policy=st.sampled_from(Policy)),
    pool=st.one_of(st.none(), names),
    priority=st.integers(0, 9),
    on_unknown=st.sampled_from(OnUnknown),
    is_enabled=st.booleans(),
)
hours = st.sampled_from([None, "22:00-06:00", "00:00-01:00,02:00-24:00"])
rules = st.one_of(
    st.builds(Weekly, days=st.sampled_from(["*", "mon-fri", "sat,sun"]), hours=hours),
    st.builds(Dates, dates=st.sampled_from([("12-24",), ("2026-12-24..2027-01-02", "02-29")]), hours=hours),
    st.builds(Monthly, monthly=st.sampled_from([(1,), (-1, 15)]), of=st.one_of(st.none(), names), hours=hours),
    st.builds(Country, country=st.just("CN"), which=st.sampled_from(Which), hours=hours),
    st.builds(Include, calendar=names),
    st.builds(
        Event,
        event=st.sampled_from(["2026-05-01", "2026-05-01T22:00:00"]),
        length=st.sampled_from([Span(days=1), Span(days=9)]),
        title=names,
        repeat=st.sampled_from([None, "FREQ=YEARLY"]),
        besides=st.sampled_from([(), ("2027-05-01",)]),
    ),
)
lists = st.lists(rules, max_size=3).map(tuple)
calendars = st.builds(
    CalendarSpec, name=names, description=texts, zone=st.sampled_from([None, "UTC"]), holds=lists, but_not=lists
)
pools = st.builds(PoolSpec, name=names, size=st.integers(0, 100_000))


@ANY_PLACE
@given(jobs=st.lists(specs, max_size=3), limits=st.lists(pools, max_size=2), days=st.lists(calendars, max_size=2))
def test_what_is_written_is_read_back_the_same(
    tmp_path: Path, jobs: list[JobSpec], limits: list[PoolSpec], days: list[CalendarSpec]
) -> None:
    file = tmp_path / "jobs.yaml"
    file.write_text(written(jobs, limits, days), encoding="utf-8", newline="")
    content = files.read(file)
    assert content.calendars == tuple(days)
    assert content.pools == tuple(limits)
    assert content.jobs == tuple(jobs)


def test_a_script_is_written_as_lines_and_no_more_is_said_than_needed() -> None:
    script = {"script": "echo 1\necho 2\n"}
    spec = JobSpec(name="a", handler="shell", params=script, triggers=(Cron("@daily"),))
    assert written([spec], []).splitlines() == [
        "jobs:",
        "  - name: a",
        "    handler: shell",
        "    params:",
        "      script: |",
        "        echo 1",
        "        echo 2",
        "    triggers:",
        '      - cron: "@daily"',
    ]
