"""Files that mean harm: each is read or refused in a sentence with its line, in well under a second."""

import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.action.imports.machine import ANN
from tests.action.imports.test_windows_task import DAILY, EXEC, START, task
from watchkeeper.action import files
from watchkeeper.action.imports import crontab, systemd, windows_task
from watchkeeper.action.imports.found import LARGEST_FILE, Found, text_of
from watchkeeper.model.errors import Known

SERVER = (Path(__file__).parent / "server.crontab").read_bytes()
TIMER = b"[Timer]\nOnCalendar=Mon..Fri *-*-* 8..18/2:0/15:00 Europe/Berlin\nOnBootSec=1h 2min\nPersistent=yes\n"
SERVICE = b'[Service]\nType=oneshot\nEnvironment="A=b c"\nExecStart=/bin/x "${A}" \\\n  y\nRestart=on-failure\n'
TASK = task(f"<CalendarTrigger>{START}{DAILY}</CalendarTrigger>", EXEC).encode()
YAML = b"jobs:\n- name: a\n  handler: shell\n  params: {script: x}\n  triggers: [{cron: '0 5 * * *'}, {every: 5m}]\n"

#: What a reader may choke on, wherever it stands.
PIECES = [b"\0", b"\xff", b"\r", b"\n", b"\x1b[2J", "\u202e".encode(), "\ud7ff".encode(), b"%", b"\\", b'"', b"'", b"="]
PIECES += [b"*/0", b"9" * 400, b"-", b"~", b"(" * 300, b"[" * 300, b"{" * 300, b"&a *a", b"<!DOCTYPE x>", b"]]>", b"$("]
PIECES += [b" " * 30_000, b"a" * 30_000, b"\t", b"1" * 5_000 + b"!", b"1 " * 5_000, b"\\x" * 5_000, b"a=" * 5_000]


def mutated(whole: bytes, seed: int, count: int) -> Iterator[bytes]:
    """`whole` with pieces put in, taken out and repeated; the same for the same seed."""
    chance = random.Random(seed)
    for _number in range(count):
        data = bytearray(whole)
        for _change in range(chance.randint(1, 4)):
            at, length = chance.randrange(len(data) + 1), chance.randint(0, 12)
            data[at : at + length] = chance.choice(PIECES)
        yield bytes(data)


def as_crontab(data: bytes) -> Found:
    return crontab.read(text_of(data), "crontab", ANN)


def as_timer(data: bytes) -> Found:
    return systemd.read({"a.timer": text_of(data)}, {"a.service": SERVICE.decode()}.get, ANN)


def as_service(data: bytes) -> Found:
    return systemd.read({"a.timer": TIMER.decode()}, {"a.service": text_of(data)}.get, ANN)


def as_task(data: bytes) -> Found:
    return windows_task.read(text_of(data), "a.xml", ANN, "UTC")


@pytest.fixture
def as_yaml(tmp_path: Path) -> Callable[[bytes], object]:
    def read(data: bytes) -> object:
        (tmp_path / "jobs.yaml").write_bytes(data)
        return files.read(tmp_path / "jobs.yaml")

    return read


READERS = [(as_crontab, SERVER, 1), (as_timer, TIMER, 2), (as_service, SERVICE, 3), (as_task, TASK, 4)]


@pytest.mark.parametrize(("read", "whole", "seed"), READERS)
def test_a_file_with_anything_in_it_is_read_or_refused(read: Callable[[bytes], Found], whole: bytes, seed: int) -> None:
    refused = 0
    for data in mutated(whole, seed, 100):
        began = time.process_time()
        try:
            found = read(data)
            refused += bool(found.refusals)
            assert all(len(str(each.told)) < 1_000 for each in (*found.refusals, *found.notes))
        except Known as error:
            refused += 1
            assert 0 < len(str(error)) < 1_000
        assert time.process_time() - began < 2
    assert refused > 20


def test_a_jobs_file_with_anything_in_it_is_read_or_refused(as_yaml: Callable[[bytes], object]) -> None:
    refused = 0
    for data in mutated(YAML, 5, 100):
        began = time.process_time()
        try:
            as_yaml(data)
        except Known as error:
            refused += 1
            assert 0 < len(str(error)) < 1_000
        assert time.process_time() - began < 2
    assert refused > 20


GROWN = [
    (as_crontab, b"* * * * * " + b"x%" * 30_000),
    (as_crontab, b"* * * * * " + b"\\" * 60_000),
    (as_crontab, b"* * * * * " + b"$(" * 30_000),
    (as_crontab, b"* * * * * x\n" * 4_900),
    (as_crontab, b"A=" + b" " * 60_000 + b"x\n* * * * * x"),
    (as_crontab, b"#" + b" m" * 30_000 + b"\n* * * * * x"),
    (as_crontab, b"# comment\n" * 4_900 + b"* * * * * x"),
    (as_crontab, b"* " * 30_000),
    (as_crontab, b"1,2," * 15_000 + b" * * * * x"),
    (as_crontab, b"x" * (LARGEST_FILE + 1)),
    (as_timer, b"[Timer]\n" + b"OnCalendar=daily\n" * 4_900),
    (as_timer, b"[Timer]\nOnBootSec=" + b"1" * 50_000 + b"!"),
    (as_timer, b"[Timer]\nOnCalendar=" + b"1," * 30_000),
    (as_timer, b"[Timer]\nOnCalendar=\\\n" * 2_000),
    (as_service, b"[Service]\nExecStart=" + b"a " * 30_000),
    (as_service, b"[Service]\nExecStart=" + b"$a" * 30_000),
    (as_service, b"[Service]\nExecStart=" + b"%" * 60_000),
    (as_service, b"[Service]\nExecStart=/x\n" * 2_400),
    (as_task, b"<Task>" + b"<a>" * 100_000),
    (
        as_task,
        b"<Task><Actions><Exec><Command>x</Command><Arguments>"
        + b'\\"' * 400_000
        + b"</Arguments></Exec></Actions></Task>",
    ),
    (as_task, b"<Task " + b"a='b' " * 50_000 + b"/>"),
]


@pytest.mark.parametrize("number", range(len(GROWN)))
def test_a_file_that_has_grown_beyond_reason_takes_no_second(number: int) -> None:
    read, data = GROWN[number]
    began = time.process_time()
    try:
        read(data)
    except Known as error:
        assert len(str(error)) < 1_000
    assert time.process_time() - began < 2
