"""The same request twice starts once."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.action.conftest import job
from watchkeeper.action.desk import Desk, LocalDesk
from watchkeeper.model.errors import Conflict, Known
from watchkeeper.model.events import RunQueued
from watchkeeper.settings import EXECUTION_ID_WINDOW
from watchkeeper.store.store import Store


@pytest.fixture(autouse=True)
async def nightly(desk: Desk) -> None:
    await desk.do("job.save", spec=job(params={"argv": ["true"], "success": [0, 1]}))
    await desk.do("job.save", spec=job("other"))


async def test_fifty_starts_at_once_with_one_id_make_one_run(desk: Desk) -> None:
    start = {"job": "nightly", "execution_id": "order-7"}
    answers = await asyncio.gather(*(desk.do("run.start", **start) for _count in range(50)))
    assert len({answer.run.id for answer in answers}) == 1
    assert sorted(answer.is_deduplicated for answer in answers) == [False] + [True] * 49
    assert len(await desk.ask("run.list")) == 1


async def test_the_same_id_with_another_payload_is_a_conflict(desk: Desk) -> None:
    await desk.do("run.start", job="nightly", execution_id="x", params={"stdin": "1"})
    for other in ({"job": "nightly"}, {"job": "nightly", "params": {"stdin": "2"}}, {"job": "other"}):
        with pytest.raises(Conflict):
            await desk.do("run.start", execution_id="x", **other)
    again = await desk.do("run.start", job="nightly", execution_id="x", params={"stdin": "1"})
    assert again.is_deduplicated


async def test_without_an_id_every_start_is_a_run(desk: Desk) -> None:
    for _count in range(2):
        await desk.do("run.start", job="nightly")
    assert len(await desk.ask("run.list")) == 2


async def test_an_id_is_free_again_after_its_window(desk: Desk, store: Store) -> None:
    first = await desk.do("run.start", job="nightly", execution_id="x")
    expired = datetime.now(UTC) - timedelta(seconds=1)
    await store.write(lambda tx: tx.run("UPDATE execution_ids SET expires_at = :at", at=int(expired.timestamp() * 1e6)))
    second = await desk.do("run.start", job="nightly", execution_id="x")
    assert second.run.id != first.run.id
    found = await store.read(lambda tx: tx.value("SELECT expires_at FROM execution_ids"))
    assert found / 1e6 == pytest.approx((second.run.created_at + EXECUTION_ID_WINDOW).timestamp(), abs=1)


@pytest.mark.parametrize("words", ["", "x" * 201, "a\nb", "a\0b"])
async def test_an_id_is_a_short_line(desk: Desk, words: str, rows: Any) -> None:
    before = await rows()
    with pytest.raises(Known, match="execution_id"):
        await desk.do("run.start", job="nightly", execution_id=words)
    assert await rows() == before


async def test_words_from_a_command_line_become_the_types_of_the_handler(desk: Desk) -> None:
    started = await desk.do("run.start", job="nightly", params={"success": "3,4", "stdin": "7"})
    assert started.run.params == {"success": [3, 4], "stdin": "7"}


@pytest.mark.parametrize(
    ("params", "sentence"),
    [
        ({"scrpt": "x"}, "did you mean script"),
        ({"success": "many"}, "success"),
        ({"argv": "[]"}, "argv names no program"),
    ],
)
async def test_parameters_that_do_not_fit_are_refused(
    desk: Desk, params: dict[str, str], sentence: str, rows: Any
) -> None:
    before = await rows()
    with pytest.raises(Known, match=sentence):
        await desk.do("run.start", job="nightly", params=params)
    assert await rows() == before


async def test_a_start_tells_the_engine_once_it_is_on_disk(local: LocalDesk) -> None:
    events = local.events()
    first = asyncio.ensure_future(anext(events))
    while not first.done():
        started = await local.do("run.start", job="nightly")
    heard = await first
    assert isinstance(heard, RunQueued) and heard.job_name == "nightly"
    assert started.run.concurrency_key is not None
    await events.aclose()  # type: ignore[attr-defined]
