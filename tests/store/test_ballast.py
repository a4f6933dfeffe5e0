"""A ballast takes real room, never the last of it, and gives it back on a full disk only."""

from pathlib import Path

import pytest

from watchkeeper.store import ballast
from watchkeeper.store.ballast import Ballast

MIB = 1 << 20


@pytest.fixture
def free(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """What is free, to be set; a real full disk is for tests/faults."""
    found = [1 << 30]
    monkeypatch.setattr(ballast, "free_in", lambda folder: found[0])
    return found


def test_it_takes_its_room_for_real_and_is_its_owners_alone(tmp_path: Path) -> None:
    assert Ballast(tmp_path, MIB).take_aboard(0)
    found = (tmp_path / "ballast").stat()
    assert (found.st_size, found.st_blocks * 512 >= MIB, found.st_mode & 0o777) == (MIB, True, 0o600)
    assert [file.name for file in tmp_path.iterdir()] == ["ballast"]


def test_it_is_taken_once(tmp_path: Path) -> None:
    held = Ballast(tmp_path, MIB)
    assert [held.take_aboard(0), held.take_aboard(0)] == [True, False]


@pytest.mark.parametrize(
    ("floor", "free_before", "is_taken"), [(8, 8, False), (8, 9, True), (0, 1, False), (0, 2, True)]
)
def test_it_leaves_the_floor_and_as_much_as_itself(
    floor: int, free_before: int, is_taken: bool, tmp_path: Path, free: list[int]
) -> None:
    free[0] = free_before * MIB
    assert Ballast(tmp_path, MIB).take_aboard(floor * MIB) is is_taken


def test_it_is_thrown_off_on_a_full_disk_only(tmp_path: Path, free: list[int]) -> None:
    held = Ballast(tmp_path, 2 * MIB)
    held.take_aboard(0)
    free[0] = 2 * MIB
    assert not held.throw_off()
    free[0] = 2 * MIB - 1
    assert held.throw_off() and not held.is_aboard
    assert not held.throw_off()


def test_a_ballast_of_nothing_is_none(tmp_path: Path) -> None:
    assert not Ballast(tmp_path, 0).take_aboard(0)
    assert list(tmp_path.iterdir()) == []
