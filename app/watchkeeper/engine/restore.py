"""Brings a copy of the store back so that nothing is run again: paused, in doubt, ahead of every earlier engine.

Decision: all of it is done to a copy beside the store, which then takes its place at once.
Question: what may a store from yesterday do that has forgotten what ran since?
Why: a run that it thinks live or waiting may have run and been cleared away, so no absence proves anything. Where the
store that is replaced is sound it tells what became of the run (see store/testimony.py), and what had not started then
waits for a person's word; else it is UNKNOWN until its host tells more or a person does. Occurrences since then are one
MISSED row a trigger.
Alternatives: to start what waited (runs it twice), to end it as cancelled (says that it did not run).
State: in force. A caller's execution id that was first given after the backup is not known any more.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from watchkeeper.engine.fire import missed_row
from watchkeeper.engine.misfire import Due, due_between
from watchkeeper.hosts.keys import attempt_key
from watchkeeper.hosts.strangers import strangers
from watchkeeper.model.backup import Backup, Restored, Stranger
from watchkeeper.model.codec import plain
from watchkeeper.model.days import opened
from watchkeeper.model.errors import Conflict
from watchkeeper.model.instant import from_us, span_us
from watchkeeper.model.run import State
from watchkeeper.model.schedule import Calendars, next_after
from watchkeeper.model.span import Span
from watchkeeper.model.text import Text, _
from watchkeeper.model.trigger import ByClock, Interval, Misfire, Pace
from watchkeeper.store import audit, backup, jobs, pause, runs, schema, shelf, testimony, triggers
from watchkeeper.store import calendars as saved_calendars
from watchkeeper.store import restore as copies
from watchkeeper.store.driver import url_of
from watchkeeper.store.moves import STATEMENTS, NewRun
from watchkeeper.store.restore import Standing
from watchkeeper.store.store import Store
from watchkeeper.store.testimony import Testimony
from watchkeeper.store.triggers import Armed
from watchkeeper.store.tx import Tx

_MOMENT = timedelta(microseconds=1)

#: Strangers that are written down one by one.
MOST_NAMED = 1_000


async def restore(database: Path, copy: Path, host_root: Path, actor: str) -> Restored:
    """Let the store be what `copy` holds; for whoever holds `engine.lock`. Known when the copy can't be taken."""
    made = await asyncio.to_thread(backup.inspected, copy)
    schema.refuse_newer(made.schema, made.file)
    copies.clear(database)
    before = await asyncio.to_thread(copies.standing, database)
    if before is not None and before.workspace != made.workspace:
        raise Conflict(
            _(
                "{file} is of another workspace ({id}): give it a place of its own with --home",
                file=made.file,
                id=made.workspace,
            )
        )
    prepared = await asyncio.to_thread(copies.draw, copy, database)
    try:
        await asyncio.to_thread(schema.migrate, url_of(prepared))
        restored = await _settled(prepared, made, Replaced(database, before), host_root, actor)
        kept = await asyncio.to_thread(copies.put_back, prepared, database, restored.at)
    finally:
        copies.discard(prepared)
    return Restored(made, None if kept is None else str(kept), *restored.counts, restored.strangers)


class Replaced(NamedTuple):
    """The store that was there, and what it says of itself."""

    database: Path
    standing: Standing | None


class _Settled(NamedTuple):
    at: datetime
    #: Runs in doubt, runs that wait, occurrences missed.
    counts: tuple[int, int, int]
    strangers: list[Stranger]


async def _settled(prepared: Path, made: Backup, before: Replaced, host_root: Path, actor: str) -> _Settled:
    store = await Store.open(prepared)
    try:
        copied = await store.read(lambda tx: testimony.copied(tx, runs.live(tx)))
        said = await asyncio.to_thread(testimony.heard, before.database, copied)
        await store.write(lambda tx: _judge(tx, made, said))
        known = await store.read(lambda tx: _keys(tx, made.workspace))
        left = await asyncio.to_thread(strangers, host_root, made.workspace, known)
        found = await store.write(lambda tx: _come_to_later_attempts(tx, made.workspace, left))
        return await store.write(lambda tx: _settle(tx, made, before.standing, found, actor))
    finally:
        await store.close()


