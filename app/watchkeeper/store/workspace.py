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


def boot_seen_us(tx: Tx, boot_id: str) -> int:
    """When this boot of the machine was first seen, in microseconds since 1970; now if it never was."""
    seen = (fact(tx, "boot") or "").split()
    if seen[:1] == [boot_id]:
        return int(seen[1])
    set_fact(tx, "boot", f"{boot_id} {tx.now_us}")
    return tx.now_us


def set_fact(tx: Tx, name: str, value: str) -> None:
    """A fact, new or changed."""
    tx.run(
        "INSERT INTO facts (name, value) VALUES (:name, :value) "
        "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        name=name,
        value=value,
    )
