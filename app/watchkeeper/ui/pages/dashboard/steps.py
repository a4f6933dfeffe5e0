"""The first steps: what a newcomer does to have seen it all once, and how far they are. No Qt."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from watchkeeper.model.job_table import JobRow
from watchkeeper.model.run import State
from watchkeeper.model.text import Text, _

_FAILED = (State.FAILED, State.TIMED_OUT)


@dataclass(frozen=True)
class Facts:
    """What is known of a workspace and of the person before it."""

    #: Jobs with the tag of samples.
    samples: Sequence[JobRow] = ()
    #: All jobs.
    total: int = 0
    has_read_a_failure: bool = False
    has_engine: bool = True


@dataclass(frozen=True)
class Way:
    """Something to do for a step: words, and the deed's name on the page."""

    title: Text
    deed: str
    icon: str = ""


@dataclass(frozen=True)
class Step:
    """One of the five."""

    title: Text
    text: Text
    is_done: bool
    #: The first one is the usual way.
    ways: tuple[Way, ...] = ()


def steps_of(facts: Facts) -> list[Step]:
    """The five steps in their order; what has happened is done, in whatever order it has."""
    is_mended = mended(facts.samples) is not None
    engine = _("It fires jobs on this machine, also while the window is hidden.")
    return [
        Step(_("Start the engine"), engine, facts.has_engine),
        _see_a_run(facts),
        _read_a_failure(facts, is_mended=is_mended),
        _mend_it(facts, is_mended=is_mended),
        _make_one(facts),
    ]


def soonest(samples: Sequence[JobRow]) -> JobRow:
    """The sample that fires next; the first one when none does."""
    timed = [row for row in samples if row.next_at is not None]
    return min(timed, key=_next) if timed else samples[0]


def failing(samples: Sequence[JobRow]) -> JobRow | None:
    """The sample whose newest ending is a failure."""
    return next((row for row in samples if row.last is not None and row.last.state in _FAILED), None)


def mended(samples: Sequence[JobRow]) -> JobRow | None:
    """The sample that has failed before and whose newest ending is a success."""
    return next((row for row in samples if _has_failed(row) and _has_succeeded(row)), None)


def _see_a_run(facts: Facts) -> Step:
    title = _("See a job run")
    seen = next((row for row in facts.samples if _has_succeeded(row)), None)
    if seen is not None:
        return Step(title, _("{job} has run, and it succeeded.", job=seen.name), True)
    if facts.samples:
        text = _("{job} fires within a minute.", job=soonest(facts.samples).name)
        return Step(title, text, False, (Way(_("Run now"), "run", "ui/play"),))
    if facts.total:
        return Step(title, _("Any of your jobs will do: select it and press R."), True)
    text = _("Four small jobs show how it works. They can be changed and removed; nothing outside is touched.")
    return Step(title, text, False, (Way(_("Add the sample jobs"), "add", "ui/plus"),))


def _read_a_failure(facts: Facts, *, is_mended: bool) -> Step:
    title = _("Read why a job has failed")
    row = failing(facts.samples)
    is_done = facts.has_read_a_failure or is_mended
    if row is None or is_done:
        return Step(title, _("The page of a run shows the first error above its output; E goes to it."), is_done)
    text = _("{job} fails. The page of its run shows the first error above the output.", job=row.name)
    return Step(title, text, False, (Way(_("Open the run"), "read", "ui/monitor"),))


def _mend_it(facts: Facts, *, is_mended: bool) -> Step:
    title = _("Mend it and run it again")
    row = failing(facts.samples)
    if row is None or is_mended:
        return Step(title, _("Change the script, save, and run it again with R."), is_mended)
    text = _("Write the file's right name into the script of {job}, save it with Ctrl+S, and run it.", job=row.name)
    ways = (Way(_("Edit the script"), "mend", "ui/edit"), Way(_("Run now"), "again", "ui/play"))
    return Step(title, text, False, ways)


def _make_one(facts: Facts) -> Step:
    text = _("A command, a time and a place are enough. A crontab is taken over too; nothing changes before you agree.")
    is_done = facts.total > len(facts.samples)
    ways = () if is_done else (Way(_("New job"), "new", "ui/plus"), Way(_("Take over a crontab"), "crontab"))
    return Step(_("Make a job of your own"), text, is_done, ways)


def _next(row: JobRow) -> datetime:
    assert row.next_at is not None
    return row.next_at


def _has_succeeded(row: JobRow) -> bool:
    return row.last is not None and row.last.state is State.SUCCEEDED


def _has_failed(row: JobRow) -> bool:
    return any(run.state in _FAILED for run in row.runs)
