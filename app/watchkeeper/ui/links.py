"""`watchkeeper://run/ID`: a place in the console, as other programs hand it over."""

from watchkeeper.model.errors import Known
from watchkeeper.model.text import _

SCHEME = "watchkeeper://"
#: A link is not longer.
LONGEST = 300


def place_of(link: str) -> str:
    """The place that a link means; Known when it is none. Nothing but a place is ever taken from a link."""
    place = link.removeprefix(SCHEME).strip("/")
    noun, _slash, rest = place.partition("/")
    is_fit = (
        link.startswith(SCHEME) and len(link) <= LONGEST and noun.isascii() and noun.isalpha() and link.isprintable()
    )
    if not is_fit or "/" in rest or ".." in rest:
        raise Known(_("{link} is no link of the console: write it like watchkeeper://run/1234", link=ascii(link)[:80]))
    return place


def link_to(place: str) -> str:
    """The link to a place."""
    return SCHEME + place
