"""What a workspace knows of itself: its id and its time zone."""

from watchkeeper.store.tx import Tx


def identity(tx: Tx) -> str:
    """The workspace's id, made with it and never changed."""
    return str(fact(tx, "id"))


def zone(tx: Tx) -> str:
    """The IANA zone of triggers that name none."""
    return fact(tx, "zone") or "UTC"


def fact(tx: Tx, name: str) -> str | None:
    """A fact by its name; None when it is not known."""
    value = tx.value("SELECT value FROM facts WHERE name = :name", name=name)
    return None if value is None else str(value)


def damage(tx: Tx) -> list[str]:
    """What SQLite finds wrong with its file, in its own words; empty when all is well (a server checks itself)."""
    if not tx.is_sqlite:
        return []
    found = [str(row[0]) for row in tx.rows("PRAGMA integrity_check(20)")]
    orphans = [f"{row[0]}: its {row[2]} is missing" for row in tx.rows("PRAGMA foreign_key_check")]
    return [line for line in found + orphans if line != "ok"]
