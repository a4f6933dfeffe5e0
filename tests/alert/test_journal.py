"""The journal of failures: every notice is a line, once, whatever was cut short before."""

import json
from pathlib import Path

import pytest

from watchkeeper.alert.journal import Journal
from watchkeeper.store.outbox import Parcel


def parcel(name: str) -> Parcel:
    return Parcel(f"{name}.ended", "run.ended", name, json.dumps({"run_id": name, "why": "出错"}), 0)


def lines(file: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
async def file(tmp_path: Path) -> Path:
    return tmp_path / "notices.jsonl"


@pytest.fixture(autouse=True)
async def threads_end() -> object:
    import asyncio

    yield
    await asyncio.get_running_loop().shutdown_default_executor()


async def test_a_notice_is_one_json_line_that_only_its_owner_reads(file: Path) -> None:
    await Journal(file).deliver(parcel("r1"))
    assert lines(file) == [{"id": "r1.ended", "topic": "run.ended", "run_id": "r1", "why": "出错"}]
    assert file.stat().st_mode & 0o777 == 0o600


async def test_the_same_notice_again_adds_nothing(file: Path) -> None:
    journal = Journal(file)
    for name in ("r1", "r2", "r1"):
        await journal.deliver(parcel(name))
    assert [line["id"] for line in lines(file)] == ["r1.ended", "r2.ended"]


async def test_a_notice_that_an_earlier_process_wrote_is_known(file: Path) -> None:
    await Journal(file).deliver(parcel("r1"))
    await Journal(file).deliver(parcel("r1"))
    assert len(lines(file)) == 1


async def test_half_a_line_of_a_crash_stands_alone_and_its_notice_is_written_whole(file: Path) -> None:
    await Journal(file).deliver(parcel("r1"))
    whole = file.read_bytes()
    file.write_bytes(whole + whole.replace(b"r1", b"r2")[:20])
    await Journal(file).deliver(parcel("r2"))
    first, half, second = file.read_bytes().splitlines()
    assert (json.loads(first)["id"], json.loads(second)["id"]) == ("r1.ended", "r2.ended")
    with pytest.raises(ValueError):
        json.loads(half)


async def test_foreign_lines_do_no_harm(file: Path) -> None:
    file.write_bytes(b'7\n[]\n{"no": "id"}\nnull\n\xff\xfe\n')
    await Journal(file).deliver(parcel("r1"))
    assert file.read_bytes().splitlines()[-1].startswith(b'{"id": "r1.ended"')


async def test_a_place_that_cannot_be_written_is_an_oserror_and_the_notice_is_not_forgotten(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "none" / "notices.jsonl")
    with pytest.raises(OSError):
        await journal.deliver(parcel("r1"))
    (tmp_path / "none").mkdir()
    await journal.deliver(parcel("r1"))
    assert len(lines(tmp_path / "none" / "notices.jsonl")) == 1
