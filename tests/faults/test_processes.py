"""What processes may do to us: keepers, wrappers and payloads are killed, the machine restarts, descriptors run out."""

import os
import signal
from collections.abc import Callable
from typing import Any

from tests.faults.site import HOLD, Site, proof_of, until
from tests.processes import is_alive

WAIT = f"echo begun; {HOLD}; note end; echo done"
#: A retry at once.
AGAIN = {"delay": "50ms"}


def begun(site: Site, **more: Any) -> Any:
    """A run whose payload has begun and waits to be released."""
    site.save("waits", WAIT, **more)
    run = site.run("waits")
    site.payload(run.id)
    return run


def test_a_killed_keeper_ends_no_run(site: Site) -> None:
    site.start()
    run = begun(site)
    site.kill_keepers()
    site.release(run.id)
    row = site.ended(run.id)
    assert (row["state"], row["exit_code"]) == ("SUCCEEDED", 0)
    assert site.log(run.id) == b"begun\ndone\n"
    assert site.noted(run.id) == site.noted(run.id, "end") == [1]


def test_engine_and_keeper_killed_together_lose_nothing(site: Site) -> None:
    engine = site.start()
    run = begun(site)
    engine.kill()
    site.kill_keepers()
    site.release(run.id)
    site.start()
    row = site.ended(run.id)
    assert (row["state"], row["exit_code"], row["attempt"]) == ("SUCCEEDED", 0, 1)
    assert site.log(run.id) == b"begun\ndone\n"
    assert site.noted(run.id) == [1]


def test_a_run_whose_wrapper_was_killed_is_unknown_and_is_not_run_again(site: Site) -> None:
    engine = site.start()
    site.save("waits", WAIT)
    run, next_run = site.run("waits"), site.run("waits")
    payload = site.payload(run.id)
    os.kill(site.wrapper(run.id), signal.SIGKILL)
    site.reaches(run.id, "UNKNOWN")
    engine.stop()
    site.start()
    assert site.state(run.id) == "UNKNOWN"
    assert site.state(next_run.id) == "QUEUED", "an unknown run holds its key"
    site.release(run.id, next_run.id)
    until(lambda: not is_alive(payload), "the payload's own end")
    site.do("run.resolve", run=run.id, state="SUCCEEDED", reason="I looked")
    assert site.ended(next_run.id)["state"] == "SUCCEEDED"
    assert site.noted(run.id) == site.noted(next_run.id) == [1]


def test_a_killed_payload_is_a_failure_that_is_tried_again(site: Site) -> None:
    site.start()
    site.save("waits", WAIT, retry=AGAIN)
    run = site.run("waits")
    os.kill(site.payload(run.id), signal.SIGKILL)
    site.release(run.id)
    assert site.ended(run.id)["state"] == "SUCCEEDED"
    assert site.noted(run.id) == [1, 2]
    first = site.rows("SELECT * FROM attempts WHERE run_id = ?", run.id)
    assert [(row["number"], row["exit_code"]) for row in first] == [(1, 128 + signal.SIGKILL)]


def test_a_keeper_that_hangs_delays_runs_and_doubles_none(site: Site) -> None:
    site.start()
    site.save("plain", "echo x", concurrency={"policy": "allow"})
    site.ended(site.run("plain").id)
    (keeper,) = site.keepers()
    os.kill(keeper, signal.SIGSTOP)
    runs = [site.run("plain").id for _ in range(5)]
    until(lambda: {site.state(run) for run in runs} == {"DISPATCHING"}, "the intents")
    os.kill(keeper, signal.SIGCONT)
    assert {site.ended(run)["state"] for run in runs} == {"SUCCEEDED"}
    assert [site.noted(run) for run in runs] == [[1]] * 5


def test_a_wish_to_stop_while_the_keeper_is_gone_is_carried_out_when_it_is_back(site: Site) -> None:
    site.start()
    run = begun(site, timeouts={"grace": "200ms"})
    site.kill_keepers()
    site.do("run.cancel", run=run.id)
    assert site.ended(run.id)["state"] == "CANCELLED"
    assert site.processes() == []


def restart_machine(site: Site) -> None:
    """Everything dies; the next keeper stands on another boot id."""
    for victim in list(site.victims):
        site.bury(victim)
    site.kill_keepers()
    site.kill_runs()
    site.start(keeper_options=("--boot-id", "another"))


def test_a_run_that_a_reboot_cut_is_unknown(site: Site) -> None:
    site.start()
    run = begun(site)
    restart_machine(site)
    site.reaches(run.id, "UNKNOWN")
    assert site.noted(run.id) == [1]


def test_a_run_that_a_reboot_cut_is_tried_again_when_its_job_says_so(site: Site) -> None:
    site.start()
    run = begun(site, on_unknown="retry", is_idempotent=True, retry=AGAIN)
    restart_machine(site)
    until(lambda: site.noted(run.id) == [1, 2], "the second attempt")
    site.release(run.id)
    assert site.ended(run.id)["state"] == "SUCCEEDED"


def test_an_intent_before_a_reboot_proves_nothing_after_it(site: Site) -> None:
    engine = site.start(point="before-host-start")
    site.save("plain")
    run = site.run("plain")
    assert engine.exit_code() is None
    restart_machine(site)
    site.reaches(run.id, "UNKNOWN")
    assert site.noted(run.id) == []


def test_an_intent_without_a_reboot_is_carried_out_as_the_same_attempt(site: Site) -> None:
    engine = site.start(point="before-host-start")
    site.save("plain")
    run = site.run("plain")
    assert engine.exit_code() is None
    site.start()
    assert site.ended(run.id)["attempt"] == 1
    assert site.noted(run.id) == [1]


def test_without_descriptors_runs_wait_and_then_succeed(make_site: Callable[..., Site]) -> None:
    site = make_site(settings="engine.local_slots = 60")
    site.start(files=100)
    site.save("brief", "sleep 0.5", concurrency={"policy": "allow"})
    runs = [site.run("brief") for _ in range(20)]
    assert {site.ended(run.id)["state"] for run in runs} == {"SUCCEEDED"}
    assert all(site.noted(run.id) == [1] for run in runs)
    assert site.events().count("brief queued, attempt 1") > len(runs), "the keeper had descriptors for all"


STUBBORN = """
trap '' TERM
sh -c 'trap "" TERM; while :; do sleep 0.2; done' &
setsid sh -c 'trap "" TERM; while :; do sleep 0.2; done' &
note ready
while :; do sleep 0.2; done
"""


def test_a_payload_that_ignores_term_and_forks_and_flees_is_gone_to_the_last_process(site: Site) -> None:
    site.start()
    site.save("stubborn", STUBBORN, timeouts={"grace": "300ms"})
    run = site.run("stubborn")
    until(lambda: site.noted(run.id, "ready"), "the payload's start")
    site.do("run.cancel", run=run.id)
    row = site.ended(run.id)
    assert row["state"] == "CANCELLED"
    assert site.processes() == []
    found, gone = proof_of(row["reason"])
    assert found == gone >= 3
