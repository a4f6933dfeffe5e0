"""What is told before many jobs are changed is what happens; tags are given and taken back."""

from typing import Any

import pytest

from tests.action.conftest import job
from watchkeeper.action.desk import Desk, LocalDesk
from watchkeeper.action.job_effect import Deed, Effect
from watchkeeper.model.errors import Conflict, Known, NotFound
from watchkeeper.model.job import Concurrency, Policy

SOON = {"every": "10m", "kind": "interval"}
DAILY = {"kind": "cron", "cron": "0 3 * * *", "zone": "UTC"}


async def told(desk: Desk, deed: Deed, *names: str, tag: str = "") -> Effect:
    (effect,) = await desk.ask("job.effect", jobs=names, deeds=(deed,), tag=tag)
    return effect


async def test_disabling_tells_which_fires_fall_away_and_what_goes_on(desk: Desk, local: LocalDesk) -> None:
    await local.do("job.save", spec=job("daily", triggers=[DAILY]))
    await local.do("job.save", spec=job("soon", triggers=[SOON]))
    await local.do("job.save", spec=job("hand"))
    await local.do("job.save", spec=job("off", triggers=[SOON], is_enabled=False))
    await local.do("run.start", job="soon")
    effect = await told(desk, Deed.DISABLE, "daily", "soon", "hand", "off")
    assert effect.jobs == ["daily", "soon", "hand"]
    assert (effect.fires, effect.live, effect.first_fires[0].job) == (2, 1, "soon")
    assert [(each.job, str(each.why)) for each in effect.skipped] == [("off", "it is disabled already")]
    assert list(map(str, effect.remarks)) == ["1 live run goes on to its end"]
    assert (await told(desk, Deed.ENABLE, "soon", "off")).jobs == ["off"]


async def test_running_tells_what_the_runs_of_now_mean_for_it(desk: Desk, local: LocalDesk) -> None:
    for policy in (Policy.QUEUE, Policy.FORBID, Policy.REPLACE, Policy.ALLOW):
        await local.do("job.save", spec=job(policy, concurrency=Concurrency(policy=policy)))
        await local.do("run.start", job=policy)
    await local.do("job.save", spec=job("off", is_enabled=False))
    effect = await told(desk, Deed.RUN, "queue", "forbid", "replace", "allow", "off")
    assert len(effect.jobs) == 5 and not effect.skipped and not effect.fires
    assert list(map(str, effect.remarks)) == [
        "1 waits until the run before it has ended",
        "1 has a run already: the new one is skipped",
        "1 has a run, which is stopped for the new one",
        "1 is disabled and runs this once",
    ]


async def test_deleting_spares_what_others_run_after_and_names_an_order_that_works(
    desk: Desk, local: LocalDesk
) -> None:
    after = {"kind": "after"}
    await local.do("job.save", spec=job("a"))
    await local.do("job.save", spec=job("b", triggers=[{**after, "after": "a"}]))
    await local.do("job.save", spec=job("c", triggers=[{**after, "after": "b"}]))
    spared = await told(desk, Deed.DELETE, "a", "b")
    assert [(each.job, str(each.why)) for each in spared.skipped] == [("a", "after it run b"), ("b", "after it run c")]
    effect = await told(desk, Deed.DELETE, "a", "b", "c")
    assert effect.jobs == ["c", "b", "a"]
    assert await desk.do_many("job.delete", [{"job": name} for name in effect.jobs]) == [None] * 3
    for name in reversed(effect.jobs):
        await desk.do("job.restore", job=name)
    assert [each.name for each in await desk.ask("job.list")] == ["a", "b", "c"]


async def test_a_tag_is_given_and_taken_back(desk: Desk, local: LocalDesk) -> None:
    saved = await local.do("job.save", spec=job("etl", tags=["nightly"]))
    tagged = await desk.do("job.tag", job="etl", tag="slow")
    assert (tagged.version, tagged.spec.tags) == (saved.version + 1, ("nightly", "slow"))
    assert (await told(desk, Deed.TAG, "etl", tag="slow")).jobs == []
    assert (await told(desk, Deed.UNTAG, "etl", tag="slow")).jobs == ["etl"]
    with pytest.raises(Conflict, match="etl has the tag slow already"):
        await desk.do("job.tag", job="etl", tag="slow")
    assert (await desk.do("job.untag", job="etl", tag="slow")).spec == saved.spec
    with pytest.raises(Conflict, match="etl does not have the tag slow"):
        await desk.do("job.untag", job="etl", tag="slow")


@pytest.mark.parametrize(
    ("given", "kind", "said"),
    [
        ({"jobs": ["nobody"]}, NotFound, "there is no job nobody"),
        ({"jobs": ["etl"], "deeds": ["burn"]}, Known, r"deeds\[0\]: "),
        ({"jobs": ["etl"] * 1_001}, Known, "jobs: "),
    ],
)
async def test_what_can_not_be_told_is_refused(
    desk: Desk, local: LocalDesk, given: dict[str, Any], kind: type[Known], said: str
) -> None:
    await local.do("job.save", spec=job("etl"))
    with pytest.raises(kind, match=f"^{said}"):
        await desk.ask("job.effect", **given)


@pytest.mark.parametrize("tag", ["a/b", " x", "\u202e", ""])
async def test_a_tag_that_misleads_is_refused_and_nothing_is_saved(desk: Desk, local: LocalDesk, tag: str) -> None:
    saved = await local.do("job.save", spec=job("etl"))
    with pytest.raises(Known):
        await desk.do("job.tag", job="etl", tag=tag)
    assert await desk.ask("job.show", job="etl") == saved
