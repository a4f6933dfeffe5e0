"""What the window remembers outlives it, and a broken file costs nothing."""

from pathlib import Path

import pytest

from watchkeeper.ui.memory import Memory


def test_what_is_put_is_there_again(tmp_path: Path) -> None:
    file = tmp_path / "console.json"
    Memory(file).put("window.places", ["jobs", "run/作业"])
    assert Memory(file).get("window.places", []) == ["jobs", "run/作业"]
    assert file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("text", ["", "{", "[1]", '"x"', "\udcff"])
def test_a_file_that_is_no_memory_is_as_good_as_none(tmp_path: Path, text: str) -> None:
    file = tmp_path / "console.json"
    file.write_bytes(text.encode(errors="surrogateescape"))
    memory = Memory(file)
    assert memory.get("theme", "system") == "system"
    memory.put("theme", "dark")
    assert Memory(file).get("theme", "system") == "dark"


def test_a_value_of_another_type_gives_way_to_the_default(tmp_path: Path) -> None:
    file = tmp_path / "console.json"
    Memory(file).put("window.places", "jobs")
    assert Memory(file).get("window.places", ["dashboard"]) == ["dashboard"]


def test_a_folder_that_can_not_be_written_is_borne(tmp_path: Path) -> None:
    memory = Memory(tmp_path / "gone" / "console.json")
    memory.put("theme", "dark")
    assert memory.get("theme", "system") == "dark"
