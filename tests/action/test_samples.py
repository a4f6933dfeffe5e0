"""The jobs to begin with are added in a person's language and taken out again, and nothing else is touched."""

import pytest

from tests.action.conftest import job
from watchkeeper.action.apply import What
from watchkeeper.action.desk import Desk
from watchkeeper.model.errors import Conflict, Known, NotFound


async def names(desk: Desk) -> list[str]:
    return [each.name for each in await desk.ask("job.list")]


async def test_samples_are_there_in_one_deed_and_gone_by_its_undo(desk: Desk) -> None:
    await desk.do("job.save", spec=job("mine"))
    added = await desk.do("samples.add", language="zh_CN")
    assert len(added.changes) == 4
    hello = await desk.ask("job.show", job="hello")
    assert hello.spec.description == "每二十秒报一次时间。" and hello.spec.tags == ("sample",)
    assert len(await names(desk)) == 5
    await desk.do("samples.remove", **added.undo)
    assert await names(desk) == ["mine"]
    told = [(entry.action, entry.outcome) for entry in await desk.ask("audit.list", limit=2)]
    assert told == [("samples.remove", "ok"), ("samples.add", "ok")]


async def test_undo_takes_out_only_what_was_new(desk: Desk) -> None:
    await desk.do("samples.add")
    again = await desk.do("samples.add")
    assert {change.what for change in again.changes} == {What.UNCHANGED}
    with pytest.raises(NotFound, match="there is no sample job"):
        await desk.do("samples.remove", **again.undo)
    assert len(await names(desk)) == 4


async def test_a_job_that_is_no_sample_keeps_its_name_and_stays(desk: Desk) -> None:
    await desk.do("job.save", spec=job("hello"))
    with pytest.raises(Conflict, match="hello"):
        await desk.do("samples.add")
    assert await names(desk) == ["hello"]
    with pytest.raises(NotFound):
        await desk.do("samples.remove")
    assert await names(desk) == ["hello"]


@pytest.mark.parametrize("language", ["de", "", "../en"])
async def test_a_language_that_is_not_spoken_is_refused_by_its_name(desk: Desk, language: str) -> None:
    with pytest.raises(Known, match="language"):
        await desk.do("samples.add", language=language)
    assert await names(desk) == []
