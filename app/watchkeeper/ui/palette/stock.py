"""All that the palette knows to offer: what it was given, and the jobs and runs of which it asks the desk."""

from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from watchkeeper.action.desk import Desk
from watchkeeper.ui.memory import Memory
from watchkeeper.ui.palette import asking
from watchkeeper.ui.palette.found import Hit, Offer, Section, ranked, unfound
from watchkeeper.ui.palette.offers import Ports, job_offer, run_offer
from watchkeeper.ui.words import shown

#: What was chosen, the last first: an offer's id, and words that find it.
CHOSEN = "palette.chosen"
MOST_CHOSEN, RECALLED = 30, 6


class Stock:
    """`on_change` is called whenever there is more of it."""

    def __init__(
        self, desk: Desk, memory: Memory, offers: Sequence[Offer], ports: Ports, on_change: Callable[[], None]
    ) -> None:
        self._desk, self._memory, self._offers, self._ports = desk, memory, tuple(offers), ports
        self._on_change = on_change
        #: Jobs and runs by their ids, and those that were found for what is typed.
        self._known: dict[str, Offer] = {}
        self._found: tuple[Offer, ...] = ()

    async def read_jobs(self) -> None:
        """The first jobs by name, so that a few letters of any kind find them."""
        async for rows in asking.first_jobs(self._desk):
            self._know(self._offers_of(asking.Answer(rows), is_found=False))

    async def recall(self) -> None:
        """The jobs and runs that were chosen lately, wherever they stand by name or number."""
        chosen = list(self._memory.get(CHOSEN, {}).items())[:RECALLED]
        self._know(self._offers_of(await asking.recalled(self._desk, dict(chosen)), is_found=False))

    def finding(self, wanted: str) -> Coroutine[Any, Any, None]:
        """Jobs and runs by words; what was found by others counts no more."""
        self._found = tuple(map(unfound, self._found))
        return self._find(wanted)

    def hits(self, wanted: str, section: Section | None) -> list[Hit]:
        """What fits, in the order in which it is shown; #7 is a run's number and nothing else."""
        if wanted.startswith("#"):
            section = Section.RUNS
        known = {**self._known, **{offer.id: offer for offer in self._found}}
        chosen = list(self._memory.get(CHOSEN, {}))
        return ranked((*known.values(), *self._offers), wanted.removeprefix("#"), chosen, section)

    def remember(self, offer: Offer) -> None:
        """It was chosen."""
        chosen = {name: words for name, words in self._memory.get(CHOSEN, {}).items() if name != offer.id}
        words = shown(offer.title).partition(" ")[0] if offer.section is Section.RUNS else shown(offer.title)
        self._memory.put(CHOSEN, dict([(offer.id, words), *chosen.items()][:MOST_CHOSEN]))

    async def _find(self, wanted: str) -> None:
        self._found = self._offers_of(await asking.found(self._desk, wanted), is_found=bool(wanted))
        self._on_change()

    def _know(self, offers: Sequence[Offer]) -> None:
        self._known |= {offer.id: offer for offer in offers}
        self._on_change()

    def _offers_of(self, answer: asking.Answer, *, is_found: bool) -> tuple[Offer, ...]:
        return (
            *(job_offer(row, self._ports, is_found=is_found) for row in answer.jobs),
            *(run_offer(run, self._ports, is_found=is_found) for run in answer.runs),
        )
