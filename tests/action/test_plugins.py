"""Plugin files through the desk: what waits is allowed or forbidden by a person, by path and hash, and audited."""

from dataclasses import replace
from pathlib import Path

import pytest

from watchkeeper.access.actor import Actor, local_operator
from watchkeeper.access.permission import Permission
from watchkeeper.action import ACTIONS
from watchkeeper.action.desk import LocalDesk
from watchkeeper.action.door import Door
from watchkeeper.model import places
from watchkeeper.model.errors import Conflict, Known, NotFound, Refused
from watchkeeper.model.events import Event, PluginDecided, PluginsReloadAsked
from watchkeeper.plugin.loader import Folder
from watchkeeper.plugin.registry import Registry
from watchkeeper.store import plugins
from watchkeeper.store.store import Store

TEXT = '''"""What it is for."""
__version__ = "1.2"
NEEDS = ["msgspec>=0.1"]
from watchkeeper.plugin import handler

@handler("mine", title="Mine")
def mine(ctx): ...
'''


@pytest.fixture
def file(tmp_path: Path) -> Path:
    folder = tmp_path / "foreign"
    folder.mkdir(mode=0o700)
    path = folder / "mine.py"
    path.write_text(TEXT)
    return path


@pytest.fixture
def foreign(door: Door, file: Path) -> Door:
    registry = Registry()
    registry.load([Folder(places.plugins(), is_bundled=True), Folder(file.parent, is_own=False)])
    return replace(door, registry=registry)


@pytest.fixture
async def desk(foreign: Door) -> LocalDesk:
    return LocalDesk(foreign, local_operator())


async def test_a_file_that_waits_tells_what_it_is_and_needs(desk: LocalDesk, file: Path) -> None:
    row = next(row for row in await desk.ask("plugin.list") if not row.is_bundled)
    assert (row.path, row.state, row.kinds, row.is_own) == (str(file), "waiting", ("mine",), False)
    assert (row.version, row.needs, row.help) == ("1.2", ("msgspec>=0.1",), "What it is for.")
    detail = await desk.ask("plugin.show", path="mine.py")
    assert (detail.source, detail.changes, detail.allowed_by) == (TEXT, (), "")


async def test_an_allowance_holds_for_the_hash_is_audited_told_and_taken_back(
    desk: LocalDesk, foreign: Door, store: Store, file: Path
) -> None:
    told: list[Event] = []
    foreign.listen(told.append)
    allowed = await desk.do("plugin.allow", path="mine.py")
    assert (allowed.path, allowed.is_allowed, allowed.before) == (str(file), True, None)
    assert await store.read(plugins.verdicts) == {(str(file), allowed.hash): True}
    file.write_text(TEXT + "# more\n")
    foreign.registry.reload()
    detail = await desk.ask("plugin.show", path=str(file))
    assert (detail.allowed_by, detail.changes[-1]) == (local_operator().name, "+# more")
    with pytest.raises(Conflict, match="has changed since it was looked at"):
        await desk.do("plugin.allow", path=str(file), hash=allowed.hash)
    forbidden = await desk.do("plugin.forbid", path=str(file), hash=detail.hash[:12])
    assert forbidden.hash == detail.hash != allowed.hash
    await desk.do(ACTIONS["plugin.forbid"].undo or "", **forbidden.undo)
    assert await store.read(plugins.verdicts) == {(str(file), allowed.hash): True}
    await desk.do("plugin.reload")
    assert told == [PluginDecided(str(file))] * 3 + [PluginsReloadAsked()]
    entries = [(entry.action, entry.object, entry.outcome) for entry in await desk.ask("audit.list")]
    assert entries == [
        ("plugin.reload", None, "ok"),
        ("plugin.decide", str(file), "ok"),
        ("plugin.forbid", str(file), "ok"),
        ("plugin.allow", str(file), "failed"),
        ("plugin.allow", str(file), "ok"),
    ]


@pytest.mark.parametrize(
    ("path", "error", "sentence"),
    [
        ("shell.py", Known, "comes with Watchkeeper"),
        ("gone.py", NotFound, r"there is no plugin file gone\.py"),
        ("../../etc/passwd", NotFound, "there is no plugin file"),
        ("\0", Known, "."),
        ("x" * 5_000, Known, "."),
    ],
)
async def test_what_there_is_nothing_to_decide_on_is_refused(
    desk: LocalDesk, store: Store, path: str, error: type[Known], sentence: str
) -> None:
    for action in ("plugin.allow", "plugin.forbid"):
        with pytest.raises(error, match=sentence):
            await desk.do(action, path=path)
    assert await store.read(plugins.verdicts) == {}


@pytest.mark.parametrize("action", ["plugin.allow", "plugin.forbid", "plugin.reload", "plugin.decide"])
async def test_who_may_not_administer_decides_nothing(foreign: Door, store: Store, action: str) -> None:
    desk = LocalDesk(foreign, Actor("ann", frozenset(Permission) - {Permission.ADMIN}))
    with pytest.raises(Refused):
        await desk.do(action, **({} if action == "plugin.reload" else {"path": "mine.py"}))
    assert await store.read(plugins.verdicts) == {}


async def test_a_handler_is_tried_as_a_run_of_a_job_of_its_own(desk: LocalDesk) -> None:
    first = (await desk.do("handler.try", kind="shell", params={"script": "true", "success": "0,3"})).run
    job = await desk.ask("job.show", job="try shell")
    assert (first.job_name, job.spec.tags, job.spec.triggers) == ("try shell", ("trial",), ())
    assert job.spec.params["success"] == [0, 3]
    assert (await desk.do("handler.try", kind="shell", params={"script": "false"})).run.job_id == first.job_id
    with pytest.raises(Known, match=r"params: unknown parameter|params: .*scrip"):
        await desk.do("handler.try", kind="shell", params={"scrip": "true"})
    with pytest.raises(Known, match="did you mean shell"):
        await desk.do("handler.try", kind="shel")
    await desk.do("job.delete", job="try shell")
    await desk.do("job.save", spec={"name": "try shell", "handler": "shell", "params": {"script": "true"}})
    with pytest.raises(Conflict, match="not marked trial"):
        await desk.do("handler.try", kind="shell", params={"script": "true"})
