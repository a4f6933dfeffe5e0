"""Bad jobs: a sentence with the field's place, nothing changed."""

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.action.conftest import job
from watchkeeper.access.actor import local_operator
from watchkeeper.action import ACTIONS
from watchkeeper.action.checks import checked
from watchkeeper.action.desk import Desk, LocalDesk
from watchkeeper.action.door import Door
from watchkeeper.action.names import require_name
from watchkeeper.model import codec
from watchkeeper.model.errors import Known
from watchkeeper.model.job import JobSpec
from watchkeeper.plugin.registry import Registry
from watchkeeper.vault.vault import Vault

#: The field that must be named, and what is wrong with it.
BAD: list[tuple[str, dict[str, Any]]] = [
    ("name", {"name": "a/b"}),
    ("name", {"name": "../etc"}),
    ("name", {"name": "a\0b"}),
    ("name", {"name": "a\u202eb"}),
    ("name", {"name": "\u200fa"}),
    ("name", {"name": "x" * 4096}),
    ("name", {"name": ""}),
    ("name", {"name": " a"}),
    ("name", {"name": "-rf"}),
    ("name", {"name": 3}),
    ("owner", {"owner": "a\u202eb"}),
    ("owner", {"owner": "a/b"}),
    ("group", {"group": "a//b"}),
    ("group", {"group": "a/ b"}),
    ("group", {"group": "a/-rf"}),
    ("group", {"group": "/".join("abcdefghi")}),
    ("handler", {"handler": "shel"}),
    ("handler", {"handler": "x" * 4096}),
    ("params", {"params": {"scrip": "true"}}),
    ("params", {"params": {"script": "a\0b"}}),
    ("params", {"params": {"script": "#" * 1_100_000}}),
    ("params", {"params": {}}),
    ("params", {"params": {"script": 3}}),
    ("params", {"params": {"script": "true", "success": [2**70]}}),
    ("params", {"params": {"script": "true", "success": [math.nan]}}),
    ("triggers[0]", {"triggers": [{"kind": "cron", "cron": "61 * * * *"}]}),
    ("triggers[0]", {"triggers": [{"kind": "cron", "cron": "0 0 30 2 *"}]}),
    ("triggers[0]", {"triggers": [{"kind": "cron", "cron": "* * *"}]}),
    ("triggers[0]", {"triggers": [{"kind": "cron", "cron": "x" * 4096}]}),
    ("triggers[0].zone", {"triggers": [{"kind": "cron", "cron": "@daily", "zone": "Europe/Berln"}]}),
    ("triggers[0].zone", {"triggers": [{"kind": "cron", "cron": "@daily", "zone": "../../etc/passwd"}]}),
    ("triggers[0].zone", {"triggers": [{"kind": "cron", "cron": "@daily", "zone": "a\0b"}]}),
    ("triggers[0]", {"triggers": [{"kind": "interval", "every": "0s"}]}),
    ("triggers[0].every", {"triggers": [{"kind": "interval", "every": "-5s"}]}),
    ("triggers[0].every", {"triggers": [{"kind": "interval", "every": math.inf}]}),
    ("triggers[0].at", {"triggers": [{"kind": "once", "at": "yesterday"}]}),
    ("triggers[0].at", {"triggers": [{"kind": "once", "at": "2026-01-01T00:00:00"}]}),
    ("triggers", {"triggers": [{"kind": "manual"}] * 101}),
    *(
        (f"triggers[0].{field}", {"triggers": [trigger]})
        for field, trigger in [
            ("cron", {"cron": "0 0 * * 5L", "kind": "cron"}),
            ("cron", {"cron": "0 0 * * * * 2026", "kind": "cron"}),
            ("dst_gap", {"cron": "@daily", "kind": "cron", "dst_gap": "later"}),
            ("dst_fold", {"cron": "@daily", "kind": "cron", "dst_fold": "third"}),
            ("every_nth", {"cron": "@daily", "kind": "cron", "every_nth": 0}),
            ("valid_from", {"cron": "@daily", "kind": "cron", "valid_from": "0001-01-01T00:00:00Z"}),
            ("valid_until", {"cron": "@daily", "kind": "cron", "valid_until": "9999-12-31T23:59:59Z"}),
            ("valid_until", {"every": "5m", "kind": "interval", "valid_until": "soon"}),
            ("anchor", {"every": "5m", "kind": "interval", "anchor": "0001-01-01T00:00:00+14:00"}),
            ("every_nth", {"every": "5m", "kind": "interval", "pace": "fixed_delay", "every_nth": 2}),
            ("at", {"at": "9999-12-31T23:59:59-14:00", "kind": "once"}),
            ("", {"cron": "30 2 * 3 L0", "kind": "cron", "zone": "Europe/Berlin", "dst_gap": "skip"}),
            ("", {"cron": "0 0 29 2 *", "kind": "cron", "every_nth": 10_000}),
            ("start", {"kind": "window", "every": "15m", "start": "25:00", "end": "26:00"}),
            ("end", {"kind": "window", "every": "15m", "start": "18:00", "end": "09:00"}),
            ("days", {"kind": "window", "every": "15m", "start": "09:00", "end": "18:00", "days": "mon-xyz"}),
            ("days", {"kind": "window", "every": "15m", "start": "09:00", "end": "18:00", "days": ""}),
            ("zone", {"kind": "window", "every": "15m", "start": "09:00", "end": "18:00", "zone": "Mars/Base"}),
            ("every", {"kind": "window", "every": "1ms", "start": "09:00", "end": "18:00"}),
            ("after", {"kind": "after", "after": "../x"}),
            ("on", {"kind": "after", "after": "x", "on": "never"}),
            ("file", {"kind": "file", "file": "incoming/*.csv"}),
            ("file", {"kind": "file", "file": "/srv/*/in.csv"}),
            ("file", {"kind": "file", "file": "/srv/a\0"}),
            ("poll", {"kind": "file", "file": "/srv/in", "poll": "10ms"}),
            ("delay", {"kind": "startup", "delay": "-1s"}),
        ]
    ),
    ("env", {"env": {"A=B": "1"}}),
    ("env", {"env": {"": "1"}}),
    ("env", {"env": {"A": "1\0"}}),
    ("env", {"env": {"A": 1}}),
    ("env.WATCHKEEPER_RUN_ID", {"env": {"WATCHKEEPER_RUN_ID": "1"}}),
    ("env.A", {"env": {"A": "x" * 200_000}}),
    ("cwd", {"cwd": "a\0b"}),
    ("cwd", {"cwd": "x" * 5_000}),
    ("key", {"key": "a\nb"}),
    ("tags", {"tags": ["a/b"]}),
    ("tags", {"tags": ["a"] * 51}),
    ("description", {"description": "x" * 10_001}),
    ("retry.jitter", {"retry": {"jitter": "some"}}),
    ("retry.jitter", {"retry": {"jitter": 2}}),
    ("retry.jitter", {"retry": {"jitter": math.nan}}),
    ("retry.factor", {"retry": {"factor": math.nan}}),
    ("retry.factor", {"retry": {"factor": 0}}),
    ("retry.max_attempts", {"retry": {"max_attempts": 0}}),
    ("retry.retry_on", {"retry": {"retry_on": [256]}}),
    ("retry.no_retry_on", {"retry": {"no_retry_on": ["exit 3"]}}),
    ("retry.max_delay", {"retry": {"delay": "2h"}}),
    ("retry", {"retry": {"delai": "2h"}}),
    ("timeouts.hard", {"timeouts": {"hard": "0s"}}),
    ("timeouts.soft", {"timeouts": {"soft": "2m", "hard": "1m"}}),
    ("priority", {"priority": 10}),
    ("concurrency.policy", {"concurrency": {"policy": "wait"}}),
    ("pool", {"pool": "gone"}),
    ("on_unknown", {"on_unknown": "retry"}),
]


