"""Runs and their secrets: handed over when the vault is ready, waiting with the reason while it is not."""

import asyncio

from tests.engine.house import PATIENCE, House
from watchkeeper.model.events import VaultChanged
from watchkeeper.model.ids import uuid7
from watchkeeper.model.run import State
from watchkeeper.model.secret import Place, Secret, SecretKind
from watchkeeper.store import blockers, secrets
from watchkeeper.vault.value import Content

PASSPHRASE = "a few good words"
VALUE = "s3cret-of-the-day"

#: Writes down what its file holds, and what mode it has.
READS = 'cat "$WATCHKEEPER_SECRET_KEY_FILE" > "$LEDGER"; stat -c " %a" "$WATCHKEEPER_SECRET_KEY_FILE" >> "$LEDGER"'


async def with_secret(house: House, name: str = "team/key", value: str = VALUE) -> None:
    """A ready vault in a file, with a secret."""
    if house.vault.choice is None:
        choice = house.vault.make(Place.FILE, PASSPHRASE)
        await house.store.write(lambda tx: secrets.choose(tx, choice))
    secret = Secret(uuid7(), name, SecretKind.TOKEN, 1, "", None, house.clock.now(), "test")
    data = house.vault.sealed(Content(value), record=secret.id, version=1)
    await house.store.write(lambda tx: secrets.add(tx, secret, data))


async def reading_job(house: House, name: str = "reads", secret: str = "team/key") -> object:
    env = {"LEDGER": str(house.home / "ledger")}
    return await house.save("shell", name, script=READS, params={"secrets": {"KEY": secret}}, env=env)


async def lock(house: House) -> None:
    status = house.vault.lock()
    await house.store.write(lambda tx: tx.tell(VaultChanged(status.state, status.sentence)))


async def unlock(house: House) -> None:
    status = house.vault.unlock(PASSPHRASE)
    await house.store.write(lambda tx: tx.tell(VaultChanged(status.state, status.sentence)))


async def test_a_process_gets_its_secret_as_a_file_for_its_eyes_only(house: House) -> None:
    await with_secret(house)
    await house.start(has_host=True)
    run = await house.submit(await reading_job(house))
    await house.becomes(run, State.SUCCEEDED)
    assert house.effects() == [f"{VALUE} 600"]
    assert list(house.home.glob("host/**/secret-*")) == []


async def test_a_run_waits_for_a_locked_vault_says_so_and_starts_by_itself_once(house: House) -> None:
    await with_secret(house)
    await house.start(has_host=True)
    await lock(house)
    run = await house.submit(await reading_job(house))
    other = await house.submit(await house.save("shell", "other"))
    await house.becomes(other, State.SUCCEEDED)
    waiting = await house.until(lambda found: found.reason is not None, run, "it is told why it waits")
    assert waiting.state is State.QUEUED
    why = await house.store.read(lambda tx: blockers.why(tx, waiting))
    assert (why.blocker, "vault unlock" in str(why.sentence)) == ("vault", True)
    await unlock(house)
    ended = await house.becomes(run, State.SUCCEEDED)
    assert (ended.attempt, house.effects()) == (1, [f"{VALUE} 600"])


async def test_a_run_whose_secret_is_not_there_fails_with_a_sentence(house: House) -> None:
    await with_secret(house)
    await house.start(has_host=True)
    run = await house.submit(await reading_job(house, secret="team/other"))
    ended = await house.becomes(run, State.FAILED)
    assert "there is no secret team/other" in str(ended.reason)


async def test_without_a_vault_a_run_that_names_a_secret_fails_and_is_told_what_to_do(house: House) -> None:
    await house.start(has_host=True)
    run = await house.submit(await reading_job(house))
    ended = await house.becomes(run, State.FAILED)
    assert "vault init" in str(ended.reason)


async def test_it_is_remembered_when_a_secret_was_used_last_and_by_which_job(house: House) -> None:
    await with_secret(house)
    await house.start(has_host=True)
    await house.becomes(await house.submit(await reading_job(house)), State.SUCCEEDED)
    async with asyncio.timeout(PATIENCE):
        while (used := (await house.store.read(secrets.all))[0]).last_used_at is None:
            await asyncio.sleep(0.01)
    assert used.last_used_by == "reads"


async def test_an_engine_finds_the_runs_that_waited_for_the_vault_of_an_earlier_one(house: House) -> None:
    await with_secret(house)
    house.vault.lock()
    await house.start(has_host=True)
    run = await house.submit(await reading_job(house))
    await house.until(lambda found: found.reason is not None, run, "it is told why it waits")
    await house.stop()
    await house.start(has_host=True)
    assert (await house.look(run)).state is State.QUEUED
    await unlock(house)
    await house.becomes(run, State.SUCCEEDED)
    assert len(house.effects()) == 1


async def test_whoever_starts_a_job_gives_it_no_secret_that_its_author_did_not_name(house: House) -> None:
    await with_secret(house)
    await with_secret(house, "team/other", "another-value")
    await house.start(has_host=True)
    job = await reading_job(house)
    run = await house.submit(job, params={"secrets": {"KEY": "team/other"}})
    ended = await house.becomes(run, State.FAILED)
    assert "team/other, which its job does not name" in str(ended.reason)
    assert house.effects() == []
    await house.becomes(await house.submit(job, params={"script": READS}), State.SUCCEEDED)


async def test_a_broken_seal_fails_its_run_with_a_sentence(house: House) -> None:
    await with_secret(house)
    await with_secret(house, "team/other", "another-value")
    other = (await house.store.read(lambda tx: secrets.values(tx, ["team/other"])))[0]
    sql = "UPDATE secret_versions SET sealed = :data WHERE secret_id <> :id"
    await house.store.write(lambda tx: tx.run(sql, data=other.data, id=other.secret_id))
    await house.start(has_host=True)
    ended = await house.becomes(await house.submit(await reading_job(house)), State.FAILED)
    assert "the seal of the secret team/key is broken" in str(ended.reason)


async def test_a_handler_inside_the_engine_opens_what_its_parameters_name_and_waits_as_well(house: House) -> None:
    await with_secret(house)
    house.vault.lock()
    await house.start()
    params = {"file": str(house.home / "ledger"), "secret": "team/key"}
    run = await house.submit(await house.save("act.open", params=params))
    await house.until(lambda found: found.reason is not None, run, "it is told why it waits")
    await unlock(house)
    await house.becomes(run, State.SUCCEEDED)
    assert house.effects() == [VALUE]


async def test_a_plugin_in_a_process_of_its_own_opens_what_its_parameters_name(house: House) -> None:
    await with_secret(house)
    await house.start(has_host=True)
    params = {"file": str(house.home / "ledger"), "secret": "team/key"}
    await house.becomes(await house.submit(await house.save("act.isolated", params=params)), State.SUCCEEDED)
    assert house.effects() == [VALUE]
