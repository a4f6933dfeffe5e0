"""What the system says no with is said in words of ours; what an engine runs on is told."""

import dataclasses
import errno
import os
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from watchkeeper.access.actor import local_operator
from watchkeeper.action.desk import Desk, LocalDesk
from watchkeeper.action.door import Door
from watchkeeper.action.system import reason_of
from watchkeeper.model.text import say
from watchkeeper.store import backup
from watchkeeper.store.head import HEAD

OPERATOR = local_operator()


@pytest.mark.parametrize("what", ["missing", "missing/below", "x" * 5_000, ""])
def test_a_real_refusal_is_said_in_chinese(what: str, tmp_path: Path) -> None:
    with pytest.raises(OSError) as refusal:
        (tmp_path / what).read_bytes()
    assert not say(reason_of(refusal.value), "zh_CN").isascii()


def test_what_has_no_words_of_ours_is_told_as_the_system_tells_it() -> None:
    assert reason_of(OSError(errno.EXDEV, os.strerror(errno.EXDEV))) == os.strerror(errno.EXDEV)
    assert reason_of(ValueError("embedded null byte")) == "embedded null byte"
    assert reason_of(OSError()) == ""


async def test_an_engine_tells_what_it_runs_on(desk: Desk, tmp_path: Path) -> None:
    found = await desk.ask("system.facts")
    assert (found.home, found.zone, found.lag, found.vault.state) == (str(tmp_path), "Europe/Berlin", None, "none")
    assert (found.store.kind, found.store.journal, found.store.schema) == ("SQLite", "wal", HEAD)
    assert found.store.size > 10_000 and found.memory > 1_000_000
    assert found.is_clock_synchronised in (True, False, None)
    assert abs(found.now - datetime.now(UTC)) < timedelta(minutes=1)


async def test_the_newest_copy_of_the_store_is_told(door: Door, tmp_path: Path) -> None:
    desk = LocalDesk(dataclasses.replace(door, copy=partial(backup.copy_of, tmp_path / "watchkeeper.db")), OPERATOR)
    assert (await desk.ask("system.facts")).copied_at is None
    made = [step.backup async for step in desk.watch("workspace.backup")][-1]
    assert abs((await desk.ask("system.facts")).copied_at - made.made_at) < timedelta(minutes=1)
    await desk.close()
