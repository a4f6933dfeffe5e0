"""What happened while nobody looked, as lines under headings; no line where there is nothing to tell."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from watchkeeper.action import ACTIONS
from watchkeeper.action.away import Away, Gap, Recovery, Trouble
from watchkeeper.model.audit import Entry
from watchkeeper.model.ids import JobId
from watchkeeper.model.run import MakeUp
from watchkeeper.model.text import Text, _, plural
from watchkeeper.ui.clock import now
from watchkeeper.ui.glyphs import WORDS, glyph_of
from watchkeeper.ui.spans import moment
from watchkeeper.ui.widgets.lines import Line, Link

#: What can be decided on a gap.
CHOICES: tuple[tuple[MakeUp, Text], ...] = (
    (MakeUp.ONCE, _("Run once")),
    (MakeUp.ALL, _("Run all of them")),
    (MakeUp.NONE, _("Let it be")),
)


@dataclass(frozen=True)
class Ways:
    """Where lines lead to."""

    go: Callable[[str], None]
    settle: Callable[[JobId, MakeUp], None]
    zone: str


def counts_of(away: Away) -> list[tuple[str, Text]]:
    """How much of each there is, with its glyph; of what there is none nothing."""
    found = (
        ("status/missed", plural("{n} job missed runs", "{n} jobs missed runs", len(away.missed)), away.missed),
        ("status/failed", _("{n} failed", n=len(away.failures)), away.failures),
        ("status/success", _("{n} recovered", n=len(away.recoveries)), away.recoveries),
        ("ui/edit", plural("{n} change", "{n} changes", len(_changes(away))), _changes(away)),
    )
    return [(icon, text) for icon, text, each in found if each]


def lines_of(away: Away, ways: Ways) -> Iterator[Line]:
    """All of it: missed, failed, recovered, changed."""
    sections: Sequence[tuple[Text, list[Line]]] = (
        (_("Missed"), [_gap(gap, ways, gap.job_id in away.undecided) for gap in away.missed]),
        (_("Failed"), [_trouble(trouble, ways) for trouble in away.failures]),
        (_("Recovered"), [_recovery(recovery, ways) for recovery in away.recoveries]),
        (_("Changed and decided"), [_entry(entry, ways) for entry in _changes(away)]),
    )
    for title, lines in sections:
        if lines:
            yield Line(title, when=str(len(lines)), is_heading=True)
            yield from lines


def gap_at(away: Away, number: int) -> JobId | None:
    """The job of the gap in a line, counted as `lines_of` tells them; None where it is none, or decided."""
    place = number - 1
    gap = away.missed[place] if 0 <= place < len(away.missed) else None
    return gap.job_id if gap is not None and gap.job_id in away.undecided else None


def _gap(gap: Gap, ways: Ways, is_open: bool) -> Line:
    words: Text = plural("{n} run was missed", "{n} runs were missed", gap.count)
    fact = words if gap.reason is None else _("{what}: {why}", what=words, why=gap.reason)
    if not is_open:
        fact = _("{what}; decided", what=fact)
    links = tuple(Link(text, partial(ways.settle, gap.job_id, choice)) for choice, text in CHOICES) if is_open else ()
    open_job = partial(ways.go, f"job/{gap.job_id}")
    return Line(gap.job, "status/missed", fact, moment(gap.last_at, ways.zone, now()), links, open_job)


def _trouble(trouble: Trouble, ways: Ways) -> Line:
    word: Text | str = trouble.reason or WORDS[trouble.state]
    if trouble.count > 1:
        word = _("{n} times, at last: {what}", n=trouble.count, what=word)
    if trouble.has_recovered:
        word = _("{what}; it has succeeded since", what=word)
    follow = partial(ways.go, f"run/{trouble.number}")
    at = moment(trouble.at, ways.zone, now())
    return Line(trouble.job, glyph_of(trouble.state), word, at, (Link(_("View log"), follow),), follow)


def _recovery(recovery: Recovery, ways: Ways) -> Line:
    follow = partial(ways.go, f"run/{recovery.number}")
    return Line(recovery.job, "status/success", _("works again"), moment(recovery.at, ways.zone, now()), open=follow)


def _entry(entry: Entry, ways: Ways) -> Line:
    known = ACTIONS.get(entry.action)
    title: Text | str = known.title if known is not None else entry.action
    told = _("{title}: {object}", title=title, object=entry.object) if entry.object else title
    return Line(told, "ui/audit", entry.actor, moment(entry.at, ways.zone, now()), open=partial(ways.go, "audit"))


def _changes(away: Away) -> list[Entry]:
    return sorted((*away.pauses, *away.changes, *away.decisions), key=lambda entry: entry.at, reverse=True)
