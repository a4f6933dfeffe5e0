"""Runs that do not end by themselves."""

import pytest

from tests.faults.site import Site, proof_of, until

#: Three processes of which two have left the group.
FLEEING = "setsid sleep 600 & setsid sleep 600 & note ready; wait; sleep 600"


@pytest.mark.parametrize(
    ("limit", "word"), [("silence", "it was silent for too long"), ("soft", "soft timeout"), ("hard", "hard timeout")]
)
def test_a_limit_ends_the_run_and_says_which(site: Site, limit: str, word: str) -> None:
    site.save("slow", f"echo x; {FLEEING}", timeouts={limit: "500ms", "grace": "300ms"}, retry={"max_attempts": 1})
    row = site.ended(site.run("slow").id)
    assert row["state"] == "TIMED_OUT"
    assert word in row["reason"]
    assert site.processes() == []


def test_output_keeps_the_silence_away(site: Site) -> None:
    body = "for i in 1 2 3 4 5 6 7 8 9; do sleep 0.4; echo $i; done"
    site.save("talks", body, timeouts={"silence": "3s"}, retry={"max_attempts": 1})
    assert site.ended(site.run("talks").id)["state"] == "SUCCEEDED"


def test_a_timeout_is_tried_again_by_policy(site: Site) -> None:
    body = '[ "$WATCHKEEPER_ATTEMPT" -ge 2 ] || sleep 600'
    site.save("stuck", body, timeouts={"hard": "500ms"}, retry={"delay": "50ms", "retry_on": ["timeout"]})
    run = site.run("stuck")
    assert site.ended(run.id)["state"] == "SUCCEEDED"
    assert site.noted(run.id) == [1, 2]


def test_a_cancel_reaches_a_setsid_grandchild_and_says_the_proof(site: Site) -> None:
    site.save("fleeing", FLEEING)
    run = site.run("fleeing")
    until(lambda: site.noted(run.id, "ready"), "the start")
    site.do("run.cancel", run=run.id)
    row = site.ended(run.id)
    found, gone = proof_of(row["reason"])
    assert (row["state"], site.processes()) == ("CANCELLED", [])
    assert found == gone >= 3
    detail = site.ask("run.show", run=run.id)
    assert f"{gone} of {found} gone" in str(detail.run.reason)


def test_a_cancelled_run_is_not_tried_again_and_stands_in_the_audit_trail(site: Site) -> None:
    site.save("waits", "sleep 600", retry={"delay": "0s"})
    run = site.run("waits")
    site.payload(run.id)
    site.do("run.cancel", run=run.id)
    assert site.ended(run.id)["state"] == "CANCELLED"
    assert site.noted(run.id) == [1]
    assert site.ask("audit.list")[0].action == "run.cancel"


def test_a_run_that_waits_for_its_retry_can_be_cancelled(site: Site) -> None:
    site.save("failing", "exit 1", retry={"delay": "1h"})
    run = site.run("failing")
    site.reaches(run.id, "WAITING")
    site.do("run.cancel", run=run.id)
    row = site.ended(run.id)
    assert (row["state"], site.noted(run.id)) == ("CANCELLED", [1])
