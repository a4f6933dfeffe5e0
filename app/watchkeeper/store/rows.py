"""Between rows and model values: microseconds and moments, JSON text and mappings."""

from typing import Any

import msgspec

from watchkeeper.model.codec import encode
from watchkeeper.model.ids import JobId, RunId, TriggerId
from watchkeeper.model.instant import from_us, to_us
from watchkeeper.model.run import Attempt, Ground, MakeUp, Origin, Run, State
from watchkeeper.model.text import Text
from watchkeeper.store.moves import NewRun

_read_text = msgspec.json.Decoder(Text).decode
_read_mapping = msgspec.json.Decoder(dict[str, Any]).decode
_read_ground = msgspec.json.Decoder(Ground).decode


def stored(value: object) -> str | None:
    """A value as JSON text; None for None and for an empty mapping."""
    return encode(value).decode() if value else None


def moment(us: int | None) -> Any:
    """The moment of `us`; None for None."""
    return None if us is None else from_us(us)


def run_of(row: Any) -> Run:
    """A row of `runs` as a Run."""
    return Run(
        id=RunId(row.id),
        number=row.number,
        job_id=JobId(row.job_id),
        job_name=row.job_name,
        job_version=row.job_version,
        trigger_id=TriggerId(row.trigger_id) if row.trigger_id else None,
        nominal_at=moment(row.nominal_at),
        caller_execution_id=row.caller_execution_id,
        origin=Origin(row.origin),
        rerun_of=RunId(row.rerun_of) if row.rerun_of else None,
        state=State(row.state),
        reason=_read_text(row.reason) if row.reason else None,
        attempt=row.attempt,
        priority=row.priority,
        params=_read_mapping(row.params) if row.params else None,
        concurrency_key=row.concurrency_key,
        holds_key=row.held_key is not None,
        pool=row.pool,
        created_at=from_us(row.created_at),
        due_at=from_us(row.due_at),
        started_at=moment(row.started_at),
        ended_at=moment(row.ended_at),
        exit_code=row.exit_code,
        has_warning=bool(row.has_warning),
        outputs=_read_mapping(row.outputs) if row.outputs else {},
        host=row.host,
        ground=_read_ground(row.ground) if row.ground else None,
        log_size=row.log_size,
        log_dropped=row.log_dropped,
        cancel_requested_at=moment(row.cancel_requested_at),
        cancel_requested_by=row.cancel_requested_by,
        verdict=State(row.verdict) if row.verdict else None,
        verdict_by=row.verdict_by,
        verdict_reason=row.verdict_reason,
        last_missed_at=moment(row.last_missed_at),
        missed_count=row.missed_count,
        actor=row.actor,
        after_run=RunId(row.after_run) if row.after_run else None,
        file=row.file,
        made_up=MakeUp(row.made_up) if row.made_up else None,
    )


def new_row(run: Run) -> NewRun:
    """A Run as the row that makes it."""
    return NewRun(
        id=run.id,
        job_id=run.job_id,
        job_name=run.job_name,
        job_version=run.job_version,
        origin=run.origin,
        state=run.state,
        priority=run.priority,
        created_at=to_us(run.created_at),
        due_at=to_us(run.due_at),
        actor=run.actor,
        trigger_id=run.trigger_id,
        nominal_at=_us(run.nominal_at),
        caller_execution_id=run.caller_execution_id,
        rerun_of=run.rerun_of,
        reason=stored(run.reason),
        attempt=run.attempt,
        params=stored(run.params),
        concurrency_key=run.concurrency_key,
        held_key=run.concurrency_key if run.holds_key else None,
        pool=run.pool,
        started_at=_us(run.started_at),
        ended_at=_us(run.ended_at),
        exit_code=run.exit_code,
        has_warning=int(run.has_warning),
        outputs=stored(run.outputs),
        host=run.host,
        ground=stored(run.ground),
        log_size=run.log_size,
        log_dropped=run.log_dropped,
        last_missed_at=_us(run.last_missed_at),
        missed_count=run.missed_count,
        after_run=run.after_run,
        file=run.file,
    )


def attempt_of(row: Any) -> Attempt:
    """A row of `attempts` as an Attempt."""
    return Attempt(
        number=row.number,
        started_at=moment(row.started_at),
        ended_at=from_us(row.ended_at),
        exit_code=row.exit_code,
        reason=_read_text(row.reason) if row.reason else None,
        host=row.host,
    )


def _us(value: Any) -> int | None:
    return None if value is None else to_us(value)
