"""What a job must fulfil before it is saved, beyond its types: each refusal names the field and what would be right."""

import math
import re
from collections.abc import Callable, Iterator
from functools import partial

import msgspec

from watchkeeper.action.door import Door
from watchkeeper.action.names import at, require_line, require_name, require_path, require_storable, require_text
from watchkeeper.action.trigger_checks import checked_trigger
from watchkeeper.model import codec
from watchkeeper.model.errors import Known
from watchkeeper.model.job import JobSpec, OnUnknown, Retry, Timeouts
from watchkeeper.model.text import _
from watchkeeper.model.trigger import Interval, Pace, Trigger

_MOST_TRIGGERS = 100
_MOST_TAGS = 50
#: The system refuses a single variable over 128 KiB.
_LONGEST_VALUE = 100_000
_LONGEST_PARAMS = 1 << 20
_EXCEPTION_NAME = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*", re.ASCII)


def checked(door: Door, spec: JobSpec) -> JobSpec:
    """`spec` with the workspace's zone where a trigger needs one and names none; Known with the field's path."""
    for check in _checks(door, spec):
        check()
    triggers = tuple(_checked_trigger(door.zone, trigger, i) for i, trigger in enumerate(spec.triggers))
    return msgspec.structs.replace(spec, triggers=triggers)


def faults(door: Door, spec: JobSpec) -> Iterator[Known]:
    """All that `checked` would refuse, each with its field's path, for a form that shows every fault at its place."""
    triggers = (partial(_checked_trigger, door.zone, trigger, i) for i, trigger in enumerate(spec.triggers))
    every: list[Callable[[], object]] = [*_checks(door, spec), *triggers]
    for check in every:
        try:
            check()
        except Known as refusal:
            yield refusal


def _checks(door: Door, spec: JobSpec) -> Iterator[Callable[[], object]]:
    """Each stands for itself."""
    yield partial(_check_name, spec)
    for of_job in (_check_tags, _check_owner, _check_group, _check_description, _check_cwd, _check_key):
        yield partial(of_job, spec)
    yield from (partial(_check_variable, *item) for item in spec.env.items())
    for of_retry in (_check_factor, _check_jitter, _check_delays):
        yield partial(of_retry, spec.retry)
    yield from (partial(_check_causes, spec.retry, field) for field in ("retry_on", "no_retry_on"))
    yield from (partial(_check_timeout, spec.timeouts, field) for field in ("soft", "hard", "queue", "silence"))
    yield partial(_check_soft, spec.timeouts)
    yield partial(_check_unknown, spec)
    yield partial(_check_params, door, spec)
    yield partial(_check_count, spec)


def _check_name(spec: JobSpec) -> None:
    with at("name"):
        require_name(spec.name)


def _check_tags(spec: JobSpec) -> None:
    with at("tags"):
        _require_at_most(len(spec.tags), _MOST_TAGS)
        for tag in spec.tags:
            require_name(tag)


def _check_owner(spec: JobSpec) -> None:
    if spec.owner:
        with at("owner"):
            require_name(spec.owner)


def _check_group(spec: JobSpec) -> None:
    if spec.group:
        with at("group"):
            require_path(spec.group)


def _check_description(spec: JobSpec) -> None:
    with at("description"):
        require_text(spec.description, 10_000)


def _check_cwd(spec: JobSpec) -> None:
    with at("cwd"):
        require_text(spec.cwd or "", 4_096)


def _check_key(spec: JobSpec) -> None:
    with at("key"):
        require_line(spec.key, 500)


def _check_variable(name: str, value: str) -> None:
    with at(f"env.{name}"):
        if name.startswith("WATCHKEEPER_"):
            raise Known(_("names that begin with WATCHKEEPER_ are given by the engine: choose another"))
        require_text(value, _LONGEST_VALUE)


def _check_factor(retry: Retry) -> None:
    with at("retry.factor"):
        require_storable(retry.factor)


def _check_jitter(retry: Retry) -> None:
    jitter = retry.jitter
    is_right = jitter in ("none", "full") if isinstance(jitter, str) else math.isfinite(jitter)
    if not is_right:
        with at("retry.jitter"):
            raise Known(_("{jitter} is none of these: none, full, or a share like 0.1", jitter=str(jitter)[:60]))


def _check_delays(retry: Retry) -> None:
    if retry.delay > retry.max_delay:
        with at("retry.max_delay"):
            raise Known(_("the delay {delay} is longer than this: raise it", delay=str(retry.delay)))


def _check_causes(retry: Retry, field: str) -> None:
    for item in getattr(retry, field):
        with at(f"retry.{field}"):
            _check_cause(item)


def _check_cause(cause: int | str) -> None:
    if isinstance(cause, int):
        if not 0 <= cause <= 255:
            raise Known(_("{code} is no exit code: they go from 0 to 255", code=cause))
    elif len(cause) > 200 or not _EXCEPTION_NAME.fullmatch(cause):
        raise Known(
            _("{cause} is none of these: an exit code, timeout, or the name of an exception", cause=repr(cause)[:60])
        )


def _check_timeout(timeouts: Timeouts, field: str) -> None:
    if getattr(timeouts, field) is not None and not getattr(timeouts, field):
        with at(f"timeouts.{field}"):
            raise Known(_("no time at all lets nothing run: leave it out for no limit"))


def _check_soft(timeouts: Timeouts) -> None:
    if timeouts.soft and timeouts.hard and timeouts.soft > timeouts.hard:
        with at("timeouts.soft"):
            raise Known(_("it must not be longer than the hard limit, {hard}", hard=str(timeouts.hard)))


def _check_count(spec: JobSpec) -> None:
    with at("triggers"):
        _require_at_most(len(spec.triggers), _MOST_TRIGGERS)


def _check_unknown(spec: JobSpec) -> None:
    if spec.on_unknown is OnUnknown.RETRY and not spec.is_idempotent:
        with at("on_unknown"):
            raise Known(_("only what may run twice can be retried: say is_idempotent: true, or choose hold or fail"))


def _check_params(door: Door, spec: JobSpec) -> None:
    from watchkeeper.plugin.schema import params_of

    with at("handler"):
        handler = door.registry.handler(spec.handler)
    with at("params"):
        require_storable(spec.params)
        if len(codec.encode(spec.params)) > _LONGEST_PARAMS:
            raise Known(_("all parameters together have at most 1 MiB: put a long script into a file"))
        params_of(handler, spec.params)


def _checked_trigger(workspace_zone: str, trigger: Trigger, position: int) -> Trigger:
    with at(f"triggers[{position}]"):
        _check_calendars(trigger)
        return checked_trigger(trigger, workspace_zone)


def _check_calendars(trigger: Trigger) -> None:
    if isinstance(trigger, Interval) and trigger.pace is Pace.FIXED_DELAY and (trigger.only_on or trigger.not_on):
        raise Known(_("a fixed delay has no instants that a calendar could take out: use a fixed rate"))


def _require_at_most(count: int, most: int) -> None:
    if count > most:
        raise Known(_("at most {most} are allowed, these are {count}", most=most, count=count))
