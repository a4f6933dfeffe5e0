"""One job from its trigger to its ending, and what is left of it to read."""

from datetime import UTC, datetime, timedelta

from tests.faults.site import HOLD, Site, until

FLAKY = """
echo "attempt $WATCHKEEPER_ATTEMPT"
echo "rows=$((WATCHKEEPER_ATTEMPT * 10))" >> "$WATCHKEEPER_OUTPUT"
[ "$WATCHKEEPER_ATTEMPT" -ge 3 ] || exit 4
"""


def soon(seconds: float) -> str:
    """A moment that is still to come when the job has been saved."""
    return (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat()


def test_a_trigger_makes_a_run_that_is_tried_again_and_ends_and_can_be_read(site: Site) -> None:
    at = soon(2)
    site.save("flaky", FLAKY, triggers=[{"kind": "once", "at": at}], retry={"delay": "50ms"})
    fired = until(lambda: site.rows("SELECT id FROM runs"), "the trigger's fire")
    row = site.ended(fired[0]["id"])
    detail = site.ask("run.show", run=row["id"])
    assert (detail.run.state, detail.run.attempt, detail.run.exit_code) == ("SUCCEEDED", 3, 0)
    assert detail.run.outputs == {"rows": "30"}
    assert detail.run.origin == "fire"
    assert detail.run.nominal_at == datetime.fromisoformat(at)
    assert [(attempt.number, attempt.exit_code) for attempt in detail.attempts] == [(1, 4), (2, 4)]
    assert [site.log(row["id"], attempt) for attempt in (1, 2, 3)] == [b"attempt 1\n", b"attempt 2\n", b"attempt 3\n"]
    assert site.noted(detail.run.execution_id) == [1, 2, 3]
    assert site.notices() == []


def test_what_people_did_stands_in_the_audit_trail_and_what_the_scheduler_did_does_not(site: Site) -> None:
    site.save("plain", triggers=[{"kind": "once", "at": soon(2)}])
    site.ended(until(lambda: site.rows("SELECT id FROM runs"), "the trigger's fire")[0]["id"])
    run = site.run("plain")
    site.ended(run.id)
    trail = [(entry.action, entry.object, entry.outcome) for entry in site.ask("audit.list")]
    assert trail == [("run.start", "plain", "ok"), ("job.save", "plain", "ok")]
    assert site.ask("audit.list")[0].detail["run"] == run.id


def test_a_failure_that_stays_is_told_once(site: Site) -> None:
    site.save("failing", "exit 9", retry={"max_attempts": 2, "delay": "50ms"})
    run = site.run("failing")
    row = site.ended(run.id)
    assert (row["state"], row["attempt"], row["exit_code"]) == ("FAILED", 2, 9)
    told = until(site.notices, "the notice")
    assert [(notice["run_id"], notice["state"]) for notice in told] == [(run.id, "FAILED")]


def test_an_exit_code_that_is_not_to_be_retried_ends_the_run(site: Site) -> None:
    site.save("picky", "exit 9", retry={"max_attempts": 5, "delay": "50ms", "no_retry_on": [9]})
    run = site.run("picky")
    assert site.ended(run.id)["state"] == "FAILED"
    assert site.noted(run.id) == [1]


def test_a_warning_exit_code_is_a_success_with_a_warning(site: Site) -> None:
    spec = site.spec("warned", "exit 24")
    site.do("job.save", spec={**spec, "params": {**spec["params"], "warning": [24]}})
    row = site.ended(site.run("warned").id)
    assert (row["state"], row["has_warning"], row["exit_code"]) == ("SUCCEEDED", 1, 24)


def test_a_run_keeps_the_version_of_its_job_through_its_retries(site: Site) -> None:
    first = site.save("changing", f'note old; {HOLD}; [ "$WATCHKEEPER_ATTEMPT" -ge 2 ]', retry={"delay": "50ms"})
    run = site.run("changing")
    until(lambda: site.noted(run.id, "old"), "the first attempt")
    second = site.save("changing", "note new")
    assert (first.version, second.version) == (1, 2)
    site.release(run.id)
    row = site.ended(run.id)
    assert (row["state"], row["job_version"]) == ("SUCCEEDED", 1)
    assert site.noted(run.id, "old") == [1, 2]
    later = site.run("changing")
    assert site.ended(later.id)["job_version"] == 2
    assert site.noted(later.id, "new") == [1]


def test_a_rerun_is_a_new_run_of_the_job_as_it_is_now(site: Site) -> None:
    site.save("again", "exit 1", retry={"max_attempts": 1})
    failed = site.run("again")
    site.ended(failed.id)
    site.save("again")
    rerun = site.do("run.rerun", run=failed.id)
    row = site.ended(rerun.id)
    assert (row["state"], row["rerun_of"], row["origin"]) == ("SUCCEEDED", failed.id, "rerun")
    assert site.state(failed.id) == "FAILED"
