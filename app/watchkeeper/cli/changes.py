"""What has changed or would change, as people read it: before and after, field by field."""

from collections.abc import Iterator, Sequence

from watchkeeper.action.apply import Change, What
from watchkeeper.action.differences import Difference
from watchkeeper.action.log_diff import LogDiff
from watchkeeper.action.versions import Version
from watchkeeper.cli.screen import table
from watchkeeper.cli.speech import Speech, local_time
from watchkeeper.model.text import Text, _

#: Of one version in the list of all; `job diff` tells them all.
_MOST_FIELDS = 3

WHAT = {What.CREATED: _("created"), What.CHANGED: _("changed"), What.UNCHANGED: _("unchanged")}
KINDS = {"job": _("job"), "pool": _("pool"), "calendar": _("calendar")}


def show_changes(speech: Speech, changes: Sequence[Change]) -> None:
    """A row for each thing, and one more for each further field of it."""
    header = [speech.say(title) for title in (_("WHAT"), _("NAME"), _("CHANGE"), _("FIELD"), _("BEFORE"), _("AFTER"))]
    rows = [row for change in changes for row in _change_rows(speech, change)]
    columns = 6 if any(change.differences for change in changes) else 3
    speech.lines(table(header[:columns], [row[:columns] for row in rows]))


def show_versions(speech: Speech, versions: Sequence[Version]) -> None:
    """The newest first, each with a few words on what it changed."""
    header = [speech.say(title) for title in (_("VERSION"), _("SAVED"), _("BY"), _("WHAT CHANGED"))]
    speech.lines(table(header, [_version_row(speech, each) for each in versions]))


def show_differences(speech: Speech, differences: Sequence[Difference]) -> None:
    """A line for each field, and the lines of a text below it."""
    for each in differences:
        speech.line(in_words(speech, each))
        speech.lines("    " + line for line in each.lines)


def show_log_diff(speech: Speech, found: LogDiff) -> None:
    """Hunk by hunk with the numbers of their first lines, then how much it is."""
    for hunk in found.hunks:
        speech.line(f"@@ -{hunk.before} +{hunk.after} @@")
        speech.lines(hunk.lines)
    for side, name in ((found.other, "-"), (found.run, "+")):
        if side.is_cut:
            speech.line(_("{name}: only the last {n} lines were compared", name=name, n=side.lines))
    if found.has_more:
        speech.line(_("there are more differences than are told"))
    speech.line(_("{removed} lines gone, {added} new, {same} the same", **_counts(found)))


def _counts(found: LogDiff) -> dict[str, int]:
    return {"removed": found.removed, "added": found.added, "same": found.same}


def in_words(speech: Speech, difference: Difference) -> str:
    """`retry.delay: 1m -> 5m`; + for what is new and - for what is gone."""
    before, after = speech.say(difference.before), speech.say(difference.after)
    if difference.before is None:
        return f"{difference.field}: + {after}"
    return f"{difference.field}: - {before}" if difference.after is None else f"{difference.field}: {before} -> {after}"


def _change_rows(speech: Speech, change: Change) -> Iterator[list[str]]:
    begun = [speech.say(KINDS[change.kind]), change.name, speech.say(WHAT[change.what])]
    for each in change.differences or (Difference(""),):
        yield [*begun, each.field, speech.say(each.before), speech.say(each.after)]
        begun = ["", "", ""]


def _version_row(speech: Speech, version: Version) -> list[str]:
    told = [in_words(speech, each) for each in version.differences[:_MOST_FIELDS]]
    more = ["…"] if len(version.differences) > _MOST_FIELDS else []
    words: Text | str = "; ".join([*told, *more]) or (_("created") if version.number == 1 else "")
    return [str(version.number), local_time(version.saved_at), version.saved_by, speech.say(words)]
