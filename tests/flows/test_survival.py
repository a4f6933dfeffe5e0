"""Runs outlive the engine that started them."""

from tests.faults.site import HOLD, Site, until

#: Lines with bytes that are no UTF-8, before and after the wait.
LINES = f"""
talk() {{ i=0; while [ $i -lt 500 ]; do printf '%s %d \\377\\000\\n' "$1" $i; i=$((i+1)); done; }}
talk before
note ready
{HOLD}
talk after
echo "rows=7" >> "$WATCHKEEPER_OUTPUT"
"""


def expected() -> bytes:
    return b"".join(b"%s %d \xff\x00\n" % (word, number) for word in (b"before", b"after") for number in range(500))


def test_a_run_is_found_again_after_the_engine_was_killed_with_its_whole_log(site: Site) -> None:
    site.save("talker", LINES)
    run = site.run("talker")
    until(lambda: site.noted(run.id, "ready"), "the first half")
    site.reaches(run.id, "RUNNING")
    pid = site.payload(run.id)
    site.bury(site.victims[0])
    site.start()
    site.reaches(run.id, "RUNNING")
    assert site.log(run.id) == expected()[: len(expected().partition(b"after")[0])], "the log can be read while it runs"
    site.release(run.id)
    row = site.ended(run.id)
    assert (row["state"], row["attempt"], row["exit_code"]) == ("SUCCEEDED", 1, 0)
    assert row["outputs"] == '{"rows":"7"}'
    assert row["log_size"] == len(expected())
    assert site.log(run.id) == expected()
    until(lambda: not site.rows("SELECT * FROM shelf"), "the log's way into the workspace")
    assert site.log(run.id) == expected()
    assert [(effect.attempt, effect.pid) for effect in site.effects()] == [(1, pid)]


def test_a_run_that_ends_while_no_engine_lives_has_the_ending_of_that_moment(site: Site) -> None:
    site.save("lonely", f"{HOLD}; note end; exit 5", retry={"max_attempts": 1})
    run = site.run("lonely")
    site.payload(run.id)
    site.bury(site.victims[0])
    site.release(run.id)
    exit_code = site.run_folder(run.id) / "rc"
    until(exit_code.exists, "the end")
    ended_at = exit_code.stat().st_mtime
    site.start()
    row = site.ended(run.id)
    assert (row["state"], row["exit_code"]) == ("FAILED", 5)
    assert abs(row["ended_at"] / 1e6 - ended_at) < 0.001
    assert site.noted(run.id) == [1]


def test_a_timeout_holds_while_no_engine_lives(site: Site) -> None:
    site.save("endless", "note ready; sleep 600", timeouts={"hard": "1s"}, retry={"max_attempts": 1})
    run = site.run("endless")
    until(lambda: site.noted(run.id, "ready"), "the start")
    site.bury(site.victims[0])
    until(lambda: not site.processes(), "the host's own kill")
    site.start()
    row = site.ended(run.id)
    assert row["state"] == "TIMED_OUT"
    assert "hard timeout" in row["reason"]


def test_an_engine_that_is_asked_to_stop_leaves_its_runs_to_the_next(site: Site) -> None:
    site.save("waits", f"{HOLD}; note end")
    run = site.run("waits")
    site.payload(run.id)
    assert site.victims[0].stop() == 0
    site.start()
    site.release(run.id)
    assert site.ended(run.id)["state"] == "SUCCEEDED"
    assert site.noted(run.id) == site.noted(run.id, "end") == [1]


def test_a_wish_to_stop_is_carried_out_by_the_next_engine(site: Site) -> None:
    site.save("waits", HOLD)
    run = site.run("waits")
    site.payload(run.id)
    site.bury(site.victims[0])
    site.do("run.cancel", run=run.id)
    site.start()
    row = site.ended(run.id)
    assert row["state"] == "CANCELLED"
    assert site.processes() == []
