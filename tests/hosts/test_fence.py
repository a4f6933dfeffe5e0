"""An engine that has been succeeded can no longer do anything on the host."""

import json
from pathlib import Path

import pytest

from tests.hosts.conftest import Site, shell, until
from watchkeeper.hosts import keeper
from watchkeeper.hosts.host import Fenced, Unreachable


async def test_a_lower_fence_is_refused(site: Site) -> None:
    await site.engine(fence=7)
    with pytest.raises(Fenced):
        await site.engine(fence=6)


async def test_a_higher_fence_closes_the_connection_of_the_lower(site: Site) -> None:
    old = await site.engine(fence=1)
    await site.engine(fence=2)
    with pytest.raises(Fenced):
        await old.host.start([shell("true")])
    with pytest.raises(Fenced):
        await old.host.stat([])
    assert old.returns == 0


async def test_the_fence_outlives_the_keeper(site: Site) -> None:
    await site.engine(fence=5)
    await site.kill_keepers()
    with pytest.raises(Fenced):
        await site.engine(fence=4)
    assert json.loads((site.root / "fences").read_text()) == {"w": 5}


async def test_the_fence_holds_over_keeper_versions(site: Site, tmp_path: Path) -> None:
    program = tmp_path / "keeper_of_another_version.py"
    program.write_bytes(Path(keeper.__file__).read_bytes() + b"\n# another version\n")
    old = await site.engine(fence=1)
    await site.engine(fence=2, program=program)
    start = shell("true")
    with pytest.raises((Fenced, Unreachable)):
        await old.host.start([start])
    assert not site.folder(start.key).exists()


async def test_workspaces_do_not_fence_each_other_and_hear_only_their_own(site: Site) -> None:
    one, other = await site.engine(fence=9), await site.engine(workspace="other", fence=1)
    start = shell("exit 4")
    await other.start(start)
    assert (await other.ending(start.key)).exit_code == 4
    own = shell("true")
    await one.run(own)
    assert one.told == [own.key]


async def test_the_socket_and_the_folder_are_private(site: Site) -> None:
    await site.engine()
    assert site.root.stat().st_mode & 0o777 == 0o700
    (sock,) = await until(lambda: [path for path in _sockets() if path.is_socket()], "the socket")
    assert sock.stat().st_mode & 0o777 == 0o600
    assert len(str(sock).encode()) <= 107


def _sockets() -> list[Path]:
    from watchkeeper.model.places import runtime_folder

    return sorted(runtime_folder().glob("keeper-*.sock"), key=lambda path: path.stat().st_mtime)[-1:]
