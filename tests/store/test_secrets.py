"""Secrets in the store: versions, the trash, and what is wiped when; on every database."""

from datetime import UTC, datetime, timedelta

from watchkeeper.model.secret import Secret, SecretKind
from watchkeeper.store import secrets
from watchkeeper.store.secrets import New
from watchkeeper.store.store import Store

DAY = timedelta(days=1)


async def test_a_secret_gets_versions_is_put_away_comes_back_and_is_wiped(store: Store) -> None:
    new = Secret("id", "team/key", SecretKind.TOKEN, 1, "", None, datetime.now(UTC), "ann")
    await store.write(lambda tx: secrets.add(tx, new, b"\x00one"))
    two = New(b"\xfftwo", None)
    changed = await store.write(lambda tx: secrets.put(tx, new, 2, two, "bob", tx.now + DAY))
    assert (changed.version, changed.changed_by) == (2, "bob")
    (found,) = await store.read(lambda tx: secrets.values(tx, ["team/key", "other"]))
    assert (found.version, found.data) == (2, b"\xfftwo")
    back = await store.write(lambda tx: secrets.revert(tx, changed, 1, "ann", tx.now + DAY))
    assert (back.version, (await store.read(lambda tx: secrets.value(tx, back))).data) == (1, b"\x00one")
    await store.write(lambda tx: secrets.note_use(tx, ["id"], "nightly"))
    assert (await store.read(lambda tx: secrets.find(tx, "team/key"))).last_used_by == "nightly"
    await store.write(lambda tx: secrets.delete(tx, back, tx.now + DAY))
    assert await store.read(secrets.all) == []
    assert (await store.write(lambda tx: secrets.bring_back(tx, "id"))).name == "team/key"
    await store.write(lambda tx: secrets.delete(tx, back, tx.now - DAY))
    assert await store.write(secrets.wipe) == 1
    assert await store.read(lambda tx: tx.value("SELECT count(*) FROM secret_versions")) == 0
