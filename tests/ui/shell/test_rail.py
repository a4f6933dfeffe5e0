"""Each page's icon tells the worst of what is so there, in words too."""

from dataclasses import dataclass

import pytest

from tests.ui.waiting import eventually, ran, saved
from watchkeeper.action.attention import Attention, Need
from watchkeeper.action.desk import Desk
from watchkeeper.ui.shell.rail import badges
from watchkeeper.ui.shell.window import Window
from watchkeeper.ui.words import shown


@dataclass
class Queue:
    """As much of a Status as badges look at."""

    queued: int = 0
    waiting: int = 0


@pytest.mark.parametrize(
    ("counts", "queue", "expected"),
    [
        ({}, Queue(), {}),
        ({}, Queue(1, 1), {"runs": ("status/queued", "2 runs wait")}),
        ({Need.MISSED: 2}, Queue(), {"dashboard": ("status/missed", "2 causes need attention")}),
        (
            {Need.LATE: 1, Need.TIMED_OUT: 1},
            Queue(3),
            {
                "dashboard": ("status/timed-out", "2 causes need attention"),
                "jobs": ("status/timed-out", "1 job has failed"),
                "runs": ("status/late", "3 runs wait"),
            },
        ),
    ],
)
def test_the_worst_is_shown_and_all_of_it_told(
    counts: dict[Need, int], queue: Queue, expected: dict[str, tuple[str, str]]
) -> None:
    found = badges(queue, Attention([], counts, 0))  # type: ignore[arg-type]
    assert {place: (badge.glyph, shown(badge.words)) for place, badge in found.items()} == expected


async def test_a_failure_is_seen_on_the_rail_until_somebody_has_taken_care(desk: Desk, window: Window) -> None:
    cell = window.rail.cells["jobs"]
    assert cell.badge is None
    await saved(desk, "bad", "exit 3")
    run = await ran(desk, "bad")
    await eventually(lambda: cell.badge is not None, "the badge is there")
    assert cell.toolTip() == "Jobs: 1 job has failed"
    assert cell.accessibleDescription() == "1 job has failed"
    await desk.do("attention.acknowledge", run=run.id)
    await eventually(lambda: cell.badge is None, "the badge is gone")
    assert cell.toolTip() == "Jobs"
