"""The versions of a job: listed, compared, taken back, also those of a job that was deleted."""

from typing import Any

import pytest

from tests.action.conftest import job
from watchkeeper.action import ACTIONS
from watchkeeper.action.desk import Desk, LocalDesk
from watchkeeper.model.errors import Conflict, Known, NotFound


@pytest.fixture
async def saved(desk: Desk) -> Desk:
    """Three versions of `nightly`."""
    for more in ({}, {"retry": {"delay": "5m"}}, {"params": {"script": "one\ntwo"}, "retry": {"delay": "5m"}}):
        await desk.do("job.save", spec=job(**more))
    return desk


async def test_versions_are_listed_with_what_each_changed(saved: Desk) -> None:
    listed = await saved.ask("job.versions", job="nightly")
    assert [(each.number, [one.field for one in each.differences]) for each in listed] == [
        (3, ["params.script"]),
        (2, ["retry.delay"]),
        (1, []),
    ]
    older = await saved.ask("job.versions", job="nightly", before=3, limit=1)
    assert older == [listed[1]]


async def test_two_versions_are_compared(saved: Desk) -> None:
    (newest,) = await saved.ask("job.diff", job="nightly")
    assert newest.field == "params.script" and newest.lines
    whole = await saved.ask("job.diff", job="nightly", from_=1, to=3)
    assert [each.field for each in whole] == ["params.script", "retry.delay"]
    back = await saved.ask("job.diff", job="nightly", from_=3, to=1)
    assert [(each.before, each.after) for each in back] == [(each.after, each.before) for each in whole]
    assert await saved.ask("job.diff", job="nightly", from_=2, to=2) == []
    with pytest.raises(NotFound, match="its newest is 3"):
        await saved.ask("job.diff", job="nightly", to=4)


async def test_an_earlier_version_is_taken_back_as_a_new_one(saved: Desk) -> None:
    first = await saved.ask("job.show", job="nightly", version=1)
    back = await saved.do("job.restore", job="nightly", version=1)
    assert (back.version, back.spec, back.id) == (4, first.spec, first.id)
    undone = await saved.do("job.restore", job="nightly", version=3)
    assert (undone.version, undone.spec.params) == (5, {"script": "one\ntwo"})


async def test_a_version_that_is_not_there_or_not_named_is_refused(saved: Desk) -> None:
    with pytest.raises(NotFound, match="--version"):
        await saved.do("job.restore", job="nightly")
    with pytest.raises(NotFound, match="its newest is 3"):
        await saved.do("job.restore", job="nightly", version=9)
    with pytest.raises(NotFound, match="none of this name was deleted"):
        await saved.do("job.restore", job="nowhere")


async def test_a_deleted_job_comes_back_with_its_id_its_triggers_and_its_runs(saved: Desk) -> None:
    before = await saved.do("job.save", spec=job(triggers=[{"kind": "cron", "cron": "0 5 * * *"}]))
    run = (await saved.do("run.start", job="nightly")).run
    await saved.do("run.cancel", run=str(run.number))
    await saved.do("job.delete", job="nightly")
    back = await saved.do("job.restore", job="nightly")
    assert (back.id, back.spec, back.version) == (before.id, before.spec, before.version + 1)
    assert [each.job_id for each in await saved.ask("run.list", job="nightly")] == [back.id]
    first = await saved.do("job.restore", job="nightly", version=1)
    assert first.spec.triggers == ()


async def test_the_job_that_was_deleted_last_comes_back(local: LocalDesk) -> None:
    for description in ("first", "second"):
        await local.do("job.save", spec=job("Night_%ly", description=description))
        await local.do("job.save", spec=job("night_%ly", description="another"))
        await local.do("job.delete", job="Night_%ly")
        await local.do("job.delete", job="night_%ly")
    assert (await local.do("job.restore", job="Night_%ly")).spec.description == "second"


async def test_a_former_name_that_is_taken_by_now_is_a_conflict(saved: Desk) -> None:
    nightly = await saved.ask("job.show", job="nightly")
    await saved.do("job.save", spec=job("renamed"), job="nightly")
    await saved.do("job.save", spec=job("nightly"))
    with pytest.raises(Conflict, match="another job called nightly"):
        await saved.do("job.restore", job=nightly.id, version=1)


async def test_what_can_not_be_saved_any_more_can_not_be_taken_back(saved: Desk, rows: Any) -> None:
    await saved.do("pool.save", name="net", size=1)
    await saved.do("job.save", spec=job(pool="net"))
    await saved.do("job.delete", job="nightly")
    await saved.do("pool.delete", name="net")
    before = await rows()
    with pytest.raises(Known, match="net"):
        await saved.do("job.restore", job="nightly")
    assert await rows() == before


async def test_a_restored_job_runs_after_the_other_again(saved: Desk) -> None:
    await saved.do("job.save", spec=job("later", triggers=[{"kind": "after", "after": "nightly"}]))
    await saved.do("job.delete", job="later")
    await saved.do("job.restore", job="later")
    with pytest.raises(Known, match="later"):
        await saved.do("job.delete", job="nightly")
    await saved.do("job.delete", job="later")
    await saved.do("job.delete", job="nightly")
    with pytest.raises(NotFound, match="there is no such job"):
        await saved.do("job.restore", job="later")


async def test_a_deleted_job_whose_name_is_taken_by_now_is_a_conflict(saved: Desk) -> None:
    nightly = await saved.ask("job.show", job="nightly")
    await saved.do("job.delete", job="nightly")
    await saved.do("job.save", spec=job("nightly"))
    with pytest.raises(Conflict, match="another job called nightly"):
        await saved.do("job.restore", job=nightly.id)
    await saved.do("job.save", spec=job("renamed"), job="nightly")
    assert (await saved.do("job.restore", job=nightly.id)).id == nightly.id


def test_deleting_a_job_is_taken_back_by_restoring_it() -> None:
    assert ACTIONS["job.delete"].undo == "job.restore"
