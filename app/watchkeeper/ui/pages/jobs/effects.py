"""What a deed would do, in sentences."""

from collections.abc import Callable, Iterator

from watchkeeper.action.job_effect import Deed, Effect
from watchkeeper.model.text import Text, _, plural
from watchkeeper.ui.clock import now
from watchkeeper.ui.spans import ahead, moment

#: Jobs that are named; the rest is counted.
_NAMED = 3

#: The action that does it to one job, and what it is called on a button.
ACTION_OF: dict[Deed, str] = {
    Deed.RUN: "run.start",
    Deed.ENABLE: "job.enable",
    Deed.DISABLE: "job.disable",
    Deed.TAG: "job.tag",
    Deed.UNTAG: "job.untag",
    Deed.DELETE: "job.delete",
}
TITLES: dict[Deed, Text] = {
    Deed.RUN: _("Run now"),
    Deed.ENABLE: _("Enable"),
    Deed.DISABLE: _("Disable"),
    Deed.TAG: _("Tag"),
    Deed.UNTAG: _("Take the tag away"),
    Deed.DELETE: _("Delete"),
}


def title_of(deed: Deed, n: int) -> Text:
    """The deed with the number of jobs."""
    match deed:
        case Deed.RUN:
            return plural("Run {n} job", "Run {n} jobs", n)
        case Deed.ENABLE:
            return plural("Enable {n} job", "Enable {n} jobs", n)
        case Deed.DISABLE:
            return plural("Disable {n} job", "Disable {n} jobs", n)
        case Deed.TAG:
            return plural("Tag {n} job", "Tag {n} jobs", n)
        case Deed.UNTAG:
            return plural("Take the tag from {n} job", "Take the tag from {n} jobs", n)
    return plural("Delete {n} job", "Delete {n} jobs", n)


def sentences_of(effect: Effect, zone: Callable[[], str]) -> Iterator[Text]:
    """How many, what comes of it, and who is left out; the first tells whether there is anything to be done."""
    yield plural("{n} job", "{n} jobs", len(effect.jobs))
    yield from effect.remarks
    if effect.fires:
        first = effect.first_fires[0]
        when = _("{moment}, {ahead}", moment=moment(first.at, zone(), now()), ahead=ahead(first.at, now()))
        yield plural(
            "{n} next fire falls away: {job} {when}",
            "{n} next fires fall away, the first: {job} {when}",
            effect.fires,
            job=first.job,
            when=when,
        )
    for why in dict.fromkeys(str(each.why) for each in effect.skipped):
        same = [each for each in effect.skipped if str(each.why) == why]
        yield _("left out: {jobs}; {why}", jobs=named([each.job for each in same]), why=same[0].why)


def named(names: list[str]) -> Text:
    """The first of them by name, the rest by number."""
    first = ", ".join(names[:_NAMED])
    rest = len(names) - _NAMED
    return (
        plural("{names} and {n} more", "{names} and {n} more", rest, names=first)
        if rest > 0
        else Text("{names}", {"names": first})
    )
