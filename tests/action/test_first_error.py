"""Which line of a run's output is shown first, however long the output is."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.action.conftest import job
from watchkeeper.action.desk import Desk
from watchkeeper.action.first_error import BEGINNING, END
from watchkeeper.model.run import Run, State

NOISE = b"12:00:00 INFO all is well\n"


@pytest.fixture
async def failed(desk: Desk, end_run: Any) -> Run:
    """A run that has failed."""
    await desk.do("job.save", spec=job())
    run: Run = (await desk.do("run.start", job="nightly")).run
    await end_run(run, State.FAILED)
    return run


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., None]:
    def written(run: Run, data: bytes, attempt: int = 1) -> None:
        (tmp_path / f"{run.id}.{attempt}").write_bytes(data)

    return written


async def test_the_first_error_is_told_with_its_place(desk: Desk, failed: Run, write: Any) -> None:
    write(failed, NOISE * 3 + b"\x1b[31mERROR\x1b[0m no room on db-02 \xff\r\nERROR later\n")
    found = await desk.ask("run.error", run=str(failed.number))
    assert (found.attempt, found.line, found.offset) == (1, 4, 3 * len(NOISE))
    assert found.text == "ERROR no room on db-02 \ufffd" and not found.is_last_words


async def test_without_an_error_a_failure_has_last_words(desk: Desk, failed: Run, write: Any) -> None:
    write(failed, NOISE + b"giving up\n\n")
    found = await desk.ask("run.error", run=failed.id)
    assert (found.text, found.line, found.is_last_words) == ("giving up", 2, True)


async def test_a_success_has_no_last_words_but_may_have_an_error(desk: Desk, end_run: Any, write: Any) -> None:
    await desk.do("job.save", spec=job())
    run = (await desk.do("run.start", job="nightly")).run
    write(run, NOISE)
    assert await desk.ask("run.error", run=run.id) is None
    await end_run(run, State.SUCCEEDED)
    assert await desk.ask("run.error", run=run.id) is None
    write(run, NOISE + b"ERROR ignored\n")
    assert (await desk.ask("run.error", run=run.id)).text == "ERROR ignored"


async def test_an_output_that_is_empty_or_gone_has_no_error(desk: Desk, failed: Run, write: Any) -> None:
    assert await desk.ask("run.error", run=failed.id) is None
    write(failed, b"")
    assert await desk.ask("run.error", run=failed.id) is None


async def test_of_a_long_output_the_beginning_and_the_end_are_looked_through(
    desk: Desk, failed: Run, write: Any
) -> None:
    long = NOISE * ((BEGINNING + 3 * END) // len(NOISE))
    write(failed, long + b"ERROR at the end\n" + NOISE)
    found = await desk.ask("run.error", run=failed.id)
    assert (found.text, found.line, found.offset) == ("ERROR at the end", None, len(long))
    write(failed, long + b"the end\n")
    found = await desk.ask("run.error", run=failed.id)
    assert (found.text, found.is_last_words, found.offset) == ("the end", True, len(long))


@pytest.mark.parametrize("more", [-1, 0, 1, END - 1, END, END + 1])
async def test_the_end_is_found_whatever_the_length(desk: Desk, failed: Run, write: Any, more: int) -> None:
    last = b"\nERROR last"
    write(failed, b"x" * (BEGINNING + more - len(last)) + last)
    found = await desk.ask("run.error", run=failed.id)
    assert found.text == "ERROR last" and found.offset == BEGINNING + more - len(last) + 1


async def test_an_earlier_attempt_is_looked_at_when_it_is_named(desk: Desk, failed: Run, write: Any) -> None:
    write(failed, b"ERROR first\n", 1)
    write(failed, b"ERROR second\n", 2)
    assert (await desk.ask("run.error", run=failed.id, attempt=2)).text == "ERROR second"
    assert (await desk.ask("run.error", run=failed.id)).text == "ERROR first"


async def test_a_line_of_a_thousand_letters_is_cut(desk: Desk, failed: Run, write: Any) -> None:
    write(failed, b"ERROR " + "长".encode() * 1_000)
    found = await desk.ask("run.error", run=failed.id)
    assert len(found.text) == 300 and found.text.endswith("…")
