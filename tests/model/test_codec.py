"""Values to JSON and back, and the sentences for what does not fit."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchkeeper.model import events
from watchkeeper.model.codec import convert, decode, encode, plain
from watchkeeper.model.errors import Known
from watchkeeper.model.job import Concurrency, Job, JobSpec, OnUnknown, Policy, Retry, Timeouts
from watchkeeper.model.run import Run, State
from watchkeeper.model.span import LONGEST, Span
from watchkeeper.model.text import _, plural
from watchkeeper.model.trigger import Cron, Interval, Manual, Misfire, Once, Pace

AT = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
FULL = JobSpec(
    name="备份 nightly",
    handler="shell",
    description="d",
    tags=("db", "night"),
    params={"script": "echo $HOME\n", "n": 3, "deep": [{"a": None}]},
    triggers=(
        Cron("0 3 * * *", zone="Asia/Shanghai", misfire=Misfire.SKIP),
        Interval(Span(minutes=5), pace=Pace.FIXED_DELAY),
        Once(AT),
        Manual(),
    ),
    env={"LANG": "C"},
    cwd="/srv",
    retry=Retry(max_attempts=2, delay=Span(seconds=90), jitter=0.1, retry_on=(1, "timeout"), total_deadline=Span(1)),
    timeouts=Timeouts(soft=Span(hours=1), queue=Span(days=2)),
    concurrency=Concurrency(policy=Policy.FORBID),
    key="${{ params.n }}",
    pool="db",
    priority=9,
    on_unknown=OnUnknown.RETRY,
    is_idempotent=True,
    is_enabled=False,
)
RUN = Run(
    id="r",  # type: ignore[arg-type]
    job_id="j",  # type: ignore[arg-type]
    job_version=1,
    state=State.QUEUED,
    created_at=AT,
    due_at=AT,
    reason=_("waits for {what}", what=_("a slot")),
)


@pytest.mark.parametrize(
    "value", [FULL, JobSpec(name="a", handler="shell"), Job("j", 2, FULL, AT, "ann")], ids=["full", "bare", "job"]
)
def test_a_value_comes_back_as_it_was(value: object) -> None:
    assert decode(encode(value), type(value)) == value
    assert convert(plain(value), type(value)) == value


def test_a_reason_within_a_run_is_said_the_same_after_the_journey() -> None:
    back = decode(encode(RUN), Run)
    assert str(back.reason) == "waits for a slot"


def test_every_told_event_comes_back_as_its_own_kind() -> None:
    told = events.RunEnded("r", "nightly", State.FAILED, plural("{n} line", "{n} lines", 2))  # type: ignore[arg-type]
    back = decode(encode(told), events.Told)  # type: ignore[arg-type]
    assert type(back) is events.RunEnded
    assert str(back.reason) == "2 lines"


def test_what_is_the_default_is_not_written() -> None:
    assert plain(JobSpec(name="a", handler="shell")) == {"name": "a", "handler": "shell"}


def test_a_span_is_written_as_people_write_it() -> None:
    assert plain(FULL)["retry"]["delay"] == "1m30s"


@given(st.integers(min_value=0, max_value=LONGEST // timedelta(milliseconds=1)))
def test_a_span_comes_back_to_the_millisecond(milliseconds: int) -> None:
    job = JobSpec(name="a", handler="shell", timeouts=Timeouts(soft=Span(milliseconds=milliseconds)))
    back = decode(encode(job), JobSpec).timeouts.soft
    assert back is not None and abs(back - Span(milliseconds=milliseconds)) < timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ({"name": "a", "handler": "shell", "retrys": {}}, "unknown field retrys: did you mean retry?"),
        ({"name": "a", "handler": "shell", "zzz": 1}, "unknown field zzz; known are "),
        ({"name": "a", "handler": "shell", "retry": {"max_atempts": 2}}, "retry: unknown field max_atempts: did you"),
        ({"name": "a"}, "the field handler is missing"),
        ({"name": 7, "handler": "shell"}, "name: expected str, got int"),
        ({"name": "a", "handler": "shell", "priority": 10}, "priority: "),
        ({"name": "a", "handler": "shell", "priority": "5"}, "priority: expected int, got str"),
        ({"name": "", "handler": "shell"}, "name: "),
        ({"name": "a" * 201, "handler": "shell"}, "name: "),
        ({"name": "a", "handler": "shell", "timeouts": {"soft": "soon"}}, "timeouts.soft: 'soon' is not a span"),
        ({"name": "a", "handler": "shell", "env": {"1X": "y"}}, "env: '1X' is no name for an environment variable"),
        ({"name": "a", "handler": "shell", "triggers": [{"kind": "corn"}]}, "triggers[0]"),
        ({"name": "a", "handler": "shell", "triggers": [{"kind": "once", "at": "2026-01-01T00:00:00"}]}, "triggers[0]"),
        ({"name": "a", "handler": "shell", "concurrency": {"policy": "que"}}, "concurrency.policy: "),
        ([], "expected object, got array"),
        (None, "expected object, got null"),
    ],
)
def test_what_does_not_fit_is_said_with_its_place(raw: object, said: str) -> None:
    with pytest.raises(Known) as refusal:
        convert(raw, JobSpec)
    assert str(refusal.value).startswith(said)


def test_the_place_begins_where_the_caller_says() -> None:
    with pytest.raises(Known, match=r"^jobs\[2\]\.priority: "):
        convert({"name": "a", "handler": "shell", "priority": -1}, JobSpec, "jobs[2]")


@pytest.mark.parametrize(
    "data", [b"", b"{", b"\xff\xfe", b'{"name": "\xc3\x28"}', b"[" * 100_000, b'{"a":' * 50_000, b"NaN", b"1e999999"]
)
def test_what_is_no_json_is_a_sentence(data: bytes) -> None:
    with pytest.raises(Known) as refusal:
        decode(data, JobSpec)
    assert len(str(refusal.value)) < 400


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=20,
)
FIELDS = st.sampled_from([*JobSpec.__struct_fields__, "on", "Name", ""])


@given(st.dictionaries(FIELDS, JUNK, max_size=6) | JUNK)
def test_any_value_is_a_job_or_a_sentence(raw: object) -> None:
    try:
        job = convert(raw, JobSpec)
    except Known as refusal:
        assert str(refusal)
    else:
        assert decode(encode(job), JobSpec) == job
