"""The table of jobs by both desks: what a window tells, when jobs fire next, and what is refused."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.action.conftest import job
from watchkeeper.access.actor import Actor, local_operator
from watchkeeper.access.permission import Permission
from watchkeeper.action import job_filter
from watchkeeper.action.desk import Desk, LocalDesk
from watchkeeper.model.errors import Known, Refused
from watchkeeper.model.job_table import JobTable
from watchkeeper.model.run import State
from watchkeeper.store.store import Store

SOON = {"every": "10m", "kind": "interval"}
DAILY = {"kind": "cron", "cron": "0 3 * * *", "zone": "UTC"}
DELAY = {"every": "5m", "pace": "fixed_delay", "kind": "interval"}


@pytest.fixture
async def furnished(local: LocalDesk) -> LocalDesk:
    me = local_operator().name
    await local.do("job.save", spec=job("soon", triggers=[SOON, DAILY], tags=["etl"], owner=me, group="finance/daily"))
    await local.do("job.save", spec=job("yearly", triggers=[{**DAILY, "cron": "0 0 1 1 *"}]))
    await local.do("job.save", spec=job("off", triggers=[SOON], is_enabled=False))
    await local.do("job.save", spec=job("hand", description="月末对账"))
    await local.do("job.save", spec=job("past", triggers=[{"kind": "once", "at": "2020-01-01T00:00:00Z"}]))
    return local


async def asked(desk: Desk, **given: Any) -> list[str]:
    found: JobTable = await desk.ask("job.table", **given)
    assert found.matches >= len(found.rows) and found.total == 5
    return [row.name for row in found.rows]


async def test_a_window_tells_of_each_job_what_happened_and_what_will(
    desk: Desk, furnished: LocalDesk, end_run: Any
) -> None:
    run = (await desk.do("run.start", job="soon")).run
    await end_run(run, State.FAILED)
    live = (await desk.do("run.start", job="soon")).run
    now = datetime.now(UTC)
    (row,) = (await desk.ask("job.table", filter="soon")).rows
    assert (row.name, row.group, row.tags, row.is_enabled) == ("soon", "finance/daily", ("etl",), True)
    assert [str(words) for words in row.triggers] == ["every 10 minutes", "at 03:00 every day (UTC)"]
    assert row.next_at is not None and timedelta() < row.next_at - now <= timedelta(minutes=10)
    assert row.last is not None and (row.last.id, row.last.number, row.last.state) == (run.id, 1, State.FAILED)
    assert row.live is not None and (row.live.id, row.live.state) == (live.id, State.QUEUED)
    assert [(bar.number, bar.state) for bar in row.runs] == [(1, State.FAILED), (2, State.QUEUED)]
    assert row.runs[0].took == timedelta() and row.p50 is None


async def test_what_never_fires_by_the_clock_has_no_next_moment(desk: Desk, furnished: LocalDesk) -> None:
    rows = (await desk.ask("job.table")).rows
    assert [row.name for row in rows if row.next_at is None] == ["hand", "off", "past"]


async def test_a_fixed_delay_has_a_next_moment_while_no_run_of_it_lives(
    desk: Desk, local: LocalDesk, store: Store
) -> None:
    saved = await local.do("job.save", spec=job("delay", triggers=[DELAY]))
    next_at = (await desk.ask("job.table")).rows[0].next_at
    assert next_at is not None and timedelta() < next_at - datetime.now(UTC) <= timedelta(minutes=5)
    await desk.do("run.start", job="delay")
    await store.write(
        lambda tx: tx.run(
            "UPDATE runs SET trigger_id = (SELECT id FROM triggers WHERE job_id = :id), nominal_at = 0", id=saved.id
        )
    )
    assert (await desk.ask("job.table")).rows[0].next_at is None


async def test_a_moment_that_the_cursor_has_passed_is_not_told_again(
    desk: Desk, furnished: LocalDesk, store: Store
) -> None:
    """The clock was set back."""
    ahead = timedelta(days=40)
    await store.write(
        lambda tx: tx.run("UPDATE triggers SET cursor_at = :at", at=tx.now_us + ahead // timedelta(microseconds=1))
    )
    (row,) = (await desk.ask("job.table", filter="soon")).rows
    assert row.next_at is not None and row.next_at > datetime.now(UTC) + timedelta(days=39)


async def test_a_calendar_is_followed(desk: Desk, local: LocalDesk) -> None:
    await local.do("calendar.save", spec={"name": "never", "holds": []})
    await local.do("job.save", spec=job("closed", triggers=[{**DAILY, "only_on": ["never"]}]))
    await local.do("job.save", spec=job("open", triggers=[{**DAILY, "not_on": ["never"]}]))
    rows = {row.name: row.next_at for row in (await desk.ask("job.table")).rows}
    assert rows["closed"] is None and rows["open"] is not None
    assert [row.name for row in (await desk.ask("job.table", filter="calendar:never next:never")).rows] == ["closed"]


@pytest.mark.parametrize(
    ("filter", "found"),
    [
        ("owner:me", ["soon"]),
        ("月末", ["hand"]),
        ("next:<1h", ["soon"]),
        ("-next:<1h", ["hand", "off", "past", "yearly"]),
        ("next:never", ["hand", "off", "past"]),
        ("-next:never", ["soon", "yearly"]),
        ("next:<1h tag:etl", ["soon"]),
        ("next:<1h -tag:etl", []),
        ("-next:never next:<500d -next:<1h", ["yearly"]),
    ],
)
async def test_a_filter_knows_who_asks_and_when_jobs_fire(
    desk: Desk, furnished: LocalDesk, filter: str, found: list[str]
) -> None:
    assert await asked(desk, filter=filter) == found
    assert [each.name for each in await desk.ask("job.list", filter=filter)] == found
    groups = (await desk.ask("job.facets", filter=filter)).groups
    assert sum(group.count for group in groups) == len(found)


async def test_jobs_are_sorted_by_what_fires_next_and_what_never_does_comes_last(
    desk: Desk, furnished: LocalDesk
) -> None:
    never = ["hand", "off", "past"]
    assert await asked(desk, sort="next") == ["soon", "yearly", *never]
    assert await asked(desk, sort="-next") == ["yearly", "soon", *never]
    assert await asked(desk, sort="next", offset=1, limit=2) == ["yearly", "hand"]
    assert await asked(desk, sort="-name", filter="next:never") == ["past", "off", "hand"]


async def test_too_many_jobs_to_reckon_are_refused_with_what_helps(
    desk: Desk, furnished: LocalDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job_filter, "MOST_RECKONED", 4)
    for given in ({"sort": "next"}, {"filter": "next:<1h"}):
        with pytest.raises(Known, match="reckoned for 4 jobs at most, and these are 5: say more"):
            await desk.ask("job.table", **given)
    assert await asked(desk, sort="next", filter="is:enabled -past") == ["soon", "yearly", "hand"]


async def test_the_list_pages_on_under_a_filter(desk: Desk, furnished: LocalDesk) -> None:
    first = await desk.ask("job.list", filter="is:enabled", limit=2)
    rest = await desk.ask("job.list", filter="is:enabled", limit=2, after=first[-1].name)
    assert [each.name for each in (*first, *rest)] == ["hand", "past", "soon", "yearly"]


async def test_facets_count_what_jobs_can_be_told_apart_by(desk: Desk, furnished: LocalDesk) -> None:
    facets = await desk.ask("job.facets")
    assert [(each.value, each.count) for each in facets.tags] == [("etl", 1)]
    assert [(each.value, each.count) for each in facets.handlers] == [("shell", 5)]
    assert [(each.path, each.count, each.worst) for each in facets.groups] == [
        ("finance/daily", 1, None),
        ("", 4, None),
    ]
    assert (await desk.ask("job.table", is_grouped=True)).groups == facets.groups
    assert (await desk.ask("job.table", is_grouped=True, sort="next")).groups == facets.groups
    assert (await desk.ask("job.table")).groups == ()


@pytest.mark.parametrize("sort", ["next", "-next", "-name"])
async def test_a_table_may_be_sorted_within_its_groups(desk: Desk, furnished: LocalDesk, sort: str) -> None:
    whole = await asked(desk, sort=sort)
    assert await asked(desk, sort=sort, is_grouped=True) == ["soon", *(name for name in whole if name != "soon")]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"filter": "foo:x"}, "filter: there is no field foo"),
        ({"filter": "status:x"}, "filter: status can't be x"),
        ({"sort": "age"}, "sort: age is none of these: name, owner, group"),
        ({"sort": "--name"}, "sort: -name is none of these"),
        ({"sort": ""}, 'sort: "" is none of these'),
        ({"limit": 201}, "limit: "),
        ({"limit": 0}, "limit: "),
        ({"offset": -1}, "offset: "),
    ],
)
async def test_what_can_not_be_asked_is_refused_by_its_name(desk: Desk, given: dict[str, Any], said: str) -> None:
    with pytest.raises(Known, match=f"^{said}"):
        await desk.ask("job.table", **given)


async def test_whoever_may_not_look_sees_nothing(as_actor: Any) -> None:
    blind = as_actor(Actor("eve", frozenset({Permission.RUN})))
    for name in ("job.table", "job.facets", "job.list"):
        with pytest.raises(Refused):
            await blind.ask(name)


@pytest.mark.parametrize("seed", range(200))
async def test_hostile_filters_get_rows_or_a_sentence(local: LocalDesk, seed: int) -> None:
    rng = random.Random(seed)
    parts = [
        "status:",
        "tag:",
        "-",
        '"',
        "%",
        "_",
        "!",
        "\\",
        "'",
        "--",
        ";",
        "\0",
        "\ud800",
        "备",
        "next:<1h",
        "last:>",
        "x" * 300,
    ]
    text = "".join(rng.choice(parts) + rng.choice(["", " "]) for _ in range(rng.randrange(1, 12)))
    try:
        found = await local.ask("job.table", filter=text)
    except Known as refused:
        assert str(refused)
    else:
        assert found.total == 0


@pytest.mark.parametrize("field", ["owner", "group"])
@pytest.mark.parametrize("value", ["a\nb", " a", "a\u202e", "x" * 201, "-a", "a\\b", ".."])
async def test_an_owner_or_group_that_misleads_is_refused_at_its_field(
    desk: Desk, rows: Any, field: str, value: str
) -> None:
    before = await rows()
    with pytest.raises(Known, match=field):
        await desk.do("job.save", spec=job(**{field: value}))
    assert await rows() == before


@pytest.mark.parametrize("group", ["/", "a/", "/a", "a//b", "a/ b", "a/..", "a/-b", "/".join("abcdefghi")])
async def test_a_group_is_a_path_of_names(desk: Desk, rows: Any, group: str) -> None:
    before = await rows()
    with pytest.raises(Known, match="group"):
        await desk.do("job.save", spec=job(group=group))
    assert await rows() == before
    assert (await desk.do("job.save", spec=job(group="财务/每日"))).spec.group == "财务/每日"
