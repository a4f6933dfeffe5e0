"""The things that actions are about: how each is found, whose it is, and how the audit trail calls it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from watchkeeper.model.job import Job
from watchkeeper.model.run import Run
from watchkeeper.model.text import Text, _
from watchkeeper.store import jobs, runs
from watchkeeper.store.tx import Tx


@dataclass(frozen=True)
class Noun:
    """One kind of thing."""

    #: From the name, number or id that a person gives; NotFound.
    find: Callable[[Tx, str], Any]
    #: What permissions are given over: the job's name.
    scope: Callable[[Any], str]
    label: Callable[[Any], str]
    #: What to give for one.
    help: Text


_NOUNS: dict[Any, Noun] = {
    Job: Noun(jobs.find, lambda job: job.name, lambda job: job.name, _("a job, by its name or id")),
    Run: Noun(
        runs.find,
        lambda run: run.job_name,
        lambda run: f"#{run.number} {run.job_name}",
        _("a run, by its number or id"),
    ),
}


def noun_of(shape: Any) -> Noun | None:
    """What is known of a parameter's type; None for a plain value."""
    return _NOUNS.get(shape) if isinstance(shape, type) else None
