"""A copy becomes the store again: what it can't know of the time since is doubted, and the old store is kept."""

import os
from collections.abc import Collection
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from watchkeeper.model.errors import Conflict, Known
from watchkeeper.model.ids import RunId
from watchkeeper.model.points import Upkeep, reach
from watchkeeper.model.run import LIVE, State
from watchkeeper.model.text import Text
from watchkeeper.store import workspace
from watchkeeper.store.backup import MADE_AT
from watchkeeper.store.file import copy_pages, make_single, parts, reading, require_room, sync
from watchkeeper.store.rows import stored
from watchkeeper.store.tx import Tx

#: The fact in a store that tells when the copy was made that it was restored from.
FACT = "restored_from"

#: The fact in a store that tells up to which number runs were numbered before it was restored.
_PASSED = "numbers_passed"

#: How the name of a store goes on that was replaced.
_KEPT = ".before-restore-"

#: Numbers that a store which can't be read may have given since the backup.
_LEAP = 1_000_000

_LIVE = ", ".join(f"'{state}'" for state in sorted(LIVE))


class Standing(NamedTuple):
    """What the store that is to be replaced says of itself."""

    workspace: str
    #: The highest epoch that it gave.
    epoch: int
    #: The highest number that a run ever had; None where a torn page hides it.
    number: int | None


def standing(database: Path) -> Standing | None:
    """The store that is there; None where it can't be read."""
    with suppress(Known, TypeError), reading(database) as connection:
        workspace = connection.execute("SELECT value FROM facts WHERE name = 'id'").fetchone()[0]
        epoch = connection.execute("SELECT max(epoch) FROM lease").fetchone()[0]
        return Standing(str(workspace), int(epoch or 0), _number(database))
    return None


def _number(database: Path) -> int | None:
    with suppress(Known), reading(database) as connection:
        last = connection.execute("SELECT max(number) FROM runs").fetchone()[0]
        passed = connection.execute("SELECT max(CAST(value AS INTEGER)) FROM facts WHERE name = ?", (_PASSED,))
        return max(int(last or 0), int(passed.fetchone()[0] or 0))
    return None


def clear(database: Path) -> None:
    """Remove what a restore left that was killed; for whoever holds `engine.lock`.

    Where it had given the store its second name only, the store is what it was, and gets back what was taken from it.
    """
    discard(_beside(database))
    for kept in database.parent.glob(f"{database.stem}{_KEPT}*.db"):
        if database.exists() and kept.samefile(database):
            _give_back(kept, database)


def draw(copy: Path, database: Path) -> Path:
    """The content of `copy` in a file beside the store, to be made ready and then put in its place."""
    target = _beside(database)
    require_room(copy, database.parent)
    copy_pages(copy, target)
    reach(Upkeep.AFTER_COPY_DRAWN)
    return target


def discard(prepared: Path) -> None:
    """Remove what was drawn."""
    for part in parts(prepared):
        part.unlink(missing_ok=True)


def put_back(prepared: Path, database: Path, now: datetime) -> Path | None:
    """Let `prepared` be the store; where the one that was there is kept, None if there was none.

    Conflict when another program has one of the two open. A crash leaves the one or the other, never half of both.
    """
    make_single(prepared)
    sync(prepared)
    kept = _kept(database, now) if database.exists() else None
    reach(Upkeep.AFTER_STORE_NAMED)
    for log in parts(database)[1:]:
        log.unlink(missing_ok=True)
    reach(Upkeep.BEFORE_STORE_REPLACED)
    os.replace(prepared, database)
    sync(database.parent)
    reach(Upkeep.AFTER_STORE_REPLACED)
    return kept


def _beside(database: Path) -> Path:
    return database.with_name(f"{database.name}.restoring")


def _kept(database: Path, now: datetime) -> Path:
    """A second name for the store that is there, with its log where that can't be worked in."""
    kept = database.with_suffix(f"{_KEPT}{now:%Y%m%dT%H%M%S.%f}.db")
    _work_in_log(database)
    for part, name in zip(parts(database), parts(kept), strict=True):
        if part.exists():
            os.link(part, name)
            name.chmod(0o600)
    sync(database.parent)
    return kept


