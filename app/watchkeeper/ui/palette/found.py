"""What the palette offers: things with a title, ranked by how well they fit and how lately they were chosen."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from watchkeeper.model.text import Text, _
from watchkeeper.ui.fuzzy import Match, match, together
from watchkeeper.ui.words import shown

#: Rows of one section at the most.
MOST = 6
#: Points for what was chosen lately, the last of them.
_RECENT = 30
#: Points of what the desk has found for other reasons than its title.
_UNSEEN = -100
LATELY = _("Chosen lately")


class Section(StrEnum):
    """Where it stands; also the chips at the right of the field."""

    JOBS = "jobs"
    RUNS = "runs"
    COMMANDS = "commands"
    PAGES = "pages"
    SETTINGS = "settings"


TITLES: dict[Section, Text] = {
    Section.JOBS: _("Jobs"),
    Section.RUNS: _("Runs"),
    Section.COMMANDS: _("Commands"),
    Section.PAGES: _("Pages"),
    Section.SETTINGS: _("Settings"),
}


@dataclass(frozen=True)
class Way:
    """One of several things that can be done with an offer."""

    title: Text
    choose: Callable[[], object]
    icon: str


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
    #: Each as it is written on a cap.
    keys: tuple[str, ...] = ()
    #: What Enter does, in a word; "" where the title says it.
    verb: Text | str = ""
    #: What the Tab key offers.
    ways: tuple[Way, ...] = ()
    #: The desk has found it for what is typed now, whether or not its title says why.
    is_found: bool = False


@dataclass(frozen=True)
class Hit:
    """An offer, the words over its section, and the characters of its title that were meant."""

    offer: Offer
    heading: Text | str
    places: tuple[int, ...] = ()


def ranked(offers: Iterable[Offer], wanted: str, lately: Sequence[str], section: Section | None) -> list[Hit]:
    """The best of each section; the section with the best of all goes first, without words the usual order.

    `lately` are the ids of what was chosen, the last first: without words they stand above everything.
    """
    known = [offer for offer in offers if section in (None, offer.section)]
    if not wanted:
        return _unasked(known, lately, section)
    scored: dict[Section, list[tuple[float, int, Hit]]] = {each: [] for each in Section}
    for order, offer in enumerate(known):
        found = _fit(wanted, offer)
        if found is not None:
            score = found.score + (_RECENT - 2 * lately.index(offer.id) if offer.id in lately[:15] else 0)
            scored[offer.section].append((-score, order, Hit(offer, TITLES[offer.section], found.places)))
    best = [sorted(found, key=lambda row: row[:2])[: _most(section)] for found in scored.values() if found]
    return [hit for rows in sorted(best, key=lambda rows: rows[0][0]) for _score, _order, hit in rows]


def _unasked(known: Sequence[Offer], lately: Sequence[str], section: Section | None) -> list[Hit]:
    by_id = {offer.id: offer for offer in known}
    above = [Hit(by_id[each], LATELY) for each in lately if each in by_id][:MOST]
    taken = {hit.offer.id for hit in above}
    rest = [offer for offer in known if offer.id not in taken]
    below = [[offer for offer in rest if offer.section is each][: _most(section)] for each in Section]
    return [*above, *(Hit(offer, TITLES[offer.section]) for offers in below for offer in offers)]


def ways_of(offer: Offer, wanted: str) -> list[Hit]:
    """What can be done with an offer, as offers of their own."""
    ways = [Offer(offer.id, offer.section, way.title, way.choose, way.icon) for way in offer.ways]
    found = [(way, match(wanted, shown(way.title)) or _by_fact(wanted, way)) for way in ways]
    return [Hit(way, offer.title, fit.places) for way, fit in found if fit is not None]


def unfound(offer: Offer) -> Offer:
    """The same when something else is typed."""
    return replace(offer, is_found=False)


def _most(section: Section | None) -> int:
    return MOST if section is None else 4 * MOST


def _fit(wanted: str, offer: Offer) -> Match | None:
    found = match(wanted, shown(offer.title)) or _by_fact(wanted, offer)
    return Match(_UNSEEN, ()) if found is None and offer.is_found else found


def _by_fact(wanted: str, offer: Offer) -> Match | None:
    """An English command is found in a Chinese window too, and a job by when it runs."""
    title = match(wanted, str(offer.title)) if isinstance(offer.title, Text) else None
    found = title or together(wanted, shown(offer.fact))
    return None if found is None else Match(found.score // 2, ())
