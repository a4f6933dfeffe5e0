"""Whether the store is sound: SQLite's own pages, and what must be true of our rows whoever has written them."""

from watchkeeper.model.run import ENDINGS, LIVE
from watchkeeper.model.text import Text, _
from watchkeeper.store.tx import Tx

#: Faults of one kind that are told at the most.
_MOST = 20

_LIVE = ", ".join(f"'{state}'" for state in sorted(LIVE))
_ENDINGS = ", ".join(f"'{state}'" for state in sorted(ENDINGS))

#: What must not be found, and how it is told with the two columns of each row: what it is of, and what is wrong.
_RULES: tuple[tuple[str, Text], ...] = (
    (
        (
            "SELECT runs.id, runs.job_version FROM runs LEFT JOIN job_versions AS made "
            "ON made.job_id = runs.job_id AND made.version = runs.job_version "
            f"WHERE runs.state IN ({_LIVE}) AND made.job_id IS NULL"
        ),
        _("the live run {of} was made from version {what} of its job, which is not there"),
    ),
    (
        f"SELECT id, held_key FROM runs WHERE held_key IS NOT NULL AND state IN ({_ENDINGS})",
        _("the run {of} has ended and still holds the key {what}"),
    ),
    (
        (
            "SELECT runs.id, attempts.number FROM attempts JOIN runs ON runs.id = attempts.run_id "
            "WHERE attempts.number > runs.attempt OR attempts.number < 1"
        ),
        _("the run {of} has a record of attempt {what}, which it has not come to"),
    ),
    (
        (
            "SELECT jobs.name, jobs.version FROM jobs LEFT JOIN job_versions AS made "
            "ON made.job_id = jobs.id AND made.version = jobs.version WHERE made.job_id IS NULL"
        ),
        _("the job {of} stands at version {what}, which is not there"),
    ),
    (
        (
            "SELECT jobs.name, COALESCE(job_list.name, '-') FROM jobs LEFT JOIN job_list ON job_list.job_id = jobs.id "
            "WHERE job_list.name IS NULL OR job_list.name <> jobs.name"
        ),
        _("the job {of} stands in the list of jobs as {what}"),
    ),
    (
        (
            "SELECT triggers.id, max(coalesce(runs.last_missed_at, runs.nominal_at)) FROM triggers "
            "JOIN runs ON runs.trigger_id = triggers.id AND runs.nominal_at > triggers.cursor_at GROUP BY triggers.id"
        ),
        _("the trigger {of} has fired for a moment ({what}) that its cursor has not come to"),
    ),
)


def damage(tx: Tx) -> list[str]:
    """What SQLite finds wrong with its file, in its own words; empty when all is well (a server checks itself)."""
    if not tx.is_sqlite:
        return []
    found = [str(row[0]) for row in tx.rows(f"PRAGMA integrity_check({_MOST})")]
    orphans = [f"{row[0]}: its {row[2]} is missing" for row in tx.rows("PRAGMA foreign_key_check")]
    return [line for line in found + orphans if line != "ok"]


def torn(tx: Tx) -> str | None:
    """The first page that SQLite finds torn, in its own words; indexes are not compared, so it takes half the time."""
    found = str(tx.value("PRAGMA quick_check(1)")) if tx.is_sqlite else "ok"
    return None if found == "ok" else found.splitlines()[-1]


def contradictions(tx: Tx) -> list[Text]:
    """A sentence for each row that should not be; no engine makes such."""
    return [
        Text(rule.message, {"of": row[0], "what": row[1]})
        for sql, rule in _RULES
        for row in tx.rows(f"{sql} LIMIT {_MOST}")
    ]
