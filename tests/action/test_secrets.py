"""Secrets through the door: values go in, come out once for whoever asks twice, and stand nowhere else."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

from tests.action.conftest import job
from watchkeeper.access.actor import Actor
from watchkeeper.access.permission import Permission
from watchkeeper.action.desk import Desk, LocalDesk
from watchkeeper.action.door import Door
from watchkeeper.model.errors import Conflict, Known, NotFound, Refused
from watchkeeper.model.events import Event, SecretsChanged, VaultChanged
from watchkeeper.model.saying import sentence_of
from watchkeeper.model.secret import VaultState
from watchkeeper.store import secrets
from watchkeeper.store.store import Store

WORDS = "a few good words"
VALUE = "correct-horse-battery"
SECOND = "staple-of-the-second-kind"


@pytest.fixture
async def ready(desk: Desk) -> Desk:
    """With a vault."""
    await desk.do("vault.init", place="file", passphrase=WORDS)
    return desk


async def revealed(desk: Desk, name: str) -> str:
    leave = await desk.do("secret.ticket", name=name)
    return str((await desk.do("secret.reveal", name=name, ticket=leave.ticket)).value)


async def test_without_a_vault_nothing_is_taken_and_it_is_told_what_to_do(desk: Desk) -> None:
    assert (await desk.ask("vault.status")).state is VaultState.NONE
    with pytest.raises(Known, match="vault init"):
        await desk.do("secret.add", name="team/key", value=VALUE)
    with pytest.raises(Known, match="12 characters"):
        await desk.do("vault.init", place="file", passphrase="short")
    assert await desk.ask("secret.list") == []


async def test_a_secret_is_listed_without_its_value_and_comes_out_by_two_steps(ready: Desk) -> None:
    await ready.do("secret.add", name="team/key", value=VALUE, kind="token", note="for the archive")
    (row,) = await ready.ask("secret.list")
    assert (row.name, row.kind, row.version, row.note) == ("team/key", "token", 1, "for the archive")
    assert VALUE not in repr(row)
    leave = await ready.do("secret.ticket", name="team/key")
    found = await ready.do("secret.reveal", name="team/key", ticket=leave.ticket)
    assert found.value == VALUE
    assert VALUE not in repr(found) and leave.ticket not in repr(leave)
    with pytest.raises(Refused, match="used up"):
        await ready.do("secret.reveal", name="team/key", ticket=leave.ticket)


async def test_a_ticket_shows_no_other_secret_and_nobody_elses(
    ready: Desk, as_actor: Callable[[Actor], LocalDesk]
) -> None:
    for name in ("one", "two"):
        await ready.do("secret.add", name=name, value=VALUE)
    leave = await ready.do("secret.ticket", name="one")
    with pytest.raises(Refused, match="another secret"):
        await ready.do("secret.reveal", name="two", ticket=leave.ticket)
    leave = await ready.do("secret.ticket", name="one")
    bob = as_actor(Actor("bob", frozenset(Permission)))
    with pytest.raises(Refused, match="another person's"):
        await bob.do("secret.reveal", name="one", ticket=leave.ticket)
    await bob.close()


async def test_only_who_keeps_the_workspace_puts_in_tests_or_sees_a_value(
    ready: Desk, as_actor: Callable[[Actor], LocalDesk]
) -> None:
    await ready.do("secret.add", name="team/key", value=VALUE)
    editor = as_actor(Actor("eve", frozenset(Permission) - {Permission.ADMIN}))
    for name, given in {
        "secret.add": {"name": "x", "value": VALUE},
        "secret.replace": {"name": "team/key", "value": VALUE},
        "secret.rotate": {"name": "team/key", "value": VALUE},
        "secret.delete": {"name": "team/key"},
        "secret.ticket": {"name": "team/key"},
        "secret.reveal": {"name": "team/key", "ticket": "x"},
        "vault.unlock": {"passphrase": WORDS},
        "vault.lock": {},
    }.items():
        with pytest.raises(Refused):
            await editor.do(name, **given)
    with pytest.raises(Refused):
        await editor.ask("secret.test", name="team/key")
    assert [row.name for row in await editor.ask("secret.list")] == ["team/key"]
    await editor.close()


async def test_a_new_value_can_be_taken_back_while_the_old_one_is_kept(ready: Desk) -> None:
    await ready.do("secret.add", name="team/key", value=VALUE)
    changed = await ready.do("secret.rotate", name="team/key", value=SECOND, keep=3)
    assert (changed.version, changed.former, await revealed(ready, "team/key")) == (2, 1, SECOND)
    back = await ready.do("secret.revert", **changed.undo)
    assert await revealed(ready, "team/key") == VALUE
    await ready.do("secret.revert", **back.undo)
    assert await revealed(ready, "team/key") == SECOND
    with pytest.raises(NotFound, match="version 7"):
        await ready.do("secret.revert", name="team/key", version=7)


async def test_an_earlier_value_is_wiped_when_its_days_are_over(ready: Desk, door: Door, store: Store) -> None:
    await ready.do("secret.add", name="team/key", value=VALUE)
    await ready.do("secret.rotate", name="team/key", value=SECOND)
    assert await store.write(secrets.wipe) == 0
    await store.write(lambda tx: tx.run("UPDATE secret_versions SET wipe_at = 1 WHERE wipe_at IS NOT NULL"))
    assert await store.write(secrets.wipe) == 1
    assert await store.read(lambda tx: tx.value("SELECT count(*) FROM secret_versions")) == 1
    assert await revealed(ready, "team/key") == SECOND


async def test_a_secret_that_jobs_use_is_not_deleted_unless_forced_and_comes_back_by_undo(ready: Desk) -> None:
    await ready.do("secret.add", name="team/key", value=VALUE)
    for number, named in enumerate(("team/key", "team/key#passphrase", "team/other")):
        params = {"script": "true", "secrets": {"KEY": named}}
        await ready.do("job.save", spec=job(f"job-{number}", params=params))
    await ready.do("job.save", spec=job("mentions", params={"script": "echo team/key"}))
    assert [user.job for user in await ready.ask("secret.used_by", name="team/key")] == ["job-0", "job-1"]
    with pytest.raises(Conflict, match="2 jobs use the secret team/key, job-0 for one"):
        await ready.do("secret.delete", name="team/key")
    gone = await ready.do("secret.delete", name="team/key", force=True)
    assert await ready.ask("secret.list") == []
    with pytest.raises(NotFound, match="no secret team/key"):
        await ready.ask("secret.show", name="team/key")
    await ready.do("secret.undelete", **gone.undo)
    assert await revealed(ready, "team/key") == VALUE


async def test_a_deleted_name_may_be_taken_anew_and_then_nothing_comes_back_over_it(ready: Desk) -> None:
    await ready.do("secret.add", name="team/key", value=VALUE)
    gone = await ready.do("secret.delete", name="team/key")
    await ready.do("secret.add", name="team/key", value=SECOND)
    with pytest.raises(Conflict, match="already"):
        await ready.do("secret.undelete", **gone.undo)
    assert await revealed(ready, "team/key") == SECOND


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"name": "team/key"}, "value"),
        ({"name": "../x", "value": VALUE}, "name: .*path"),
        ({"name": "team/", "value": VALUE}, "name: .*empty part"),
        ({"name": "team#key", "value": VALUE}, "name: a name has no #"),
        ({"name": "k", "value": "short"}, "value: .*fewer than 6 characters"),
        ({"name": "k", "value": VALUE + "\0"}, "value: .*NUL"),
        ({"name": "k", "value": VALUE, "note": "a\nb"}, "note: .*control"),
        ({"name": "k", "value": VALUE, "kind": "pin"}, "kind"),
        ({"name": "k", "value": VALUE, "kind": "key"}, "value: this is nothing in PEM"),
        ({"name": "k", "value": VALUE, "passphrase": "x"}, "value: a passphrase goes with"),
        ({"name": "k", "value": VALUE, "kind": "connection"}, "value: this is no connection string"),
        ({"name": "k", "value": VALUE, "valeu": "x"}, "did you mean value"),
    ],
)
async def test_what_does_not_fit_is_refused_at_its_field_without_a_word_of_the_value(
    ready: Desk, given: dict[str, Any], told: str
) -> None:
    with pytest.raises(Known, match=told) as refusal:
        await ready.do("secret.add", **given)
    assert VALUE not in str(refusal.value) and VALUE not in repr(refusal.value.text)
    assert await ready.ask("secret.list") == []
    assert VALUE not in repr(await ready.ask("audit.list"))


async def test_a_private_key_is_tested_with_its_passphrase(ready: Desk) -> None:
    key = generate_private_key(SECP256R1())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"of the key")).decode()
    with pytest.raises(Known, match="under a passphrase"):
        await ready.do("secret.add", name="deploy", value=pem, kind="key")
    with pytest.raises(Known, match="does not fit"):
        await ready.do("secret.add", name="deploy", value=pem, kind="key", passphrase="another")
    await ready.do("secret.add", name="deploy", value=pem, kind="key", passphrase="of the key")
    tested = await ready.ask("secret.test", name="deploy")
    assert "which can be read" in str(tested.told)
    with pytest.raises(Known, match="nothing in PEM"):
        await ready.do("secret.rotate", name="deploy", value=VALUE)


async def test_a_certificate_tells_its_end_and_has_its_own_key(ready: Desk) -> None:
    key, other = generate_private_key(SECP256R1()), generate_private_key(SECP256R1())
    until = datetime.now(UTC).replace(microsecond=0) + timedelta(days=9)
    pem = certificate(key, until)
    with pytest.raises(Known, match="private key is missing"):
        await ready.do("secret.add", name="tls", value=pem, kind="certificate")
    with pytest.raises(Known, match="another certificate's"):
        await ready.do("secret.add", name="tls", value=pem + plain(other), kind="certificate")
    await ready.do("secret.add", name="tls", value=pem + plain(key), kind="certificate")
    (row,) = await ready.ask("secret.list")
    assert row.expires_at == until
    assert f"{until:%Y-%m-%d}" in str(row.warning)
    assert "valid until" in str((await ready.ask("secret.test", name="tls")).told)


async def test_a_connection_is_read_without_its_password(ready: Desk) -> None:
    await ready.do("secret.add", name="db", value=f"postgresql://me:{VALUE}@host:5432/x", kind="connection")
    told = str((await ready.ask("secret.test", name="db")).told)
    assert "host:5432" in told and VALUE not in told


async def test_a_value_stands_nowhere_in_the_workspace_its_trail_or_what_is_told(
    ready: Desk, door: Door, tmp_path: Path
) -> None:
    heard: list[Event] = []
    door.listen(heard.append)
    await ready.do("secret.add", name="team/key", value=VALUE)
    changed = await ready.do("secret.rotate", name="team/key", value=SECOND)
    await ready.do("secret.revert", **changed.undo)
    await revealed(ready, "team/key")
    with pytest.raises(Conflict):
        await ready.do("secret.add", name="team/key", value=VALUE)
    with pytest.raises(Known):
        await ready.do("vault.unlock", passphrase=WORDS + "?")
    trail = await ready.ask("audit.list")
    assert {"secret.add", "secret.rotate", "secret.ticket", "secret.reveal"} <= {entry.action for entry in trail}
    assert SecretsChanged("team/key") in heard
    told = repr(trail) + repr(heard) + repr([str(sentence_of(event)) for event in heard])
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert {"watchkeeper.db", "watchkeeper.db-wal", "vault.key"} <= {file.name for file in files}
    kept = b"".join(file.read_bytes() for file in files)
    for value in (VALUE, SECOND, WORDS):
        assert value not in told
        assert value.encode() not in kept
        assert value.encode("utf-16-le") not in kept


async def test_rows_that_were_exchanged_in_the_store_open_nothing(ready: Desk, store: Store) -> None:
    for name in ("one", "two"):
        await ready.do("secret.add", name=name, value=f"{VALUE}-{name}")
    one, two = await store.read(lambda tx: secrets.values(tx, ["one", "two"]))
    sql = "UPDATE secret_versions SET sealed = :data WHERE secret_id = :id"
    await store.write(lambda tx: tx.run(sql, data=two.data, id=one.secret_id))
    with pytest.raises(Known, match="the seal of the secret one is broken"):
        await ready.ask("secret.test", name=one.name)


async def test_a_locked_vault_takes_and_gives_nothing_and_says_when_it_turns(ready: Desk, door: Door) -> None:
    heard: list[Event] = []
    door.listen(heard.append)
    await ready.do("secret.add", name="team/key", value=VALUE)
    await ready.do("vault.lock")
    with pytest.raises(Known, match="the vault is locked"):
        await ready.do("secret.add", name="other", value=VALUE)
    with pytest.raises(Known, match="the vault is locked"):
        await revealed(ready, "team/key")
    assert [row.name for row in await ready.ask("secret.list")] == ["team/key"]
    assert (await ready.do("vault.unlock", passphrase=WORDS)).state is VaultState.READY
    assert [event.state for event in heard if isinstance(event, VaultChanged)] == [VaultState.LOCKED, VaultState.READY]


def certificate(key: EllipticCurvePrivateKey, until: datetime) -> str:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "example")])
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    signed = made.not_valid_before(until - timedelta(days=90)).not_valid_after(until).sign(key, SHA256())
    return signed.public_bytes(Encoding.PEM).decode()


def plain(key: EllipticCurvePrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


async def test_the_table_tells_who_uses_a_secret_what_is_kept_and_who_may_change_it(
    ready: Desk, as_actor: Callable[[Actor], LocalDesk]
) -> None:
    for name in ("team/key", "team/other"):
        await ready.do("secret.add", name=name, value=VALUE)
    await ready.do("secret.rotate", name="team/key", value=SECOND, keep=3)
    found = await ready.ask("secret.table")
    assert [(row.name, row.version, row.job_count) for row in found.rows] == [("team/key", 2, 0), ("team/other", 1, 0)]
    (earlier,) = found.rows[0].earlier
    assert (earlier.version, earlier.until - found.read_at > timedelta(days=2)) == (1, True)
    assert (found.rows[1].earlier, found.waiting, found.may_change) == ((), 0, True)
    assert VALUE not in repr(found) and SECOND not in repr(found)
    eve = as_actor(Actor("eve", frozenset(Permission) - {Permission.ADMIN}))
    assert not (await eve.ask("secret.table")).may_change
    await eve.close()


async def test_why_a_value_has_to_be_seen_stands_in_the_trail(ready: Desk) -> None:
    await ready.do("secret.add", name="team/key", value=VALUE)
    await ready.do("secret.ticket", name="team/key", reason="the partner asks")
    (entry,) = await ready.ask("audit.list", action="secret.ticket")
    assert entry.detail["reason"] == "the partner asks"
    with pytest.raises(Known, match="reason"):
        await ready.do("secret.ticket", name="team/key", reason="two\nlines")


async def test_the_vault_tells_which_it_is(ready: Desk) -> None:
    status = await ready.ask("vault.status")
    assert (status.name, status.credential, str(status.why)) == ("vault.key", "", "")
    await ready.do("vault.lock")
    assert "passphrase" in str((await ready.ask("vault.status")).why)


async def test_a_vault_in_a_file_gets_another_passphrase_and_keeps_its_key(ready: Desk) -> None:
    await ready.do("secret.add", name="team/key", value=VALUE)
    for given, told in (
        ({"passphrase": WORDS, "new": "short"}, "new: at least 12"),
        ({"passphrase": "other words at all", "new": "a few other words"}, "not the passphrase"),
    ):
        with pytest.raises(Known, match=told):
            await ready.do("vault.passphrase", **given)
    await ready.do("vault.passphrase", passphrase=WORDS, new="a few other words")
    assert await revealed(ready, "team/key") == VALUE
    await ready.do("vault.lock")
    with pytest.raises(Known, match="not the passphrase"):
        await ready.do("vault.unlock", passphrase=WORDS)
    await ready.do("vault.unlock", passphrase="a few other words")
    assert await revealed(ready, "team/key") == VALUE
    trail = [entry.detail for entry in await ready.ask("audit.list", action="vault.passphrase")]
    assert trail and not any(words in repr(trail) for words in (WORDS, "a few other words", "other words at all"))
