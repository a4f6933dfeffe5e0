"""What differs between two runs, field by field, in the order in which it explains most."""

from collections.abc import Iterable, Iterator

from watchkeeper.action.comparison import Comparison
from watchkeeper.action.differences import Difference
from watchkeeper.action.log_diff import LogDiff
from watchkeeper.model.job_form import WORDS
from watchkeeper.model.text import Text, _
from watchkeeper.ui.widgets.diff import Changed, lines_of

#: Fields of a job that its process sees.
_AROUND = ("env.", "cwd", "pool", "key")


def fields_of(found: Comparison) -> list[Changed]:
    """Parameters, environment, the rest of the job, and what came out."""
    spec = [each for each in found.spec if not each.field.startswith("params.")]
    around = [each for each in spec if each.field.startswith(_AROUND)]
    return [
        *(_changed(_("Parameter {name}", name=each.field), f"params.{each.field}", each) for each in found.params),
        *(_changed(_label(each.field), each.field, each) for each in around),
        *(_changed(_label(each.field), each.field, each) for each in spec if each not in around),
        *(_changed(_("Output {name}", name=each.field), f"outputs.{each.field}", each) for each in found.outputs),
    ]


def hunks_of(found: LogDiff) -> Iterable[Changed]:
    """The places at which two outputs differ."""
    return (Changed(_("Line {n}", n=hunk.after), f"−{hunk.before} +{hunk.after}", hunk.lines) for hunk in found.hunks)


def notes_of(found: LogDiff) -> Iterator[Text]:
    """How much it is, and what was left out."""
    yield _(
        "{removed} lines gone, {added} new, {same} the same", removed=found.removed, added=found.added, same=found.same
    )
    yield _("times, ids, process numbers, durations and addresses count as the same")
    cut = max((side.lines for side in (found.run, found.other) if side.is_cut), default=0)
    if cut:
        yield _("only the last {n} lines were compared", n=cut)
    if found.has_more:
        yield _("there are more differences than are told")


def _changed(label: Text, path: str, each: Difference) -> Changed:
    return Changed(label, path, lines_of(each.before, each.after, each.lines))


def _label(path: str) -> Text:
    if path.startswith("env."):
        return _("Environment {name}", name=path.removeprefix("env."))
    told = WORDS.get(path) or WORDS.get(path.partition("[")[0])
    return told.label if told is not None else Text(path)
