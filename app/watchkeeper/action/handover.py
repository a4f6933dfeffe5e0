"""What happened meanwhile as a Markdown note: for whoever takes over the watch."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from watchkeeper.action.away import Away
from watchkeeper.action.spec import ACTIONS
from watchkeeper.model.audit import Entry
from watchkeeper.model.run import NAMES
from watchkeeper.model.span import written
from watchkeeper.model.text import Text, _, plural, say
from watchkeeper.model.zone import zone
from watchkeeper.store.away import Gap, Recovery, Trouble

#: What Markdown, or a terminal, would take for more than a letter.
_SPECIAL = str.maketrans({character: f"\\{character}" for character in "\\`*_[]<>#|~"})

Line = Text | str


def markdown(away: Away, language: str, place: str) -> str:
    """The note in `language`, its moments by the clocks of the zone `place`."""
    note = _Note(language, place)
    return "\n".join([*note.head(away), *note.body(away), ""])


class _Note:
    """Says things in one language, with the moments of one zone."""

    def __init__(self, language: str, place: str) -> None:
        self._language = language
        self._zone = zone(place)

    def head(self, away: Away) -> Iterator[str]:
        span = timedelta(minutes=(away.until - away.since) // timedelta(minutes=1))
        yield "# " + self._say(_("Handover"))
        yield ""
        yield self._say(
            _(
                "From {since} to {until} ({span}): {runs}.",
                since=self._at(away.since),
                until=self._at(away.until),
                span=written(span),
                runs=plural("{n} run", "{n} runs", away.runs),
            )
        )

    def body(self, away: Away) -> Iterator[str]:
        now: list[Line] = []
        if away.pause is not None:
            now.append(_("Triggers are paused: {reason}", reason=away.pause.reason))
        if away.unknown:
            now.append(
                plural("{n} run is UNKNOWN: look at its host", "{n} runs are UNKNOWN: look at hosts", away.unknown)
            )
        sections: Sequence[tuple[Text, Iterable[Line]]] = (
            (_("At this moment"), now),
            (_("Failed"), map(self._trouble, away.failures)),
            (_("Recovered"), map(self._recovery, away.recoveries)),
            (_("Missed"), (self._gap(gap, gap.job_id in away.undecided) for gap in away.missed)),
            (_("Changed"), map(self._entry, away.changes)),
            (_("Pauses"), map(self._entry, away.pauses)),
            (_("Decided by people"), map(self._entry, away.decisions)),
        )
        told = [(title, lines) for title, each in sections if (lines := [self._say(line) for line in each])]
        for title, lines in told:
            yield from ("", "## " + self._say(title), "", *(f"- {line}" for line in lines))
        if not told:
            yield from ("", self._say(_("Nothing that anybody has to know of.")))

    def _trouble(self, trouble: Trouble) -> Text:
        said = _(
            "{job}: {state} at {at}, run #{number}",
            job=_name(trouble.job),
            state=NAMES[trouble.state],
            at=self._at(trouble.at),
            number=trouble.number,
        )
        if trouble.reason is not None:
            said = _("{what}: {reason}", what=said, reason=_name(self._say(trouble.reason)))
        elif trouble.exit_code is not None:
            said = _("{what}, exit code {code}", what=said, code=trouble.exit_code)
        if trouble.count > 1:
            said = _("{what} ({n} times)", what=said, n=trouble.count)
        return _("{what}; it has succeeded since", what=said) if trouble.has_recovered else said

    def _recovery(self, recovery: Recovery) -> Text:
        return _(
            "{job}: succeeded again at {at}, run #{number}",
            job=_name(recovery.job),
            at=self._at(recovery.at),
            number=recovery.number,
        )

    def _gap(self, gap: Gap, is_open: bool) -> Text:
        told = _(
            "{job}: {n} missed from {first} to {last}",
            job=_name(gap.job),
            n=gap.count,
            first=self._at(gap.first_at),
            last=self._at(gap.last_at),
        )
        if gap.reason is not None:
            told = _("{what}: {reason}", what=told, reason=_name(self._say(gap.reason)))
        return _("{what}; nobody has decided on it yet", what=told) if is_open else told

    def _entry(self, entry: Entry) -> Text:
        action = ACTIONS.get(entry.action)
        title = self._say(action.title) if action else entry.action
        return _(
            "{at} {actor}: {what} {object}",
            at=self._at(entry.at),
            actor=_name(entry.actor),
            what=title,
            object=_name(entry.object or ""),
        )

    def _at(self, moment: datetime) -> str:
        return f"{moment.astimezone(self._zone):%Y-%m-%d %H:%M}"

    def _say(self, line: Line) -> str:
        return " ".join(say(line, self._language).split())


def _name(text: str) -> str:
    """A name that stays a name in Markdown."""
    return text.translate(_SPECIAL)
