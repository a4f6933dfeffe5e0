"""What an attempt came to, before anybody has decided whether another follows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from watchkeeper.model.run import State
from watchkeeper.model.text import Text, _
from watchkeeper.plugin.outcome import Cancelled, Crashed, Failed, Outcome, RetryAsked, Succeeded

#: The kind of a failure that no further attempt can mend.
CONFIGURATION = "configuration"


@dataclass(frozen=True, slots=True)
class Result:
    """An attempt's end. `state` is SUCCEEDED, FAILED, TIMED_OUT or CANCELLED."""

    state: State
    reason: Text | None = None
    exit_code: int | None = None
    has_warning: bool = False
    outputs: Mapping[str, Any] | None = None
    #: What `retry_on` may name: an exception's class, `Fail`, `exit`, `timeout`.
    kind: str = ""
    #: The handler's own wish for the wait before the next attempt.
    retry_after: timedelta | None = None
    #: The handler asked for another attempt.
    is_retry_asked: bool = False
    #: No attempt can do better: bad configuration, a person's wish.
    is_final: bool = False
    #: None: the moment at which it is written.
    ended_us: int | None = None
    started_us: int | None = None
    log_size: int = 0
    log_dropped: int = 0


def result_of(outcome: Outcome) -> Result:
    """A handler's outcome as an attempt's result."""
    match outcome:
        case Succeeded():
            return Result(
                State.SUCCEEDED, outcome.note, 0, has_warning=outcome.has_warning, outputs=outcome.outputs or None
            )
        case Failed():
            is_final = outcome.kind == CONFIGURATION
            return Result(State.FAILED, outcome.text, outcome.exit_code, kind=outcome.kind, is_final=is_final)
        case RetryAsked():
            return Result(State.FAILED, outcome.text, kind="Retry", retry_after=outcome.after, is_retry_asked=True)
        case Cancelled():
            return Result(State.CANCELLED, outcome.text, is_final=True)
        case Crashed():
            return Result(State.FAILED, outcome.text, kind=outcome.kind)


def misconfigured(text: Text) -> Result:
    """A failure that no further attempt can mend."""
    return Result(State.FAILED, text, kind=CONFIGURATION, is_final=True)


def cancelled(by: str | None, proof: Text | None = None) -> Result:
    """A person's wish, fulfilled."""
    reason = _("stopped by {actor}", actor=by or "?")
    if proof is not None:
        reason = _("stopped by {actor}; {proof}", actor=by or "?", proof=proof)
    return Result(State.CANCELLED, reason, is_final=True)
