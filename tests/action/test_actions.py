"""Laws for every action, and what the audit trail has to say of each."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import pytest

from tests.action.conftest import job
from watchkeeper.access.actor import Actor, local_operator
from watchkeeper.access.permission import Permission
from watchkeeper.action import ACTIONS
from watchkeeper.action.desk import LocalDesk
from watchkeeper.action.door import Door
from watchkeeper.action.spec import Action, Kind, Sensitive, action
from watchkeeper.model import places
from watchkeeper.model.audit import Entry
from watchkeeper.model.errors import Known, NotFound, Refused
from watchkeeper.model.job import Job
from watchkeeper.model.run import Run, State
from watchkeeper.model.secret import Place, Secret, SecretKind
from watchkeeper.model.text import Text, _
from watchkeeper.plugin.loader import Folder
from watchkeeper.plugin.registry import Registry
from watchkeeper.store import audit, secrets
from watchkeeper.store.store import Store
from watchkeeper.store.tx import Tx
from watchkeeper.vault.value import Content

START = datetime(2026, 3, 1, tzinfo=UTC)

#: Actions over many things at once, or over what the workspace has one of: there is no object to name.
OVER_MANY = {
    "jobs.apply",
    "run.settle",
    "samples.add",
    "samples.remove",
    "schedule.pause",
    "schedule.resume",
    "plugin.reload",
    "vault.init",
    "vault.lock",
    "vault.passphrase",
    "vault.unlock",
}

#: What the vault of `prepared` is opened with, and a value in it.
WORDS, VALUE = "a few good words", "correct-horse-battery"

#: For every action that changes something, what it is tried with in the workspace of `prepared`.
TRIED: dict[str, dict[str, Any]] = {
    "job.save": {"spec": job("other")},
    "job.enable": {"job": "nightly"},
    "job.disable": {"job": "nightly"},
    "job.delete": {"job": "nightly"},
    "job.restore": {"job": "nightly", "version": 1},
    "job.tag": {"job": "nightly", "tag": "slow"},
    "job.untag": {"job": "nightly", "tag": "etl"},
    "run.start": {"job": "nightly"},
    "run.cancel": {"run": "1"},
    "run.rerun": {"run": "2"},
    "run.resolve": {"run": "3", "state": "SUCCEEDED", "reason": "seen on the host"},
    "run.settle": {"state": "FAILED", "reason": "nothing of it is on the host"},
    "run.mark": {"run": "2", "state": "SUCCEEDED", "reason": "repaired"},
    "attention.acknowledge": {"run": "2", "note": "seen"},
    "attention.reopen": {"run": "3"},
    "missed.settle": {"job": "nightly", "choice": "once"},
    "schedule.pause": {"reason": "maintenance"},
    "schedule.resume": {},
    "pool.save": {"name": "net", "size": 3},
    "pool.delete": {"name": "spare"},
    "pool.restore": {"name": "spare", "size": 4},
    "calendar.save": {"spec": {"name": "work", "holds": [{"kind": "weekly", "days": "mon-fri"}]}},
    "calendar.import": {"name": "team", "events": [{"kind": "event", "event": "2026-05-01"}]},
    "calendar.delete": {"name": "idle"},
    "calendar.restore": {"name": "idle", "former": {"name": "idle", "holds": [{"kind": "weekly"}]}},
    "jobs.apply": {"jobs": [job("other")]},
    "secret.add": {"name": "team/new", "value": VALUE},
    "secret.replace": {"name": "team/key", "value": VALUE},
    "secret.rotate": {"name": "team/key", "value": VALUE},
    "secret.revert": {"name": "team/key", "version": 1},
    "secret.delete": {"name": "team/key"},
    "secret.undelete": {"secret_id": "gone"},
    "secret.ticket": {"name": "team/key"},
    "secret.reveal": {"name": "team/key", "ticket": "ticket"},
    "vault.init": {"place": "file", "passphrase": WORDS},
    "vault.unlock": {"passphrase": WORDS},
    "vault.lock": {},
    "vault.passphrase": {"passphrase": WORDS, "new": "a few other words"},
    "settings.change": {"name": "retention.runs", "value": "30d"},
    "settings.reset": {"name": "retention.runs"},
    "samples.add": {"language": "en"},
    "samples.remove": {},
    "plugin.allow": {"path": "theirs.py"},
    "plugin.forbid": {"path": "theirs.py"},
    "plugin.decide": {"path": "theirs.py", "hash": "0" * 64, "is_allowed": False},
    "plugin.reload": {},
    "handler.try": {"kind": "shell", "params": {"script": "true"}},
}
DEEDS = [name for name, each in ACTIONS.items() if each.kind is Kind.DO]


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    """With a file that waits to be allowed."""
    folder = tmp_path / "theirs"
    folder.mkdir(mode=0o700)
    (folder / "theirs.py").write_text("X = 1\n")
    registry = Registry()
    registry.load([Folder(places.plugins(), is_bundled=True), Folder(folder, is_own=False)])
    return registry


@pytest.fixture
async def with_secrets(door: Door, store: Store, request: pytest.FixtureRequest) -> None:
    """A vault with a secret, another that was deleted, and a ticket; none yet for the deed that makes one."""
    if "vault.init" in request.node.name:
        return
    me = local_operator().name
    choice = door.vault.make(Place.FILE, WORDS)
    for name in ("team/key", "gone"):
        secret = Secret(name, name, SecretKind.TOKEN, 1, "", None, START, me)
        data = door.vault.sealed(Content(VALUE), record=name, version=1)
        await store.write(lambda tx, secret=secret, data=data: secrets.add(tx, secret, data))
    await store.write(lambda tx: secrets.delete(tx, secrets.get(tx, "gone"), tx.now + timedelta(days=1)))
    await store.write(lambda tx: secrets.choose(tx, choice))
    door.vault.tickets._given["ticket"] = ("team/key", me, time.monotonic())


@pytest.fixture
async def prepared(local: LocalDesk, end_run: Any, lose_run: Any, miss: Any, with_secrets: None) -> LocalDesk:
    """A job, a sample; a queued run (1), a failed (2), an unknown (3, seen), a missed (4); pool, calendar and pause."""
    await local.do("job.save", spec=job(concurrency={"policy": "allow"}, tags=["etl"]))
    await local.do("job.save", spec=job("hello", tags=("sample",)))
    await local.do("pool.save", name="spare", size=1)
    await local.do("calendar.save", spec={"name": "idle"})
    runs = [(await local.do("run.start", job="nightly")).run for _count in range(3)]
    await end_run(runs[1], State.FAILED)
    await lose_run(runs[2])
    await miss(runs[0])
    await local.do("attention.acknowledge", run="3")
    await local.do("schedule.pause")
    return local


@pytest.fixture
def newest(store: Store) -> Callable[[], Any]:
    async def look() -> Entry:
        return (await store.read(lambda tx: audit.page(tx, limit=1)))[0]

    return look


@pytest.mark.parametrize("each", ACTIONS.values(), ids=lambda each: each.name)
def test_every_action_says_what_it_is_who_may_do_it_and_what_it_is_about(each: Action) -> None:
    assert each.title.message and each.fn.__doc__
    assert isinstance(each.permission, Permission)
    nouns = [parameter.name for parameter in each.parameters if parameter.noun and parameter.is_required]
    if each.kind is Kind.DO:
        assert each.permission is not Permission.VIEW
        assert each.on is not None or each.name in OVER_MANY
    if nouns:
        assert each.on in nouns


def test_what_an_action_names_is_there() -> None:
    for each in ACTIONS.values():
        assert each.undo is None or ACTIONS[each.undo].kind is Kind.DO
        assert each.preview is None or ACTIONS[each.preview].kind is Kind.ASK


def test_every_deed_is_tried_here() -> None:
    assert set(TRIED) == set(DEEDS)


@pytest.mark.parametrize("name", DEEDS)
async def test_a_deed_is_audited_with_its_object(prepared: LocalDesk, newest: Any, name: str) -> None:
    await prepared.do(name, **TRIED[name])
    entry = await newest()
    assert (entry.action, entry.outcome) == (name, "ok")
    assert entry.object is not None or name in OVER_MANY


@pytest.mark.parametrize("name", DEEDS)
async def test_a_deed_without_permission_is_refused_changes_nothing_and_is_audited(
    prepared: LocalDesk, as_actor: Callable[[Actor], LocalDesk], newest: Any, rows: Any, name: str
) -> None:
    before = await rows()
    others = frozenset(Permission) - {ACTIONS[name].permission}
    with pytest.raises(Refused):
        await as_actor(Actor("ann", others)).do(name, **TRIED[name])
    entry = await newest()
    assert (entry.actor, entry.action, entry.outcome) == ("ann", name, "refused")
    assert entry.detail["error"]["values"]["permission"] == ACTIONS[name].permission
    assert await rows() == before


@pytest.mark.parametrize("name", [name for name, each in ACTIONS.items() if each.kind is not Kind.DO])
async def test_a_query_without_permission_is_refused_and_audited(
    as_actor: Callable[[Actor], LocalDesk], newest: Any, name: str
) -> None:
    desk = as_actor(Actor("ann", frozenset()))
    with pytest.raises(Refused):
        await (anext(desk.watch(name)) if ACTIONS[name].kind is Kind.WATCH else desk.ask(name))
    entry = await newest()
    assert (entry.actor, entry.action, entry.outcome) == ("ann", name, "refused")


async def test_a_deed_that_fails_is_audited_with_the_sentence(prepared: LocalDesk, newest: Any, rows: Any) -> None:
    before = await rows()
    with pytest.raises(NotFound):
        await prepared.do("job.delete", job="nighly")
    entry = await newest()
    assert (entry.action, entry.object, entry.outcome) == ("job.delete", "nighly", "failed")
    assert entry.detail["error"]["values"]["near"] == "nightly"
    assert await rows() == before


async def test_the_audit_tells_the_run_the_version_and_short_values(prepared: LocalDesk, newest: Any) -> None:
    started = await prepared.do("run.start", job="nightly", params={"stdin": "x" * 5_000})
    entry = await newest()
    assert entry.object == "nightly"
    assert entry.detail["run"] == started.run.id
    assert len(entry.detail["params"]["stdin"]) < 300
    await prepared.do("job.save", spec=job(description="new"))
    assert (await newest()).detail == {"version": 2}


async def test_what_is_marked_sensitive_never_gets_into_the_audit(
    local: LocalDesk, newest: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("watchkeeper.action.spec.ACTIONS", dict(ACTIONS))

    @action("test.unlock", title=_("done"), permission=Permission.ADMIN)
    def unlock(tx: Tx, actor: Actor, *, word: Annotated[str, Sensitive], fails: bool = False) -> None:
        """Only for this test."""
        if fails:
            raise Known(Text("no"))

    for fails in (False, True):
        try:
            await local.do("test.unlock", word="open sesame", fails=fails)
        except Known:
            assert fails
        entry = await newest()
        assert entry.action == "test.unlock"
        assert "sesame" not in str(entry)


async def test_an_object_that_is_given_besides_needs_the_permission_too(local: LocalDesk, door: Door) -> None:
    """A job's new name is one object, the job that gets it another."""
    await local.do("job.save", spec=job("a"))
    asked: list[str] = []

    class Watched(Actor):
        def require(self, permission: Permission, scope: str = "") -> None:
            asked.append(scope)

    desk = LocalDesk(door, Watched("ann", frozenset()))
    renamed = await desk.do("job.save", spec=job("b"), job="a")
    assert isinstance(renamed, Job) and renamed.name == "b"
    assert {"a", "b"} <= set(asked)
    asked.clear()
    await desk.do("jobs.apply", jobs=[job("c"), job("d")])
    assert {"c", "d"} <= set(asked)


def test_objects_are_found_by_the_type_of_the_parameter() -> None:
    with_objects = {parameter.name for each in ACTIONS.values() for parameter in each.parameters if parameter.noun}
    assert with_objects == {Job.__name__.lower(), Run.__name__.lower(), "other"}
