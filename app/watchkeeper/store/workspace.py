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
