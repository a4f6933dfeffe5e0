"""What a job is: a handler with parameters, when it runs, and how it is treated."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from watchkeeper.model.errors import Misfit
from watchkeeper.model.ids import JobId
from watchkeeper.model.span import Span
from watchkeeper.model.text import _
from watchkeeper.model.trigger import Timed, Trigger

Share = Annotated[float, Meta(ge=0, le=1)]


class Policy(StrEnum):
    """What happens when a run is due while another with the same key is live."""

    ALLOW = "allow"
    QUEUE = "queue"
    FORBID = "forbid"
    REPLACE = "replace"
    COALESCE = "coalesce"


class OnUnknown(StrEnum):
    """What to do with a run that may or may not have happened."""

    HOLD = "hold"
    RETRY = "retry"
    FAIL = "fail"


class Retry(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """When a failed attempt is tried again (SEMANTICS: section 7 of the help page on retries)."""

    #: The first attempt counts.
    max_attempts: Annotated[int, Meta(ge=1, le=1000)] = 4
    delay: Span = Span(minutes=1)
    factor: Annotated[float, Meta(ge=1, le=100)] = 1.0
    max_delay: Span = Span(hours=1)
    #: none, full (0 to the whole delay), or a share: 0.1 is ± 10 %.
    jitter: Share | Literal["none", "full"] = "none"
    #: Exit codes, `timeout`, names of exception classes; empty means every failure.
    retry_on: tuple[int | str, ...] = ()
    no_retry_on: tuple[int | str, ...] = ()
    #: No attempt starts later than this after the first was due.
    total_deadline: Span | None = None

    def __post_init__(self) -> None:
        if self.factor != self.factor or self.jitter != self.jitter:
            raise Misfit(_("factor and jitter are numbers; nan is none"), "factor")


class Timeouts(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """How long things may take; None is for ever."""

    #: TERM, then after `grace` KILL.
    soft: Span | None = None
    #: KILL at once.
    hard: Span | None = None
    #: How long a run may wait in the queue before it expires.
    queue: Span | None = None
    #: TERM when so long no output came.
    silence: Span | None = None
    grace: Span = Span(seconds=10)


class Concurrency(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """How many runs with one key may be live, and what becomes of the next."""

    policy: Policy = Policy.QUEUE
    #: How many may wait under `queue`; the next is skipped.
    max_waiting: Annotated[int, Meta(ge=0, le=1_000_000)] = 100


Name = Annotated[str, Meta(min_length=1, max_length=200)]
EnvName = Annotated[str, Meta(min_length=1, max_length=200)]

_PARAM = re.compile(r"\$\{\{\s*params\.(\w+)\s*\}\}")
_ENV_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
#: Control characters and the marks that turn the direction of writing make one name look like another.
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


class JobSpec(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """What a file, a form or a command says of a job."""

    name: Name
    handler: str
    description: str = ""
    tags: tuple[str, ...] = ()
    #: Who is asked when something is wrong with it.
    owner: Annotated[str, Meta(max_length=200)] = ""
    #: Where it stands in the tree of jobs: finance/daily.
    group: Annotated[str, Meta(max_length=200)] = ""
    params: Mapping[str, Any] = {}
    triggers: tuple[Trigger, ...] = ()
    env: Mapping[EnvName, str] = {}
    #: The working folder; the home of the keeper's user if None.
    cwd: str | None = None
    retry: Retry = Retry()
    timeouts: Timeouts = Timeouts()
    concurrency: Concurrency = Concurrency()
    #: Runs with one key exclude each other; `${{ params.NAME }}` is replaced. Empty: the job itself is the key.
    key: str = ""
    #: A named limit shared with other jobs.
    pool: str | None = None
    #: 0 (last) to 9 (first).
    priority: Annotated[int, Meta(ge=0, le=9)] = 5
    on_unknown: OnUnknown = OnUnknown.HOLD
    is_idempotent: bool = False
    is_enabled: bool = True

    def __post_init__(self) -> None:
        _require_name(self.name)
        if self.owner:
            _require_owner(self.owner)
        if self.group:
            _require_group(self.group)
        for name, value in self.env.items():
            _require_env(name, value)

    def calendars(self) -> Iterator[tuple[str, str]]:
        """The names of the calendars that its triggers follow, with their places like `triggers[0].not_on`."""
        for position, trigger in enumerate(self.triggers):
            if isinstance(trigger, Timed):
                for field in ("only_on", "not_on"):
                    for name in getattr(trigger, field):
                        yield f"triggers[{position}].{field}", name


class Job(msgspec.Struct, frozen=True):
    """A saved job: its id never changes, its version counts the saves."""

    id: JobId
    version: int
    spec: JobSpec
    saved_at: datetime
    saved_by: str

    @property
    def name(self) -> str:
        return self.spec.name

    def concurrency_key(self, params: Mapping[str, Any] | None) -> str | None:
        """The key that runs of this job exclude each other by; None under `allow`.

        `${{ params.NAME }}` in the job's expression is replaced by the run's parameter, else the job's own.
        """
        if self.spec.concurrency.policy is Policy.ALLOW:
            return None
        values = {**self.spec.params, **(params or {})}
        return _PARAM.sub(lambda found: str(values.get(found[1], "")), self.spec.key) or f"job:{self.id}"


def _require_name(name: str) -> None:
    if not _is_clean(name):
        raise Misfit(
            _(
                "the name {name} can't be used: no control or direction marks, no blanks at its ends",
                name=ascii(name)[:80],
            ),
            "name",
        )


def _require_owner(owner: str) -> None:
    if not _is_clean(owner):
        raise Misfit(
            _(
                "the owner {owner} can't be used: no control or direction marks, no blanks at its ends",
                owner=ascii(owner)[:80],
            ),
            "owner",
        )


def _require_group(group: str) -> None:
    if not all(part and _is_clean(part) for part in group.split("/")):
        raise Misfit(
            _(
                "the group {group} can't be used: write it like finance/daily, no control or direction marks, no blanks"
                " at the ends of its parts",
                group=ascii(group)[:80],
            ),
            "group",
        )


def _is_clean(name: str) -> bool:
    return not (_UNSEEN.search(name) or name != name.strip() or name in (".", ".."))


def _require_env(name: str, value: str) -> None:
    if not _ENV_NAME.fullmatch(name):
        raise Misfit(
            _("{name} is no name for an environment variable: use letters, digits and _", name=ascii(name)[:80]),
            "env",
        )
    if "\0" in value:
        raise Misfit(_("the environment variable {name} has a NUL byte in its value: remove it", name=name), "env")
