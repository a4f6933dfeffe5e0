"""Files that arrive: each change makes one run, whether or not an engine saw it happen."""

import os
import time
from datetime import UTC, datetime
from pathlib import Path

from tests.engine.house import House, eventually
from tests.engine.test_planner import marker
from watchkeeper.engine.arrivals import arrived
from watchkeeper.model.job import Concurrency, Policy
from watchkeeper.model.run import Run, State
from watchkeeper.model.span import Span
from watchkeeper.model.trigger import FileArrival

EAGER = {"poll": Span(0), "settle": Span(0)}


def in_time(house: House) -> None:
    """Files have the machine's own time: let the clock that the engine sees be it."""
    house.clock.set(datetime.fromtimestamp(time.time(), UTC))


async def arrivals(house: House, count: int) -> list[Run]:
    async def all_ended() -> bool:
        found = [run for run in await house.all_runs() if run.file]
        return len(found) == count and all(run.state is State.SUCCEEDED for run in found)

    while not await all_ended():
        in_time(house)
        await marker(house, "beat")
    return [run for run in await house.all_runs() if run.file]


async def test_each_file_that_arrives_makes_one_run_that_knows_it(house: House) -> None:
    in_time(house)
    folder = house.home / "in"
    folder.mkdir()
    (folder / "old.csv").write_text("there before")
    in_time(house)
    said = f'echo "$WATCHKEEPER_FILE" >> {house.home}/ledger'
    await house.save("shell", "take", script=said, triggers=(FileArrival(file=f"{folder}/*.csv", **EAGER),))
    await house.start(has_host=True)
    for name in ("a.csv", "b.csv", "c.txt"):
        (folder / name).write_text("x")
    runs = await arrivals(house, 2)
    assert sorted(Path(run.file or "").name for run in runs) == ["a.csv", "b.csv"]
    assert sorted(house.effects()) == [f"{folder}/a.csv", f"{folder}/b.csv"]


async def test_a_file_that_changes_arrives_again_and_a_restart_repeats_nothing(house: House) -> None:
    in_time(house)
    file = house.home / "data"
    await house.save(triggers=(FileArrival(file=str(file), **EAGER),))
    await house.start()
    file.write_text("one")
    await arrivals(house, 1)
    await house.stop()
    os.utime(file, (1, 1))
    in_time(house)
    await house.start()
    await arrivals(house, 2)
    await house.stop()
    await house.start()
    await marker(house, "a")
    assert len(await arrivals(house, 2)) == 2


async def test_a_file_counts_as_whole_when_it_has_stood_still(house: House) -> None:
    in_time(house)
    file = house.home / "data"
    trigger = FileArrival(file=str(file), poll=Span(0), settle=Span(hours=1))
    await house.save(triggers=(trigger,), concurrency=Concurrency(policy=Policy.ALLOW))
    await house.start()
    file.write_text("one")
    in_time(house)
    await marker(house, "a")
    assert [run for run in await house.all_runs() if run.file] == []
    house.clock.move(trigger.settle)
    await eventually(lambda: len(house.effects()) == 1, "the run")


def test_files_that_change_in_one_moment_have_moments_of_their_own(tmp_path: Path) -> None:
    for number in range(50):
        os.link(tmp_path / "0", tmp_path / str(number)) if number else (tmp_path / "0").write_text("x")
    found = arrived(f"{tmp_path}/*", 0, 1 << 62)
    assert len({each.changed_us for each in found}) == len(found) == 50


def test_what_can_not_be_looked_at_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "dangling").symlink_to("nowhere")
    (tmp_path / "folder").mkdir()
    assert arrived(f"{tmp_path}/*", 0, 1 << 62) == []
