"""What a job must fulfil before it is saved, beyond its types: each refusal names the field and what would be right."""

import math
import re
from collections.abc import Mapping

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
    with at("name"):
        require_name(spec.name)
    _check_words(spec)
    _check_env(spec.env)
    _check_retry(spec.retry)
    _check_timeouts(spec.timeouts)
    _check_unknown(spec)
    _check_params(door, spec)
    with at("triggers"):
        _require_at_most(len(spec.triggers), _MOST_TRIGGERS)
    triggers = tuple(_checked_trigger(door.zone, trigger, i) for i, trigger in enumerate(spec.triggers))
    return msgspec.structs.replace(spec, triggers=triggers)


def _check_words(spec: JobSpec) -> None:
    with at("tags"):
        _require_at_most(len(spec.tags), _MOST_TAGS)
        for tag in spec.tags:
            require_name(tag)
    if spec.owner:
        with at("owner"):
            require_name(spec.owner)
    if spec.group:
        with at("group"):
            require_path(spec.group)
    with at("description"):
        require_text(spec.description, 10_000)
    with at("cwd"):
        require_text(spec.cwd or "", 4_096)
    with at("key"):
        require_line(spec.key, 500)


def _check_env(env: Mapping[str, str]) -> None:
    for name, value in env.items():
        with at(f"env.{name}"):
            if name.startswith("WATCHKEEPER_"):
                raise Known(_("names that begin with WATCHKEEPER_ are given by the engine: choose another"))
            require_text(value, _LONGEST_VALUE)


def _check_retry(retry: Retry) -> None:
    with at("retry.factor"):
        require_storable(retry.factor)
    with at("retry.jitter"):
        _check_jitter(retry.jitter)
    for field in ("retry_on", "no_retry_on"):
        for item in getattr(retry, field):
            with at(f"retry.{field}"):
                _check_cause(item)
    if retry.delay > retry.max_delay:
        with at("retry.max_delay"):
            raise Known(_("the delay {delay} is longer than this: raise it", delay=str(retry.delay)))


def _check_jitter(jitter: float | str) -> None:
    is_right = jitter in ("none", "full") if isinstance(jitter, str) else math.isfinite(jitter)
    if not is_right:
        raise Known(_("{jitter} is none of these: none, full, or a share like 0.1", jitter=str(jitter)[:60]))


def _check_cause(cause: int | str) -> None:
    if isinstance(cause, int):
        if not 0 <= cause <= 255:
            raise Known(_("{code} is no exit code: they go from 0 to 255", code=cause))
    elif len(cause) > 200 or not _EXCEPTION_NAME.fullmatch(cause):
        raise Known(
            _("{cause} is none of these: an exit code, timeout, or the name of an exception", cause=repr(cause)[:60])
        )


def _check_timeouts(timeouts: Timeouts) -> None:
    for field in ("soft", "hard", "queue", "silence"):
        if getattr(timeouts, field) is not None and not getattr(timeouts, field):
            with at(f"timeouts.{field}"):
                raise Known(_("no time at all lets nothing run: leave it out for no limit"))
    if timeouts.soft and timeouts.hard and timeouts.soft > timeouts.hard:
        with at("timeouts.soft"):
            raise Known(_("it must not be longer than the hard limit, {hard}", hard=str(timeouts.hard)))


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
