"""What the palette offers: things with a title, ranked by how well they fit and how lately they were chosen."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from watchkeeper.model.text import Text, _
from watchkeeper.ui.fuzzy import Match, match
from watchkeeper.ui.words import shown

#: Rows of one section at the most.
MOST = 6
#: Points for what was chosen lately, the last of them.
_RECENT = 30


class Section(StrEnum):
    """Where it stands; also the chips at the right of the field."""

    JOBS = "jobs"
    RUNS = "runs"
    COMMANDS = "commands"
    PAGES = "pages"


TITLES: dict[Section, Text] = {
    Section.JOBS: _("Jobs"),
    Section.RUNS: _("Runs"),
    Section.COMMANDS: _("Commands"),
    Section.PAGES: _("Pages"),
}


@dataclass(frozen=True)
class Offer:
    """One thing that may be chosen."""

    #: By which it is remembered: `job:ID`, `command:run.again`.
    id: str
    section: Section
    title: Text | str
    choose: Callable[[], object]
    icon: str = ""
    #: Said in grey behind the title.
    fact: Text | str = ""
    keys: str = ""
    #: What the Tab key offers: words and what they do.
    more: tuple[tuple[Text, Callable[[], object]], ...] = ()


@dataclass(frozen=True)
class Hit:
    """An offer with the characters of its title that were meant."""

    offer: Offer
    places: tuple[int, ...] = field(default=())


def ranked(offers: Iterable[Offer], wanted: str, recent: Sequence[str], section: Section | None) -> list[Hit]:
    """The best of each section; the section with the best of all goes first, without words the usual order."""
    hits: dict[Section, list[tuple[float, int, Hit]]] = {each: [] for each in Section}
    for order, offer in enumerate(offers):
        if section not in (None, offer.section):
            continue
        found = match(wanted, shown(offer.title)) or _by_fact(wanted, offer)
        if found is not None:
            score = found.score + (_RECENT - 2 * recent.index(offer.id) if offer.id in recent[:15] else 0)
            hits[offer.section].append((-score, order, Hit(offer, found.places)))
    most = MOST if section is None else 4 * MOST
    ordered = {each: sorted(found, key=lambda row: row[:2])[:most] for each, found in hits.items() if found}
    sections = sorted(ordered, key=lambda each: ordered[each][0][0]) if wanted else list(ordered)
    return [hit for each in sections for _score, _order, hit in ordered[each]]


def _by_fact(wanted: str, offer: Offer) -> Match | None:
    """An English command is found in a Chinese window too, and a job by its description."""
    texts = [str(offer.title) if isinstance(offer.title, Text) else "", shown(offer.fact)]
    found = next((each for each in (match(wanted, text) for text in texts if text) if each is not None), None)
    return None if found is None else Match(found.score // 2, ())
