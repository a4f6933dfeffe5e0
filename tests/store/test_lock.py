"""engine.lock: one writer a workspace, whoever it is."""

import subprocess
import sys
from pathlib import Path

import pytest

from watchkeeper.model.errors import Conflict, Known
from watchkeeper.store.lock import engine_lock, patient_lock

HOLD = (
    "import sys; from pathlib import Path; from watchkeeper.store.lock import engine_lock\n"
    "with engine_lock(Path(sys.argv[1]), 'test') as name: print(name, flush=True); sys.stdin.read()"
)


def test_a_held_lock_is_refused_with_its_holders_name(tmp_path: Path) -> None:
    with (
        engine_lock(tmp_path, "engine") as name,
        pytest.raises(Conflict, match="is held by"),
        engine_lock(tmp_path, "command"),
    ):
        pass
    assert "(engine)" in name
    with engine_lock(tmp_path, "command"):
        pass
    assert (tmp_path / "engine.lock").stat().st_mode & 0o777 == 0o600


def test_a_lock_without_a_workspace_is_refused_and_makes_nothing(tmp_path: Path) -> None:
    with pytest.raises(Known, match="workspace init"), engine_lock(tmp_path / "none", "engine"):
        pass
    assert not (tmp_path / "none").exists()


def test_a_lock_ends_with_its_process(tmp_path: Path) -> None:
    app = Path(__file__).parents[2] / "app"
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=app,
    )  # fmt: skip
    assert holder.stdout is not None
    name = holder.stdout.readline().strip()
    with pytest.raises(Conflict) as refused, engine_lock(tmp_path, "command"):
        pass
    assert name in str(refused.value)
    holder.kill()
    holder.communicate()
    with engine_lock(tmp_path, "command"):
        pass


async def test_patience_waits_for_the_lock_and_ends_in_a_sentence(tmp_path: Path) -> None:
    with engine_lock(tmp_path, "engine"), pytest.raises(Conflict):
        async with patient_lock(tmp_path, "command", 0.1):
            pass
    async with patient_lock(tmp_path, "command", 0.1) as name:
        assert "(command)" in name
