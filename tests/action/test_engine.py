"""What the engine does, and what fires next, as far as the store knows where no engine runs behind the door."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.action.conftest import job
from watchkeeper.action.desk import Desk, LocalDesk
from watchkeeper.model.errors import Known
from watchkeeper.model.instant import to_us
from watchkeeper.model.pulse import Slots
from watchkeeper.store import leases
from watchkeeper.store.moves import Intended
from watchkeeper.store.store import Store


async def test_without_an_engine_the_store_says_what_it_can(desk: Desk, store: Store) -> None:
    await desk.do("job.save", spec=job(concurrency={"policy": "allow"}, triggers=[{"kind": "interval", "every": "1h"}]))
    started, _waits = [(await desk.do("run.start", job="nightly")).run for _count in range(2)]
    assert await store.move([Intended(started.id, 1, 1, None, "local", None)]) == []
    found = await desk.ask("engine.status")
    assert (found.holder, found.since, found.lag, found.next) == ("", None, None, None)
    assert not found.is_running
    assert (found.running, found.queued, found.waiting) == (1, 1, 0)
    assert (found.zone, found.pause, found.disk) == ("Europe/Berlin", None, None)


async def test_an_engine_elsewhere_is_told_with_its_room(desk: Desk, store: Store) -> None:
    await store.write(lambda tx: leases.take(tx, "other", {"local": 8, "inside": 64}, timedelta(hours=1)))
    found = await desk.ask("engine.status")
    assert found.holder == "other" and found.is_running
    assert found.slots == (Slots("local", 0, 8), Slots("inside", 0, 64))


async def test_a_pause_is_told_with_its_reason_and_its_end(desk: Desk) -> None:
    await desk.do("schedule.pause", reason="upgrade", span="1h")
    found = await desk.ask("engine.status")
    assert "upgrade" in str(found.pause.reason)
    assert found.pause.until - found.now <= timedelta(hours=1)


async def test_the_next_fires_come_in_order_with_their_words(desk: Desk) -> None:
    await desk.do("job.save", spec=job("rare", triggers=[{"kind": "cron", "cron": "0 3 1 1 *"}]))
    await desk.do(
        "job.save",
        spec=job("often", triggers=[{"kind": "interval", "every": "1m"}, {"kind": "interval", "every": "1h"}]),
    )
    await desk.do("job.save", spec=job("off", triggers=[{"kind": "interval", "every": "1s"}], is_enabled=False))
    await desk.do("job.save", spec=job("by hand"))
    agenda = await desk.ask("schedule.next")
    assert [(row.job, str(row.when)) for row in agenda.rows[:2]] == [("often", "every minute"), ("often", "every hour")]
    assert [row.at for row in agenda.rows] == sorted(row.at for row in agenda.rows)
    assert [row.job for row in agenda.rows[2:]] == ["rare"]
    said = [str(remark) for remark in agenda.remarks]
    assert "no engine is running" in said[0] and said[1] == "1 job is disabled"
    assert len((await desk.ask("schedule.next", limit=1)).rows) == 1


async def test_what_falls_into_a_pause_is_marked(desk: Desk) -> None:
    await desk.do(
        "job.save",
        spec=job(triggers=[{"kind": "interval", "every": "1m"}, {"kind": "once", "at": "2199-01-01T00:00:00Z"}]),
    )
    await desk.do("schedule.pause", span="2h")
    agenda = await desk.ask("schedule.next")
    assert [row.is_held for row in agenda.rows] == [True, False]
    assert any("paused" in str(remark) for remark in agenda.remarks)


async def test_a_calendar_is_followed_when_there_is_no_engine(desk: Desk) -> None:
    await desk.do("calendar.save", spec={"name": "late", "holds": [{"kind": "dates", "dates": ["2198-05-01"]}]})
    await desk.do(
        "job.save", spec=job(triggers=[{"kind": "cron", "cron": "0 12 * * *", "only_on": ["late"], "zone": "UTC"}])
    )
    assert (await desk.ask("schedule.next")).rows == []


async def test_a_fixed_delay_is_due_after_its_span_unless_its_run_lives(local: LocalDesk, store: Store) -> None:
    saved = await local.do("job.save", spec=job(triggers=[{"kind": "interval", "every": "5m", "pace": "fixed_delay"}]))
    (row,) = (await local.ask("schedule.next")).rows
    assert row.at == saved.saved_at + timedelta(minutes=5)
    run = (await local.do("run.start", job="nightly")).run

    def fired(tx: Any) -> None:
        tx.run("UPDATE runs SET trigger_id = (SELECT id FROM triggers) WHERE id = :id", id=run.id)

    await store.write(fired)
    assert (await local.ask("schedule.next")).rows == []
    at = datetime(2199, 1, 1, tzinfo=UTC)
    await store.write(lambda tx: tx.run("UPDATE triggers SET next_at = :at", at=to_us(at)))
    (row,) = (await local.ask("schedule.next")).rows
    assert row.at == at


@pytest.mark.parametrize("limit", [0, -1, 1_001, "many", None, 1.5])
async def test_a_count_that_is_none_is_refused(desk: Desk, limit: Any) -> None:
    with pytest.raises(Known, match="limit"):
        await desk.ask("schedule.next", limit=limit)
