"""The store is copied through the desk, step by step; what is looked for by a check is told in sentences."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.action.conftest import job, over_socket
from watchkeeper.access.actor import Actor, local_operator
from watchkeeper.access.permission import Permission
from watchkeeper.action.desk import Desk, LocalDesk
from watchkeeper.action.door import Door
from watchkeeper.model.backup import Copying
from watchkeeper.model.errors import Known, Refused
from watchkeeper.store import backup
from watchkeeper.store.store import Store


@pytest.fixture(params=["local", "socket"])
async def copying_desk(request: pytest.FixtureRequest, door: Door, tmp_path: Path) -> AsyncIterator[Desk]:
    """As boot opens it for a store in a file."""
    desk = LocalDesk(replace(door, copy=partial(backup.copy_of, tmp_path / "watchkeeper.db")), local_operator())
    if request.param == "local":
        yield desk
    else:
        async with over_socket(desk, tmp_path) as remote:
            yield remote
    await desk.close()


async def steps_of(desk: Desk, **given: Any) -> list[Copying]:
    return [step async for step in desk.watch("workspace.backup", **given)]


async def test_a_copy_is_made_step_by_step_and_the_last_one_has_it(copying_desk: Desk, tmp_path: Path) -> None:
    *steps, last = await steps_of(copying_desk)
    assert steps and all(step.backup is None and step.copied <= step.total for step in steps)
    assert last.backup is not None and last.backup == backup.inspected(Path(last.backup.file))
    assert Path(last.backup.file).parent == tmp_path / "backups"
    (entry,) = await copying_desk.ask("audit.list")
    assert (entry.action, entry.object, entry.outcome) == ("workspace.backup", last.backup.file, "ok")
    assert entry.detail["sha256"] == last.backup.sha256


async def test_a_copy_goes_where_it_is_told_to(copying_desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    for place, made in {"here.db": "here.db", "folder": "folder/watchkeeper-*.db"}.items():
        await steps_of(copying_desk, file=str(tmp_path / place))
        assert list(tmp_path.glob(made))


@pytest.mark.parametrize(
    ("file", "sentence"),
    [("copy.db", "no absolute path"), ("/dev/null/copy.db", "can't be written: ")],
)
async def test_where_no_copy_can_be_is_said_in_a_sentence(file: str, sentence: str, copying_desk: Desk) -> None:
    with pytest.raises(Known, match=sentence):
        await steps_of(copying_desk, file=file)


async def test_a_servers_store_is_left_to_its_server(local: LocalDesk) -> None:
    with pytest.raises(Known, match="pg_dump"):
        await steps_of(local)


async def test_who_may_only_look_makes_no_copy(as_actor: Callable[[Actor], LocalDesk], tmp_path: Path) -> None:
    with pytest.raises(Refused):
        await steps_of(as_actor(Actor("guest", frozenset({Permission.VIEW}))), file=str(tmp_path / "copy.db"))
    assert not (tmp_path / "copy.db").exists()


async def test_a_copy_that_nobody_waits_for_is_given_up(door: Door, store: Store, tmp_path: Path) -> None:
    await store.write(lambda tx: tx.run("INSERT INTO facts (name, value) VALUES ('weight', :w)", w="x" * 20_000_000))
    left = threading.Event()

    def copy_slowly(file: Path | None, told: Callable[[int, int], None]) -> Any:
        def told_then_wait(copied: int, total: int) -> None:
            told(copied, total)
            assert left.wait(30)

        return backup.copy_of(tmp_path / "watchkeeper.db", file, told_then_wait)

    desk = LocalDesk(replace(door, copy=copy_slowly), local_operator())
    steps: Any = desk.watch("workspace.backup")
    assert (await anext(steps)).backup is None
    leaving = asyncio.ensure_future(steps.aclose())
    await asyncio.sleep(0)
    left.set()
    await leaving
    assert list((tmp_path / "backups").iterdir()) == []


async def test_a_check_tells_what_no_engine_writes(local: LocalDesk, store: Store) -> None:
    await local.do("job.save", spec=job())
    assert (await local.ask("workspace.check")).faults == []
    await store.write(lambda tx: tx.run("UPDATE jobs SET version = 9"))
    (fault,) = (await local.ask("workspace.check")).faults
    assert "the job nightly stands at version 9, which is not there" in str(fault)