def _judge(tx: Tx, made: Backup, said: Testimony) -> None:
    """Let every run that was live be what the replaced store proves it to be, and the others be in doubt."""
    copies.doubt(
        tx, _("restored from a backup of {at}: whether it has run or ended since then is not known", at=_at(made))
    )
    testimony.take(tx, said)
    copies.withhold(tx, said.outbox)


def _come_to_later_attempts(tx: Tx, workspace: str, left: Iterable[Stranger]) -> list[Stranger]:
    """Let runs in doubt stand at the attempt that a host has, so that it is asked for that; what is of no such run."""
    doubted = {_of_run(attempt_key(workspace, run.execution_id, 1)): run.id for run in runs.live(tx)}
    for key in (each.key for each in left if _of_run(each.key) in doubted):
        copies.come_to_attempt(tx, doubted[_of_run(key)], int(key.rpartition(".")[2]))
    return [each for each in left if _of_run(each.key) not in doubted]


def _of_run(key: str) -> str:
    return key.rpartition(".")[0]


def _keys(tx: Tx, workspace: str) -> set[str]:
    """The keys of all directories that hosts may still have, as far as this store knows."""
    live = {attempt_key(workspace, run.execution_id, run.attempt) for run in runs.live(tx)}
    return live | {row.key for row in shelf.waiting(tx, 1_000_000)}


def _settle(tx: Tx, made: Backup, before: Standing | None, found: list[Stranger], actor: str) -> _Settled:
    made_at = _at(made)
    states = Counter(run.state for run in runs.live(tx))
    held = states[State.QUEUED] + states[State.WAITING]
    copies.go_on_numbering(tx, before.number if before else None)
    missed = _pass_over(tx, _("restored from a backup of {at}: what ran since then is not known", at=made_at))
    copies.outrank(tx, before.epoch if before else 0)
    pause.pause(
        tx,
        _("restored from a backup of {at}: see what became of its runs before you resume", at=made_at),
        actor,
        holds_before=tx.now,
    )
    copies.note(tx, made.made_at)
    detail = {
        "made_at": made.made_at,
        "sha256": made.sha256,
        "unknown": states[State.UNKNOWN],
        "held": held,
        "missed": missed,
        "strangers": plain(found[:MOST_NAMED]),
    }
    audit.record(tx, actor, "workspace.restore", made.file, "ok", detail)
    return _Settled(tx.now, (states[State.UNKNOWN], held, missed), found)


def _at(made: Backup) -> str:
    return f"{made.made_at:%Y-%m-%d %H:%M:%S} UTC"


def _pass_over(tx: Tx, reason: Text) -> int:
    """Record what every trigger missed until now, and let none fire for it; how many occurrences."""
    armed, calendars = triggers.armed(tx), opened(saved_calendars.all(tx))
    by_id = {job.id: job for job in jobs.many(tx, list({each.job_id for each in armed}))}
    gaps = [(each, due) for each in armed if (due := _gap(each, tx.now, calendars)).missed_count]
    rows = [missed_row(each.id, by_id[each.job_id], due, tx.now_us, reason) for each, due in gaps]
    tx.run_many(STATEMENTS[NewRun], [row._asdict() for row in rows])
    copies.pass_over(tx, _next_of_fixed_delays(armed, tx.now_us))
    return sum(row.missed_count for row in rows)


def _gap(armed: Armed, now: datetime, calendars: Calendars) -> Due:
    """All occurrences after the cursor and until now, as missed."""
    if armed.next_us is not None:
        moment = from_us(armed.next_us)
        return Due((), moment, moment, 1) if moment <= now else Due()
    first = next_after(armed.trigger, from_us(armed.cursor_us), calendars)
    if first is None or first > now or not isinstance(armed.trigger, ByClock):
        return Due()
    strict: Any = msgspec.structs.replace(armed.trigger, misfire=Misfire.SKIP, grace=Span(0))
    return due_between(strict, first, now + _MOMENT, calendars)


def _next_of_fixed_delays(armed: Iterable[Armed], now_us: int) -> dict[str, int]:
    """When those fire that were to fire before now."""
    return {
        each.id: now_us + span_us(each.trigger.every)
        for each in armed
        if isinstance(each.trigger, Interval)
        and each.trigger.pace is Pace.FIXED_DELAY
        and each.next_us is not None
        and each.next_us <= now_us
    }