def _give_back(kept: Path, database: Path) -> None:
    for part, name in zip(parts(database), parts(kept), strict=True):
        if part.exists():
            name.unlink(missing_ok=True)
        elif name.exists():
            name.rename(part)


def _work_in_log(database: Path) -> None:
    """What is damaged stays as it is."""
    try:
        make_single(database)
    except Conflict:
        raise
    except Known:
        return


def doubt(tx: Tx, reason: Text) -> None:
    """Let every live run be UNKNOWN, for it may have gone on, ended and been cleared away since.

    Several legal moves in one. Without what its host stood on when it was begun, no absence proves anything any more.
    """
    tx.run(
        f"UPDATE runs SET state = :unknown, reason = :reason, ground = NULL WHERE state IN ({_LIVE})",
        unknown=State.UNKNOWN,
        reason=stored(reason),
    )


def come_to_attempt(tx: Tx, run_id: RunId, attempt: int) -> None:
    """A host has begun this attempt of a run in doubt."""
    tx.run(
        "UPDATE runs SET attempt = :attempt WHERE id = :id AND attempt < :attempt AND state = 'UNKNOWN'",
        attempt=attempt,
        id=run_id,
    )


def withhold(tx: Tx, waiting: Collection[str]) -> None:
    """Let no notice be delivered but those that are known to be `waiting` still."""
    gone = [{"id": row.id} for row in tx.rows("SELECT id FROM outbox") if row.id not in waiting]
    tx.run_many("DELETE FROM outbox WHERE id = :id", gone)


def pass_over(tx: Tx, next_at_us: dict[str, int]) -> None:
    """Let no trigger fire for a moment before now; `next_at_us` is when fixed delays fire next."""
    tx.run("UPDATE triggers SET cursor_at = :now WHERE cursor_at < :now", now=tx.now_us)
    for trigger_id, moment in next_at_us.items():
        tx.run("UPDATE triggers SET next_at = :at WHERE id = :id", at=moment, id=trigger_id)


def outrank(tx: Tx, epoch: int) -> None:
    """Let the next engine's lease have a higher epoch than any that was ever given: hosts turn lower ones away.

    Microseconds since 1970 grow faster than engines start, and two restores of one copy differ.
    """
    own = tx.value("SELECT max(epoch) FROM lease") or 0
    tx.run(
        "INSERT INTO lease (id, epoch, holder, slots, expires_at) VALUES (1, :epoch, '', '{}', 0) "
        "ON CONFLICT (id) DO UPDATE SET epoch = excluded.epoch, holder = '', expires_at = 0",
        epoch=max(epoch + 1, own + 1, tx.now_us),
    )


def go_on_numbering(tx: Tx, number: int | None) -> None:
    """Let the next run have a number above `number`, which people may have in their mails; with a leap for None.

    SQLite gives the highest number that is there and one: a trigger lifts the next run, and those after it follow.
    """
    last, passed = tx.value("SELECT max(number) FROM runs") or 0, int(workspace.fact(tx, _PASSED) or 0)
    own = max(last, passed)
    above = (own // _LEAP + 1) * _LEAP if number is None else max(own, number)
    workspace.set_fact(tx, _PASSED, str(above))
    tx.run("DROP TRIGGER IF EXISTS runs_go_on")
    tx.run(
        f"CREATE TRIGGER runs_go_on AFTER INSERT ON runs WHEN NEW.number <= {above} "
        f"BEGIN UPDATE runs SET number = {above + 1} WHERE number = NEW.number; END"
    )


def note(tx: Tx, made_at: datetime) -> None:
    """Write down that this store was a copy made at `made_at`."""
    tx.run("DELETE FROM facts WHERE name IN (:made_at, :fact)", made_at=MADE_AT, fact=FACT)
    tx.run("INSERT INTO facts (name, value) VALUES (:name, :value)", name=FACT, value=stored(made_at))
