"""A clock that was far ahead for a while and is right again must not silence the schedule until it gets there.

A backward clock never makes an instant again that a cursor has passed. But cursors that a wrong clock has carried far
into the future would keep their triggers from firing until then. So a leap forward is remembered, and when the clock
is back where it leapt from, those cursors are set to that moment: a step that is recorded, with the instants of before
still protected by the rows that they made.
"""

from watchkeeper.engine.lapse import CORRECTION
from watchkeeper.model.instant import span_us
from watchkeeper.store import triggers, workspace
from watchkeeper.store.store import Store
from watchkeeper.store.tx import Tx

_FACT = "leap"


async def remember(store: Store, from_us: int, to_us: int) -> None:
    """The clock was set forward by more than a correction, between these moments."""
    await store.write(lambda tx: _remember(tx, from_us, to_us))


async def mend(store: Store, now_us: int) -> bool:
    """Step back to where the clock leapt from if it is there again; whether cursors were set."""
    return await store.write(lambda tx: _mend(tx, now_us))


def _remember(tx: Tx, from_us: int, to_us: int) -> None:
    known = _known(tx)
    workspace.set_fact(tx, _FACT, f"{from_us if known is None else min(from_us, known[0])} {to_us}")


def _mend(tx: Tx, now_us: int) -> bool:
    known, slack_us = _known(tx), span_us(CORRECTION)
    if known is None or not known[0] - slack_us <= now_us < known[1] - slack_us:
        return False
    workspace.set_fact(tx, _FACT, "")
    return triggers.step_back(tx, known[0]) > 0


def _known(tx: Tx) -> tuple[int, int] | None:
    words = (workspace.fact(tx, _FACT) or "").split()
    return (int(words[0]), int(words[1])) if words else None
