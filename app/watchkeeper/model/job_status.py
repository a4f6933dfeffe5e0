"""What a job can be asked for by `status:`, and which states of its runs that means."""

from collections.abc import Mapping
from typing import NamedTuple

from watchkeeper.model.run import FAILURES, State
from watchkeeper.model.text import Text, _

S = State


class Status(NamedTuple):
    """A job has it if its last run ended in one of these states, or if a live run of it is in one."""

    states: frozenset[State]
    #: What it is called before people.
    name: Text


STATUSES: Mapping[str, Status] = {
    "failed": Status(FAILURES, _("the last run failed, timed out or expired")),
    "timed_out": Status(frozenset({S.TIMED_OUT}), _("the last run timed out")),
    "blocked": Status(frozenset({S.UPSTREAM_FAILED}), _("what it needs has failed")),
    "unknown": Status(frozenset({S.UNKNOWN}), _("nobody can say whether a run happened")),
    "orphaned": Status(frozenset({S.ORPHANED}), _("the engine has lost sight of a run")),
    "missed": Status(frozenset({S.MISSED}), _("it was last missed")),
    "expired": Status(frozenset({S.EXPIRED}), _("the last run waited for too long")),
    "cancelled": Status(frozenset({S.CANCELLED}), _("the last run was stopped")),
    "skipped": Status(frozenset({S.SKIPPED}), _("the last run was skipped")),
    "running": Status(frozenset({S.DISPATCHING, S.RUNNING, S.ORPHANED}), _("a run is going on")),
    "waiting": Status(frozenset({S.WAITING, S.QUEUED}), _("a run waits")),
    "warning": Status(frozenset({S.SUCCEEDED}), _("the last run succeeded with a warning")),
    "succeeded": Status(frozenset({S.SUCCEEDED}), _("the last run succeeded")),
    "never": Status(frozenset(), _("no run has ended yet")),
    "disabled": Status(frozenset(), _("its triggers do not fire")),
}

#: From the worst to the best: what a job is sorted by, and which of a group's jobs speaks for it.
RANKS: dict[State, int] = {
    state: rank
    for rank, state in enumerate(
        (
            *(S.FAILED, S.TIMED_OUT, S.UNKNOWN, S.ORPHANED, S.UPSTREAM_FAILED, S.MISSED, S.EXPIRED, S.CANCELLED),
            *(S.RUNNING, S.DISPATCHING, S.WAITING, S.QUEUED, S.SKIPPED, S.SUCCEEDED),
        )
    )
}
