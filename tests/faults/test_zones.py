"""All changes of the clock in all zones from 2020 to 2040: triggers against a minute-by-minute reading of cron(8)."""

import os
import random
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from itertools import islice
from multiprocessing import get_context

import pytest

from tests.faults.conftest import IS_LONG
from tests.model.zones_reference import YEARS, Change, all_zones, changes, disagreements

#: Expressions and windows tried at each change.
ROUNDS = 8 if IS_LONG else 1
#: How often a clock is looked at to find its changes; no zone undoes one within a day.
STEP = timedelta(hours=1) if IS_LONG else timedelta(days=1)

Changes = dict[str, tuple[Change, ...]]


@pytest.fixture(scope="module")
def pool() -> Iterator[ProcessPoolExecutor]:
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        yield pool


@pytest.fixture(scope="module")
def known(pool: ProcessPoolExecutor) -> Changes:
    """All changes of each zone."""
    return dict(zip(all_zones(), pool.map(_all_changes, all_zones(), chunksize=8), strict=True))


def test_every_change_is_looked_for_in_every_zone(known: Changes) -> None:
    assert len(known) > 550
    assert len(known["Europe/Berlin"]) == len(known["America/New_York"]) == 2 * len(YEARS)
    assert len(known["Africa/Casablanca"]) > 30 and not known["Asia/Shanghai"]


@pytest.mark.parametrize("year", YEARS)
def test_around_all_changes_of_a_year_triggers_fire_when_cron_would(
    year: int, known: Changes, pool: ProcessPoolExecutor
) -> None:
    """Zones whose clocks change alike are looked at once, through one of them."""
    alike = {change: name for name, found in known.items() for change in found if change.instant.year == year}
    told = list(pool.map(_looked_at, alike.values(), alike.keys(), chunksize=4))
    print(f"{year}: {len(told)} different changes of the clock")
    assert len(told) > 20
    assert [line for lines in told for line in lines] == []


def _all_changes(name: str) -> tuple[Change, ...]:
    return tuple(change for year in YEARS for change in changes(name, year, STEP))


def _looked_at(name: str, change: Change) -> list[str]:
    """The first few things that are wrong around a change."""
    return list(islice(disagreements(name, change, random.Random(f"{name} {change}"), ROUNDS), 5))
