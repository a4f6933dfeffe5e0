"""Jobs of the handlers `python` and `wait` on a real engine."""

import json
from pathlib import Path
from typing import Any

from tests.faults.site import Site, until

MODULE = """
import sys

def build(day, parts):
    print("building", day)
    return {"day": day, "parts": parts, "names": ["a", "b"], "major": sys.version_info[0]}

def broken():
    raise LookupError("no such day")
"""


def test_what_a_python_function_returns_are_the_outputs_of_the_run(site: Site, tmp_path: Path) -> None:
    (tmp_path / "reports.py").write_text(MODULE)
    kwargs = {"day": "2026-03-29", "parts": 3}
    run = _run(site, "python", {"function": "reports:build", "kwargs": kwargs}, cwd=str(tmp_path))
    row = site.ended(run.id)
    assert (row["state"], row["exit_code"]) == ("SUCCEEDED", 0)
    assert json.loads(row["outputs"]) == {**kwargs, "names": ["a", "b"], "major": 3}
    assert site.log(run.id) == b"building 2026-03-29\n"


def test_the_last_line_of_a_traceback_is_the_reason_and_the_exit_code_is_kept(site: Site, tmp_path: Path) -> None:
    (tmp_path / "reports.py").write_text(MODULE)
    site.do("job.save", spec=_spec("broken", "python", {"function": "reports:broken"}, cwd=str(tmp_path)))
    leaving = {"script": "import sys; sys.exit(7)"}
    site.do("job.save", spec=_spec("leaves", "python", leaving, retry={"retry_on": [8]}))
    broken, leaves = (site.ended(site.run(name).id) for name in ("broken", "leaves"))
    assert (broken["state"], broken["exit_code"]) == ("FAILED", 1)
    assert "LookupError: no such day" in broken["reason"]
    assert (leaves["state"], leaves["exit_code"], leaves["attempt"]) == ("FAILED", 7, 1)


def test_a_wait_is_cancelled_in_the_middle_and_has_taken_no_slot_of_the_processes(site: Site) -> None:
    run = _run(site, "wait", {"span": "1h"})
    site.reaches(run.id, "RUNNING")
    slots = {place.place: place.used for place in site.ask("engine.status").slots}
    assert slots == {"local": 0, "inside": 1}
    site.do("run.cancel", run=run.id)
    row = site.ended(run.id)
    assert row["state"] == "CANCELLED"
    assert (row["ended_at"] - row["cancel_requested_at"]) / 1e6 < 5
    assert b"waiting until" in site.log(run.id)


def test_a_wait_goes_on_after_the_engines_death_and_ends_when_it_would_have(site: Site) -> None:
    run = _run(site, "wait", {"span": "4s"})
    site.reaches(run.id, "RUNNING")
    site.victims[-1].kill()
    site.start()
    row = site.ended(run.id)
    assert (row["state"], row["attempt"]) == ("SUCCEEDED", 1)
    assert json.loads(row["outputs"])["waited_s"] >= 4
    until(lambda: not site.live(), "nothing else lives")


def _run(site: Site, handler: str, params: dict[str, Any], **more: Any) -> Any:
    site.do("job.save", spec=_spec("job", handler, params, **more))
    return site.run("job")


def _spec(name: str, handler: str, params: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"name": name, "handler": handler, "params": params, "retry": {"max_attempts": 1}, **more}
