"""What a trigger must fulfil before it is saved, beyond its types. Names of calendars and jobs are looked up later."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from watchkeeper.action.names import at, require_name, require_text
from watchkeeper.model import cron, zone
from watchkeeper.model.cron_fields import read_weekdays
from watchkeeper.model.errors import Known
from watchkeeper.model.schedule import next_after
from watchkeeper.model.text import _
from watchkeeper.model.trigger import After, Cron, FileArrival, Interval, Pace, Timed, Trigger, Window

_EARLIEST, _LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)
_SHORTEST_POLL = timedelta(seconds=1)
_LONGEST_PATH = 4_096


def checked_trigger(trigger: Trigger, workspace_zone: str) -> Trigger:
    """`trigger` with the workspace's zone where it names none; Known with the field."""
    if isinstance(trigger, Timed):
        _check_moments(trigger)
    match trigger:
        case Cron() | Window():
            return _checked_local(trigger, workspace_zone)
        case Interval(pace=Pace.FIXED_DELAY) if trigger.every_nth > 1:
            with at("every_nth"):
                raise Known(_("a fixed delay counts from run to run: make `every` longer instead"))
        case After():
            with at("after"):
                require_name(trigger.after)
        case FileArrival():
            _check_file(trigger)
    return trigger


def _check_moments(trigger: Timed) -> None:
    for field in ("valid_from", "valid_until", "at", "anchor"):
        moment = getattr(trigger, field, None)
        if moment is not None and not _EARLIEST <= moment < _LATEST:
            with at(field):
                raise Known(_("{at} is too far away: choose a moment from 1970 to 8999", at=moment.isoformat()))


def _checked_local(trigger: Cron | Window, workspace_zone: str) -> Cron | Window:
    placed = trigger if trigger.zone is not None else msgspec.structs.replace(trigger, zone=workspace_zone)
    with at("zone"):
        zone.zone(str(placed.zone))
    if isinstance(placed, Cron):
        with at("cron"):
            cron.checked(placed.cron)
    else:
        with at("days"):
            read_weekdays(placed.days)
    if next_after(msgspec.structs.replace(placed, valid_until=None, only_on=(), not_on=()), _now()) is None:
        raise Known(_("this does not fire within 50 years: check its days, its DST rules and every_nth"))
    return placed


def _now() -> datetime:
    return datetime.now(UTC)


def _check_file(trigger: FileArrival) -> None:
    with at("file"):
        require_text(trigger.file, _LONGEST_PATH)
        path = Path(trigger.file)
        if not path.is_absolute() or not path.name:
            raise Known(_("{path} is no absolute path of a file: write it from the root on", path=trigger.file[:80]))
        if re.search(r"[*?]", str(path.parent)):
            raise Known(_("{path} may hold * and ? only in its last part", path=trigger.file[:80]))
    if trigger.poll < _SHORTEST_POLL:
        with at("poll"):
            raise Known(_("{span} is too often to look at a disk: use 1s or more", span=str(trigger.poll)))
