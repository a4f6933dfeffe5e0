"""A store is looked through: torn pages, rows without their other half, and what no engine would write."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.store.making import brought_to, new, saved, spec
from watchkeeper.model.errors import Damaged, Known
from watchkeeper.model.run import State
from watchkeeper.model.span import Span
from watchkeeper.model.trigger import Interval
from watchkeeper.store import backup, check, schema
from watchkeeper.store.driver import url_of
from watchkeeper.store.store import Store
from watchkeeper.store.triggers import armed


def tear(place: Path, page: int) -> None:
    """Write over a page of the file."""
    with place.open("r+b") as file:
        file.seek(4096 * page)
        file.write(b"\xff" * 4096)


@pytest.fixture
async def lived_in(store: Store) -> Store:
    """With a job, its trigger and a run in every state."""
    job = await saved(store, spec(triggers=(Interval(every=Span(hours=1)),)))
    for state in State:
        if state is not State.UPSTREAM_FAILED:
            await brought_to(store, state, job_id=job.id)
    return store


async def test_a_sound_store_is_found_whole(lived_in: Store) -> None:
    assert await lived_in.read(check.damage) == []
    assert await lived_in.read(check.contradictions) == []
    await lived_in.require_sound()


@pytest.mark.usefixtures("on_sqlite")
@pytest.mark.parametrize("page", [3, 9])
async def test_a_torn_page_is_found_and_the_newest_copy_offered(
    page: int, place: Path, opened: Callable[[], Awaitable[Store]]
) -> None:
    made = backup.copy_of(place, None, lambda copied, total: None)
    tear(place, page)
    store = await opened()
    with pytest.raises(Damaged) as raised:
        await store.require_sound()
    said = str(raised.value)
    assert "watchkeeper.db is damaged (" in said and "nothing is scheduled" in said
    assert f"`watchkeeper workspace restore {made.file}` puts the newest copy back" in said


@pytest.mark.usefixtures("on_sqlite")
async def test_without_a_copy_it_says_where_one_would_be(place: Path, opened: Callable[[], Awaitable[Store]]) -> None:
    tear(place, 3)
    store = await opened()
    with pytest.raises(Damaged, match=r"There is no copy in .*backups; `watchkeeper workspace restore FILE`"):
        await store.require_sound()


@pytest.mark.usefixtures("on_sqlite")
async def test_whoever_comes_upon_a_torn_page_tells_the_store(
    place: Path, opened: Callable[[], Awaitable[Store]]
) -> None:
    store = await opened()
    root = await store.read(lambda tx: tx.value("SELECT rootpage FROM sqlite_master WHERE name = 'pools'"))
    await store.close()
    tear(place, root - 1)
    store = await opened()
    heard: list[Damaged] = []
    store.on_damage = heard.append
    with pytest.raises(Damaged):
        await store.look(lambda tx: tx.rows("SELECT * FROM pools"))
    assert len(heard) == 1
    with pytest.raises(Damaged):
        await store.write(lambda tx: tx.rows("SELECT * FROM pools"))
    with pytest.raises(Damaged):
        await store.move([new()])


@pytest.mark.usefixtures("on_sqlite")
async def test_a_store_without_its_first_page_is_not_opened(place: Path) -> None:
    made = backup.copy_of(place, None, lambda copied, total: None)
    tear(place, 0)
    with pytest.raises(Damaged, match="file is not a database") as raised:
        schema.require_current(url_of(place))
    assert made.file in str(raised.value)


BREAKS = {
    "was made from version 1 of its job, which is not there": "DELETE FROM job_versions",
    "has a record of attempt 7": "INSERT INTO attempts (run_id, number, ended_at) SELECT id, 7, 0 FROM runs "
    "WHERE state = 'FAILED'",
    "stands at version 9, which is not there": "UPDATE jobs SET version = 9",
    "that its cursor has not come to": "UPDATE runs SET trigger_id = (SELECT id FROM triggers), nominal_at = "
    "(SELECT cursor_at + 1 FROM triggers) WHERE state = 'SUCCEEDED'",
}


@pytest.mark.parametrize("sentence", BREAKS)
async def test_what_no_engine_writes_is_told(sentence: str, lived_in: Store) -> None:
    await lived_in.write(lambda tx: tx.run(BREAKS[sentence]))
    told = [str(text) for text in await lived_in.read(check.contradictions)]
    assert told and any(sentence in line for line in told), told


async def test_a_cursor_that_was_moved_back_is_told(lived_in: Store) -> None:
    (trigger,) = await lived_in.read(armed)
    fired: dict[str, Any] = {"trigger_id": trigger.id, "nominal_at": trigger.cursor_us}
    await lived_in.move([new(State.MISSED, **fired, last_missed_at=trigger.cursor_us)])
    assert await lived_in.read(check.contradictions) == []
    await lived_in.write(lambda tx: tx.run("UPDATE triggers SET cursor_at = cursor_at - 1"))
    (told,) = await lived_in.read(check.contradictions)
    assert trigger.id in str(told)


@pytest.mark.usefixtures("on_sqlite")
async def test_an_ended_run_that_holds_a_key_is_told_even_where_the_schema_let_it(lived_in: Store) -> None:
    def smuggle(tx: Any) -> None:
        tx.run("PRAGMA ignore_check_constraints = ON")
        tx.run("UPDATE runs SET held_key = 'k' WHERE state = 'SUCCEEDED'")
        tx.run("PRAGMA ignore_check_constraints = OFF")

    await lived_in.write(smuggle)
    told = [str(text) for text in await lived_in.read(check.contradictions)]
    assert len(told) == 1 and "has ended and still holds the key k" in told[0]


def test_damage_is_an_error_of_the_world() -> None:
    assert issubclass(Damaged, Known)
