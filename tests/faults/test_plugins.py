"""Fault 24: a plugin raises, hangs, floods, leaks, leaves and segfaults, while 200 runs a second of another go on."""

import time
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from tests.faults.site import Site, until

#: Jobs that do nothing once a second each.
JOBS = 200
#: Seconds for which they are watched after the last plugin has broken.
MORE = 2.0

NOOP = """
from watchkeeper.plugin import handler

@handler("calm.noop", title="Nothing")
async def noop(ctx) -> None: ...
"""
BREAKS = '''
"""Each breaks in a way of its own."""
import ctypes, os, time
from watchkeeper.plugin import Command, handler

@handler("wild.segfaults", title="x")
def segfaults(ctx): ctypes.string_at(0)

@handler("wild.raises", title="x")
def raises(ctx): raise KeyError("rows")

@handler("wild.hangs", title="x")
def hangs(ctx):
    while True:
        time.sleep(1)

@handler("wild.floods", title="x")
def floods(ctx): print("x" * 20_000_000)

@handler("wild.leaks", title="x")
def leaks(ctx):
    kept = []
    while True:
        kept.append(bytearray(1 << 24))

@handler("wild.leaves", title="x")
def leaves(ctx): os._exit(0)

@handler("wild.describes", title="x")
def describes(ctx) -> Command: ctypes.string_at(0)
'''
#: What becomes of each: its state, its exit code, and a word of its reason.
ENDINGS: dict[str, tuple[str, int | None, str]] = {
    "segfaults": ("FAILED", 139, "no answer"),
    "raises": ("FAILED", 84, "KeyError"),
    "hangs": ("TIMED_OUT", None, "hard timeout"),
    "floods": ("SUCCEEDED", 0, ""),
    "leaks": ("FAILED", 84, "MemoryError"),
    "leaves": ("FAILED", 0, "no answer"),
    "describes": ("FAILED", None, "SIGSEGV"),
}
SETTINGS = '[plugins]\nown = "plugins"\nmemory_mib = 256\n'


@pytest.fixture
def busy(make_site: Callable[..., Site]) -> Site:
    """An engine with both plugins and jobs that fire 200 times a second."""
    site = make_site(settings=SETTINGS)
    (site.home / "plugins" / "calm.py").write_text(NOOP)
    (site.home / "plugins" / "wild.py").write_text(BREAKS)
    site.start()
    calm = [
        {"name": f"calm {number}", "handler": "calm.noop", "triggers": [{"kind": "interval", "every": "1s"}]}
        for number in range(JOBS)
    ]
    wild = [
        {
            "name": name,
            "handler": f"wild.{name}",
            "retry": {"max_attempts": 1},
            "timeouts": {"hard": "1500ms", "grace": "100ms"} if name == "hangs" else {},
        }
        for name in ENDINGS
    ]
    site.do("jobs.apply", jobs=[*calm, *wild])
    return site


def test_whatever_a_plugin_does_no_run_of_another_is_disturbed(busy: Site) -> None:
    until(lambda: busy.rows("SELECT count(*) AS n FROM runs WHERE job_name LIKE 'calm%'")[0]["n"] > JOBS, "they run")
    begun_us = time.time_ns() // 1000
    ids = {name: busy.run(name).id for name in [*ENDINGS, "segfaults", "segfaults"]}
    (busy.home / "plugins" / "bad.py").write_text("import ctypes; ctypes.string_at(0)")
    for name, (state, code, reason) in ENDINGS.items():
        row = busy.ended(ids[name])
        assert (row["state"], row["exit_code"] if code is not None else None) == (state, code), dict(row)
        assert reason in (row["reason"] or ""), dict(row)
    until(lambda: _state(busy, "bad.py") == "broken", "the file that can't be imported is a row")
    ended_us = time.time_ns() // 1000 + int(MORE * 1e6)
    until(lambda: time.time_ns() // 1000 > ended_us, "some more seconds")
    calm = busy.rows(
        "SELECT trigger_id, nominal_at, started_at, ended_at, state, attempt FROM runs WHERE job_name LIKE 'calm%' "
        "AND nominal_at >= ? AND nominal_at < ? ORDER BY trigger_id, nominal_at",
        begun_us,
        ended_us - 1_000_000,
    )
    _require_undisturbed(calm, (ended_us - 1_000_000 - begun_us) / 1e6)
    assert all(row["state"] == "SUCCEEDED" and row["attempt"] == 1 for row in calm)


def _require_undisturbed(calm: list[Any], seconds: float) -> None:
    """Every trigger has fired every second, and what fired has ended."""
    assert len(calm) >= JOBS * (seconds - 1), f"{len(calm) / seconds:.0f} runs/s in {seconds:.1f} s"
    for one, next_one in pairwise(calm):
        if one["trigger_id"] == next_one["trigger_id"]:
            assert next_one["nominal_at"] - one["nominal_at"] == 1_000_000, "an instant was left out"
    late = sorted(row["ended_at"] - row["nominal_at"] for row in calm)
    assert late[len(late) // 2] < 1_000_000, f"{late[len(late) // 2] / 1e6:.2f} s late"


def _state(site: Site, name: str) -> str:
    return next((row.state for row in site.ask("plugin.list") if row.path.endswith(name)), "")
