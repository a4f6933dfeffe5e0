"""Who runs, who waits and who is skipped: policies, keys, pools, priorities, and patience in the queue."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from tests.faults.site import HOLD, Site, until


def started(site: Site, *run_ids: str) -> None:
    """Return once all of these payloads have begun."""
    until(lambda: set(run_ids) <= {effect.execution_id for effect in site.effects()}, f"the start of {run_ids}")


def order(site: Site) -> list[str]:
    """The runs in the order of their starts."""
    return [effect.execution_id for effect in site.effects()]


def parked(site: Site, run_id: str) -> Any:
    """Why a run waits, once the engine has found that it must."""
    return until(lambda: (found := site.ask("run.why", run=run_id)).blocker and found, f"{run_id} in the queue")


def test_queue_lets_one_run_at_a_time_and_says_who_is_in_the_way(site: Site) -> None:
    site.save("queued", f"{HOLD}; note end")
    first, second, third = (site.run("queued").id for _ in range(3))
    started(site, first)
    why = parked(site, second)
    assert (why.blocker, why.blocker_id) == ("run", first)
    assert order(site) == [first]
    site.release(first, second, third)
    assert {site.ended(run)["state"] for run in (first, second, third)} == {"SUCCEEDED"}
    assert order(site) == [first, second, third]
    lines = [(effect.what, effect.execution_id) for effect in sorted(site.effects() + site.effects("end"), key=at)]
    assert [what for what, _run in lines] == ["start", "end"] * 3


def at(effect: Any) -> float:
    return float(effect.at)


def test_queue_skips_what_finds_it_full(site: Site) -> None:
    site.save("short", HOLD, concurrency={"policy": "queue", "max_waiting": 1})
    first, second = site.run("short").id, site.run("short").id
    started(site, first)
    row = site.ended(site.run("short").id)
    assert (row["state"], "waiting already" in row["reason"]) == ("SKIPPED", True)
    site.release(first, second)
    assert site.ended(second)["state"] == "SUCCEEDED"
    assert order(site) == [first, second]


def test_forbid_skips_the_second(site: Site) -> None:
    site.save("alone", HOLD, concurrency={"policy": "forbid"})
    first = site.run("alone").id
    started(site, first)
    row = site.ended(site.run("alone").id)
    assert (row["state"], "was live" in row["reason"]) == ("SKIPPED", True)
    site.release(first)
    assert site.ended(first)["state"] == "SUCCEEDED"
    assert order(site) == [first]


def test_replace_stops_the_first_and_starts_when_it_has_ended(site: Site) -> None:
    site.save("newest", f"{HOLD}; note end", concurrency={"policy": "replace"}, timeouts={"grace": "200ms"})
    first = site.run("newest").id
    started(site, first)
    second = site.run("newest").id
    assert site.ended(first)["state"] == "CANCELLED"
    started(site, second)
    assert site.row(second)["started_at"] >= site.row(first)["ended_at"]
    site.release(first, second)
    assert site.ended(second)["state"] == "SUCCEEDED"
    assert site.noted(first, "end") == []


def test_coalesce_keeps_one_waiting(site: Site) -> None:
    site.save("merged", HOLD, concurrency={"policy": "coalesce"})
    first = site.run("merged").id
    started(site, first)
    second = site.run("merged").id
    parked(site, second)
    assert site.ended(site.run("merged").id)["state"] == "SKIPPED"
    site.release(first, second)
    assert site.ended(second)["state"] == "SUCCEEDED"
    assert order(site) == [first, second]


def test_a_retry_keeps_its_key(site: Site) -> None:
    site.save("keyed", '[ "$WATCHKEEPER_ATTEMPT" -ge 2 ]', retry={"delay": "500ms"})
    first, second = site.run("keyed").id, site.run("keyed").id
    assert {site.ended(run)["state"] for run in (first, second)} == {"SUCCEEDED"}
    assert order(site) == [first, first, second, second]


def test_runs_with_different_keys_do_not_wait_for_each_other(site: Site) -> None:
    site.save("by-customer", HOLD, key="customer:${{ params.stdin }}")
    one, other, same = (site.run("by-customer", params={"stdin": name}).id for name in ("a", "b", "a"))
    started(site, one, other)
    assert parked(site, same).blocker_id == one
    site.release(one, other, same)
    assert site.ended(same)["state"] == "SUCCEEDED"


def test_a_pool_of_two_lets_two_of_five_jobs_run(site: Site) -> None:
    site.do("pool.save", name="narrow", size=2)
    for number in range(5):
        site.save(f"job{number}", f"{HOLD}; note end", pool="narrow")
    waiting = [site.run(f"job{number}").id for number in range(5)]
    for done in range(5):
        live = until(partial(in_pool, site, min(2, 5 - done)), "two in the pool")
        if done < 3:
            assert parked(site, next(run for run in waiting if run not in order(site))).blocker == "pool"
        assert len(order(site)) == min(5, done + 2)
        site.release(live[0])
        site.ended(live[0])
    assert sorted(order(site)) == sorted(waiting)


def in_pool(site: Site, size: int) -> list[str]:
    """The runs that have begun and not ended, when they are so many."""
    ended = {effect.execution_id for effect in site.effects("end")}
    live = [run for run in order(site) if run not in ended]
    return live if len(live) == size else []


def test_a_bigger_pool_lets_those_run_that_wait(site: Site) -> None:
    site.do("pool.save", name="narrow", size=0)
    site.save("pooled", pool="narrow")
    run = site.run("pooled").id
    assert parked(site, run).blocker == "pool"
    site.do("pool.save", name="narrow", size=1)
    assert site.ended(run)["state"] == "SUCCEEDED"


def test_the_higher_priority_goes_first(make_site: Callable[..., Site]) -> None:
    site = make_site("engine.local_slots = 1")
    site.save("blocker", HOLD)
    blocker = site.run("blocker").id
    started(site, blocker)
    runs = {}
    for priority in (1, 9, 5):
        site.save(f"p{priority}", priority=priority)
        runs[priority] = site.run(f"p{priority}").id
        assert parked(site, runs[priority]).blocker == "slots"
    site.release(blocker)
    for run in runs.values():
        site.ended(run)
    assert order(site) == [blocker, runs[9], runs[5], runs[1]]


@pytest.mark.parametrize("is_restarted", [False, True])
def test_who_waits_too_long_in_the_queue_expires(site: Site, is_restarted: bool) -> None:
    site.save("impatient", HOLD, timeouts={"queue": "2s"})
    first, second = site.run("impatient").id, site.run("impatient").id
    started(site, first)
    if is_restarted:
        site.bury(site.victims[0])
        site.start()
    row = site.ended(second)
    assert (row["state"], row["started_at"]) == ("EXPIRED", None)
    assert "waited in the queue" in row["reason"]
    site.release(first)
    assert site.ended(first)["state"] == "SUCCEEDED"
    assert order(site) == [first]
