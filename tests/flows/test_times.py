"""Triggers that are not a fixed rate."""

from datetime import UTC, datetime, timedelta

from tests.faults.site import Site, until

#: Seconds between the end of a run and the next start.
DELAY = 0.2
#: Of the kernel's clock: an ending that nobody saw is as old as a file that was written then, which is told in ticks.
TICK = 0.01


def test_a_fixed_delay_counts_from_the_end_of_the_run_before_also_over_a_restart(site: Site) -> None:
    trigger = {"kind": "interval", "every": "200ms", "pace": "fixed_delay"}
    site.save("paced", "sleep 0.2; note end", triggers=[trigger], retry={"max_attempts": 1})
    until(lambda: len(site.effects()) >= 3, "some runs")
    site.bury(site.victims[0])
    site.start()
    begun = len(site.effects())
    until(lambda: len(site.effects()) >= begun + 3, "runs after the restart")
    site.rest()
    starts, ends = site.effects("start"), site.effects("end")
    assert len(starts) == len(ends) == len({effect.execution_id for effect in starts})
    gaps = [start.at - end.at for end, start in zip(ends, starts[1:], strict=False)]
    assert min(gaps) >= DELAY - TICK, gaps


def test_once_fires_once_also_when_its_moment_passed_without_an_engine(site: Site) -> None:
    site.bury(site.victims[0])
    at = datetime.now(UTC) + timedelta(seconds=2)
    site.save("single", triggers=[{"kind": "once", "at": at.isoformat()}])
    until(lambda: datetime.now(UTC) > at, "the moment")
    for _life in range(3):
        site.start()
        (row,) = until(lambda: site.rows("SELECT id FROM runs"), "the fire")
        assert site.ended(row["id"])["state"] == "SUCCEEDED"
        site.victims[0].stop()
        site.bury(site.victims[0])
    assert len(site.effects()) == len(site.rows("SELECT * FROM runs")) == 1


def test_a_disabled_job_does_not_fire_and_owes_nothing_when_it_is_enabled(site: Site) -> None:
    site.save("steady", triggers=[{"kind": "interval", "every": "150ms"}])
    until(lambda: len(site.effects()) >= 2, "some runs")
    site.rest()
    before = site.rows("SELECT * FROM runs")
    site.save("clock")
    for _wait in range(10):
        site.ended(site.run("clock").id)
    assert len(site.rows("SELECT * FROM runs WHERE job_name = 'steady'")) == len(before)
    site.do("job.enable", job="steady")
    until(lambda: len(site.rows("SELECT * FROM runs WHERE job_name = 'steady'")) > len(before), "the next run")
    assert not site.rows("SELECT * FROM runs WHERE state = 'MISSED'")
