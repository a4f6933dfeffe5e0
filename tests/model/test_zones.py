"""A sample of all zones' changes of the clock from 2020 to 2040; `make faults` looks at all of them."""

import random

from tests.model.zones_reference import YEARS, all_zones, changes, disagreements


def test_around_a_change_of_the_clock_triggers_fire_when_cron_would() -> None:
    dice, seen = random.Random("a sample of changes"), 0
    while seen < 80:
        name, year = dice.choice(all_zones()), dice.choice(YEARS)
        for change in changes(name, year):
            seen += 1
            assert list(disagreements(name, change, dice, rounds=2)) == []
