"""All changes of the clock in all zones from 2020 to 2040: triggers against a minute-by-minute reading of cron(8)."""

import os
import random
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context

from tests.model.zones_reference import YEARS, changes, disagreements, distinct_zones

#: Expressions and windows tried at each change.
ROUNDS = 2


def test_around_all_changes_of_the_clock_triggers_fire_when_cron_would() -> None:
    zones = distinct_zones()
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        told = list(pool.map(_looked_at, zones))
    assert [line for _count, lines in told for line in lines] == []
    counts = {name: count for name, (count, _lines) in zip(zones, told, strict=True)}
    print(f"{sum(counts.values())} changes of the clock in {len(zones)} different zones")
    assert counts["Europe/Berlin"] == counts["America/New_York"] == 2 * len(YEARS)
    assert counts["Africa/Casablanca"] > 20 and counts["Asia/Shanghai"] == 0


def _looked_at(name: str) -> tuple[int, list[str]]:
    """How many changes the zone has, and what is wrong around the first few that are wrong."""
    dice, count, lines = random.Random(name), 0, list[str]()
    for year in YEARS:
        for change in changes(name, year):
            count += 1
            lines += islice(disagreements(name, change, dice, ROUNDS), 5)
    return count, lines[:10]
