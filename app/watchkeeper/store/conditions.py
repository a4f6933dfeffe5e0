"""What is true of runs in certain states, in the words of SQL; without sqlalchemy, so that commands stay light.

Queries say it in the same words as the partial indexes, for only then SQLite takes them.
"""

from watchkeeper.model.run import ENDINGS, FAILURES, LIVE, State


def listed(states: frozenset[State]) -> str:
    """The states as an SQL list, in a stable order."""
    return ", ".join(f"'{state}'" for state in sorted(states))


#: It has failed, by itself or by a person's word.
HAS_FAILED = f"state IN ({listed(FAILURES)}) OR verdict = 'FAILED'"
#: It has no ending yet.
IS_LIVE = f"state IN ({listed(LIVE)})"
#: Of a job in `job_list`: its last run did not just succeed, or there is none.
IS_NOTABLE = "COALESCE(last_state, '') <> 'SUCCEEDED' OR last_warning = 1"
#: It has any ending but the usual one.
IS_UNSUCCESSFUL = f"state IN ({listed(ENDINGS - {State.SUCCEEDED})})"