@pytest.mark.parametrize(("place", "wrong"), BAD, ids=lambda value: str(value)[:40])
async def test_a_bad_field_is_named_and_nothing_is_changed(
    desk: Desk, rows: Any, place: str, wrong: dict[str, Any]
) -> None:
    before = await rows()
    with pytest.raises(Known) as caught:
        await desk.do("jobs.apply", jobs=[job("good"), job(**{"name": "bad", **wrong})])
    told = str(caught.value)
    assert place.split(".")[0].split("[")[0] in told or place == "pool"
    assert "jobs[1]" in told
    assert len(told) < 500
    assert await rows() == before


@pytest.mark.parametrize(
    "trigger",
    [
        {"cron": "*/10 0 2 ? * mon#2", "kind": "cron", "dst_gap": "skip", "dst_fold": "both", "every_nth": 3},
        {"kind": "window", "every": "15m", "start": "9:00", "end": "18:00", "days": "mon-fri", "jitter": "2m"},
        {"kind": "interval", "every": "5m", "every_nth": 2, "valid_from": "2026-03-01T00:00:00Z"},
        {"kind": "after", "after": "other", "on": "any"},
        {"kind": "startup", "delay": "10s", "once_a_boot": True},
        {"kind": "file", "file": "/srv/in/*.csv"},
    ],
)
def test_a_right_trigger_of_each_kind_is_taken(spare_door: Door, trigger: dict[str, Any]) -> None:
    spec = checked(spare_door, codec.convert(job(triggers=[trigger]), JobSpec))
    assert getattr(spec.triggers[0], "zone", "UTC") == "UTC"


