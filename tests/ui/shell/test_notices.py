"""One notice for each cause: repeats are counted, and what recovers takes the place of the failure."""

from datetime import timedelta

import pytest
from PySide6.QtCore import QObject

from watchkeeper.action.attention import Attention, Cause, Need
from watchkeeper.model import events
from watchkeeper.model.ids import JobId, RunId
from watchkeeper.model.run import State
from watchkeeper.model.text import Text
from watchkeeper.ui import clock
from watchkeeper.ui.memory import Memory
from watchkeeper.ui.shell.notices import Notice, Notices
from watchkeeper.ui.shell.quiet import Quiet
from watchkeeper.ui.words import shown


def ended(job: str, state: State = State.FAILED, run: str = "r1") -> events.RunEnded:
    return events.RunEnded(RunId(run), job, state, Text("exit code 1"))


@pytest.fixture
def owner(qapp: object) -> QObject:
    return QObject()


@pytest.fixture
def notices(owner: QObject) -> Notices:
    return Notices(owner)


@pytest.fixture
def told(notices: Notices) -> list[Notice]:
    """What was announced."""
    heard: list[Notice] = []
    notices.announced.connect(heard.extend)
    return heard


def test_what_fails_again_is_one_notice_with_a_count(notices: Notices, told: list[Notice]) -> None:
    notices.take([ended("etl", run="r1"), ended("backup")])
    notices.take([ended("etl", State.TIMED_OUT, run="r2")])
    assert [shown(notice.words) for notice in notices.all()] == ["etl: Timed out (2 times)", "backup: Failed"]
    assert notices.all()[0].place == "run/r2"
    assert notices.unseen == 2
    assert len(told) == 3


def test_recovery_takes_the_place_of_the_failure_and_starts_the_count_anew(
    notices: Notices, told: list[Notice]
) -> None:
    notices.take([ended("etl")])
    notices.take([ended("etl", State.SUCCEEDED)])
    assert [shown(notice.words) for notice in notices.all()] == ["etl works again"]
    notices.take([ended("etl", State.SUCCEEDED)])
    assert len(told) == 2
    notices.take([ended("etl")])
    assert [shown(notice.words) for notice in notices.all()] == ["etl: Failed"]
    for trouble, calm in (
        (events.DiskIsLow(10, 100), events.DiskHasRoom(500)),
        (events.StoreStalled(Text("disk I/O error")), events.StoreRecovered()),
        (events.BackupFailed("no room"), events.BackupMade("b")),
    ):
        notices.take([trouble])
        assert notices.all()[0].is_open
        notices.take([calm])
        assert not notices.all()[0].is_open
    assert len(notices.all()) == 4


def test_what_a_failure_keeps_from_running_stands_in_its_notice(notices: Notices) -> None:
    notices.take([ended("etl", run="r7")])
    cause = Cause(need=Need.FAILED, job_id=JobId("j"), job="etl", run_id=RunId("r7"), since=clock.now(), blocks=40)
    notices.take_attention(Attention([cause], {Need.FAILED: 1}, 40))
    assert shown(notices.all()[0].details) == "exit code 1; 40 jobs are kept from running"


def test_acknowledged_is_no_longer_told(notices: Notices) -> None:
    withdrawn: list[str] = []
    notices.withdrawn.connect(withdrawn.append)
    notices.take([ended("etl"), ended("backup")])
    notices.take([events.RunAcknowledged(RunId("r1"), "etl", "li")])
    assert [notice.key for notice in notices.all()] == ["job:backup"]
    assert withdrawn == ["job:etl"]


def test_snoozed_is_silent_for_an_hour_and_told_again_if_it_is_so_still(notices: Notices, told: list[Notice]) -> None:
    start = clock.now()
    clock.stand_still(start)
    notices.take([ended("etl"), ended("backup")])
    notices.snooze("job:etl")
    notices.snooze("job:backup")
    told.clear()
    notices.take([ended("etl")])
    notices.take([ended("backup", State.SUCCEEDED)])
    assert [notice.key for notice in told] == ["job:backup"]
    clock.stand_still(start + timedelta(minutes=61))
    told.clear()
    notices.wake()
    assert [(notice.key, notice.count) for notice in told] == [("job:etl", 2)]
    assert notices.unseen == 2


def test_do_not_disturb_ends_by_itself_and_is_remembered(owner: QObject) -> None:
    memory, start = Memory(None), clock.now()
    clock.stand_still(start)
    quiet, changes = Quiet(memory, owner), list[bool]()
    quiet.changed.connect(lambda: changes.append(quiet.is_on))
    quiet.turn(True, start + timedelta(hours=1))
    assert Quiet(memory, owner).is_on
    assert "until" in shown(quiet.words("UTC"))
    clock.stand_still(start + timedelta(hours=2))
    assert not quiet.is_on
    assert not Quiet(memory, owner).is_on
    quiet.look()
    assert changes == [True, False]
    quiet.turn(True)
    assert Quiet(memory, owner).is_on
    assert Quiet(memory, owner).until is None
    memory.put("quiet.until", "nonsense")
    assert Quiet(memory, owner).until is None
    memory.put("quiet", False)
    quiet.look()
    assert changes == [True, False, True, False]
