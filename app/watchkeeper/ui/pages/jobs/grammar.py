"""What the query bar offers of jobs: the fields of a filter, and the values that jobs have, with how many have each."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from watchkeeper.model.job_completion import completions
from watchkeeper.model.job_filter import Fault, parse, pieces
from watchkeeper.model.job_table import GroupTally, JobFacets, Tally
from watchkeeper.model.text import Text, plural
from watchkeeper.ui.widgets.query_bar import Offer, Offers


class JobGrammar:
    """Implements query_bar.Grammar. What jobs have is told by `learn`."""

    def __init__(self) -> None:
        #: By field and value, how many jobs have it.
        self._counts: Mapping[str, Mapping[str, int]] = {}

    def learn(self, facets: JobFacets) -> None:
        """Offer these from now on."""
        tallies = {
            "tag": facets.tags,
            "owner": facets.owners,
            "handler": facets.handlers,
            "pool": facets.pools,
            "calendar": facets.calendars,
            "group": tuple(_with_all_within(facets.groups)),
        }
        self._counts = {field: {each.value: each.count for each in found} for field, found in tallies.items()}

    @property
    def tags(self) -> list[str]:
        """The tags that jobs have."""
        return list(self._counts.get("tag", ()))

    def faults(self, text: str) -> Sequence[Fault]:
        return parse(text).faults

    def offers(self, text: str, caret: int) -> Offers:
        known = {field: list(counts) for field, counts in self._counts.items()}
        start, end, found = completions(text, caret, known)
        field = next((piece.field for piece in pieces(text) if piece.at <= start <= piece.end), None)
        return Offers(start, end, [Offer(each.text, self._note(field, each.text, each.help)) for each in found])

    def _note(self, field: str | None, written: str, help: Text | None) -> Text | str:
        """Its meaning, else how many jobs have it; what is offered where no field stands names its own."""
        piece = next(pieces(written if field is None else f"{field}:{written}"))
        count = self._counts.get(piece.field or "", {}).get(piece.values[0].text)
        if help is not None or count is None:
            return help or ""
        return plural("{n} job", "{n} jobs", count)


def _with_all_within(groups: Iterable[GroupTally]) -> Iterator[Tally]:
    """Every group with what is within it."""
    counts: Counter[str] = Counter()
    for group in groups:
        parts = group.path.split("/")
        for depth in range(1, len(parts) + 1) if group.path else ():
            counts["/".join(parts[:depth])] += group.count
    for path in sorted(counts):
        yield Tally(path, counts[path])