@pytest.mark.parametrize(
    ("wrong", "near"),
    [
        ({"handlr": "shell"}, "handler"),
        ({"retry": {"max_atempts": 3}}, "max_attempts"),
        ({"triggers": [{"kind": "cron", "cron": "@daily", "zon": "UTC"}]}, "zone"),
        ({"handler": "shel"}, "shell"),
        ({"params": {"scrip": "true"}}, "script"),
        ({"pool": "databse"}, "database"),
    ],
)
async def test_a_slip_of_the_pen_gets_the_nearest_word(desk: Desk, wrong: dict[str, Any], near: str) -> None:
    await desk.do("pool.save", name="database", size=1)
    with pytest.raises(Known, match=f"did you mean {near}"):
        await desk.do("jobs.apply", jobs=[job(**wrong)])


async def test_two_jobs_of_one_name_in_a_file_are_refused(desk: Desk, rows: Any) -> None:
    before = await rows()
    with pytest.raises(Known, match="nightly is there 2 times"):
        await desk.do("jobs.apply", jobs=[job(), job("other"), job()])
    assert await rows() == before


async def test_a_pool_has_a_name_and_a_size(desk: Desk, rows: Any) -> None:
    before = await rows()
    for name, size in (
        ("a/b", 1),
        ("a\u202eb", 1),
        ("", 1),
        ("x" * 4096, 1),
        ("net", -1),
        ("net", 10**9),
        ("net", "many"),
    ):
        with pytest.raises(Known):
            await desk.do("pool.save", name=name, size=size)
    assert await rows() == before


async def test_the_workspace_check_finds_a_job_that_can_no_longer_run(local: LocalDesk, door: Door, store: Any) -> None:
    from dataclasses import replace

    await local.do("job.save", spec=job())
    assert (await local.ask("workspace.check")).faults == []
    health = await LocalDesk(replace(door, registry=Registry()), local_operator()).ask("workspace.check")
    assert health.job_count == 1
    assert "nightly" in str(health.faults[0]) and "shell" in str(health.faults[0])


wild = st.text(max_size=30) | st.sampled_from(
    ["", "..", "../x", "a\0", "\u202e", "x" * 4096, "\ud800", "\x1b[31m", "-x"]
)
values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | wild | st.binary(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(wild, inner, max_size=3),
    max_leaves=8,
)
FIELDS = list(JobSpec.__struct_fields__)


@settings(max_examples=400, deadline=None)
@given(field=st.sampled_from(FIELDS) | wild, value=values)
def test_whatever_a_field_holds_is_either_taken_or_refused_in_a_sentence(
    spare_door: Door, field: str, value: Any
) -> None:
    """What is taken comes back from the store's own form as it went in."""
    try:
        given = ACTIONS["job.save"].read({"spec": job() | {field: value}})
        spec = checked(spare_door, given["spec"])
    except Known as refusal:
        assert 0 < len(str(refusal)) < 2_000
    else:
        assert codec.decode(codec.encode(spec), JobSpec) == spec


@settings(max_examples=300, deadline=None)
@given(name=st.text(st.characters(), min_size=1, max_size=250))
def test_a_name_that_is_taken_can_be_seen_as_it_is(name: str) -> None:
    try:
        require_name(name)
    except Known as refusal:
        assert len(str(refusal)) < 600
    else:
        assert name.isprintable() or " " in name or any(mark.isspace() for mark in name)
        assert "/" not in name and ".." not in name and name == name.strip() and len(name) <= 200


@pytest.fixture(scope="module")
def spare_door(registry: Registry) -> Door:
    """A door whose store is never opened: the checks need none."""
    from pathlib import Path

    async def nothing(*_given: Any) -> Any:
        raise AssertionError

    return Door(Path("/nowhere"), "UTC", nothing, nothing, registry, nothing, Vault(Path("/nowhere"), "w"))
