"""systemd's timers with their services as jobs."""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import PurePath
from typing import Any

import msgspec

from watchkeeper.action.imports.found import Found, Machine
from watchkeeper.action.imports.naming import plain, unique
from watchkeeper.action.imports.systemd_calendar import trigger_of
from watchkeeper.action.imports.systemd_commands import environment_of, params_of
from watchkeeper.action.imports.systemd_units import Setting, Unit, is_endless, is_true, span_of, unit_of
from watchkeeper.model.errors import Known
from watchkeeper.model.job import Concurrency, JobSpec, Policy, Retry, Timeouts
from watchkeeper.model.span import Span
from watchkeeper.model.text import _
from watchkeeper.model.trigger import Interval, Misfire, Pace, Startup, Trigger

#: The text of the file at a path; empty for a folder, None where there is nothing.
Beside = Callable[[str], str | None]

#: What every job from a timer is marked with.
TAG = "systemd"

_SYSTEM_FOLDERS = ("/etc/systemd/system", "/lib/systemd/system", "/usr/lib/systemd/system", "/run/systemd/system")
#: Without meaning for a job, or met by other means.
_SILENT = frozenset({"Documentation", "AccuracySec", "RemainAfterElapse", "FixedRandomDelay", "SyslogIdentifier"})
#: They decide whether or how it runs at all: without them the job would not be the same.
_WEIGHTY = re.compile(
    r"(Condition|Assert)\w+|EnvironmentFile|PassEnvironment|UnsetEnvironment|ExecCondition|ExecStop(Post)?|ExecReload"
    r"|Root(Directory|Image)|StandardInput(Text|Data)?|OnActiveSec|OnStartupSec|OnClockChange|OnTimezoneChange|Group"
    r"|RemainAfterExit|DynamicUser|PAMName|LoadCredential(Encrypted)?|SetCredential(Encrypted)?|PIDFile|BusName"
)
_PLAIN_TYPES = frozenset({"", "simple", "exec", "oneshot", "idle"})
#: systemd's own, where nothing is said.
_BURST, _INTERVAL, _RESTART, _STOP = 5, Span(seconds=10), Span(milliseconds=100), Span(seconds=90)


def read(timers: Mapping[str, str], beside: Beside, machine: Machine, prefix: str = "") -> Found:
    """The jobs of `timers`, path and text each, with the services that stand beside them."""
    found = Found("")
    names = unique([plain(PurePath(file).name.removesuffix(".timer")) for file in timers], prefix)
    for (file, text), name in zip(timers.items(), names, strict=True):
        ours = Found(file)
        timer = _tried(ours, None, partial(_unit, file, text, beside))
        if timer is not None:
            _read_started(ours, timer, beside, machine, name)
        found.take(ours)
    return found


def _read_started(found: Found, timer: Unit, beside: Beside, machine: Machine, name: str) -> None:
    named = timer.last("Timer", "Unit")
    title = PurePath(named.value).name if named else PurePath(timer.file).name.removesuffix(".timer") + ".service"
    file = str(PurePath(timer.file).parent / title)
    theirs = Found(file)
    text = beside(file)
    if text is None:
        found.refuse(named.line if named else None, _("its service {service} is not beside it", service=title[:200]))
        return
    service = _tried(theirs, None, partial(_unit, file, text, beside))
    if service is not None:
        _build(found, theirs, timer, service, machine, name)
    found.take(theirs)


def _unit(file: str, text: str, beside: Beside) -> Unit:
    if "@" in PurePath(file).name:
        raise Known(_("a template is no unit by itself: give its instance a file of its own"))
    if beside(file + ".d") is not None:
        raise Known(
            _("there is a folder {name}.d with more settings: write them into the file", name=PurePath(file).name)
        )
    return unit_of(file, text)


def _build(found: Found, theirs: Found, timer: Unit, service: Unit, machine: Machine, name: str) -> None:
    """The job, unless something is refused; notes come with it or without."""
    triggers = tuple(_triggers(timer, found))
    parts = _parts(service, theirs, machine)
    titles = [unit.last("Unit", "Description") for unit in (service, timer)]
    _look_at_rest(timer, found)
    _look_at_rest(service, theirs)
    if found.refusals or theirs.refusals or parts is None:
        return
    if not triggers:
        found.refuse(None, _("the timer has no time at which it fires"))
        return
    description = next((title.value[:10_000] for title in titles if title), "")
    job = JobSpec(name=name, handler="shell", description=description, tags=(TAG,), triggers=triggers, **parts)
    found.add(job, timer.settings[0].line)


def _triggers(timer: Unit, found: Found) -> Iterator[Trigger]:
    persistent, delay = timer.last("Timer", "Persistent"), timer.last("Timer", "RandomizedDelaySec")
    jitter = _tried(found, delay, partial(span_of, delay)) if delay else None
    misfire = Misfire.RUN_LATEST if _tried(found, persistent, partial(is_true, persistent)) else Misfire.SKIP
    shared: dict[str, Any] = {"misfire": misfire} | ({"jitter": jitter} if jitter else {})
    kinds: dict[str, Callable[[Setting], Trigger]] = {
        "OnCalendar": lambda each: msgspec.structs.replace(trigger_of(each.value), **shared),
        "OnBootSec": lambda each: Startup(delay=span_of(each), once_a_boot=True),
        "OnUnitActiveSec": lambda each: Interval(every=span_of(each), pace=Pace.FIXED_RATE, **shared),
        "OnUnitInactiveSec": lambda each: Interval(every=span_of(each), pace=Pace.FIXED_DELAY, **shared),
    }
    for name, made in kinds.items():
        for each in timer.all("Timer", name):
            trigger = _tried(found, each, partial(made, each))
            if trigger is not None:
                yield trigger
                _note_trigger(found, each, jitter)


def _note_trigger(found: Found, setting: Setting, jitter: Span | None) -> None:
    if setting.name == "OnUnitActiveSec":
        found.note(setting.line, _("OnUnitActiveSec counts from fixed points in time here, not from the last start"))
    if setting.name == "OnBootSec" and jitter:
        found.note(setting.line, _("RandomizedDelaySec is left out after a start of the machine"))


def _tried(found: Found, setting: Setting | None, made: Any) -> Any:
    """What `made` gives; None where it is refused, which is kept with the line of the setting."""
    try:
        return made()
    except Known as error:
        found.refuse(setting.line if setting else None, error.text)
        return None


def _parts(service: Unit, found: Found, machine: Machine) -> dict[str, Any] | None:
    """What the service says of the job; None where something of it is refused."""
    env = _tried(found, service.last("Service", "Environment"), lambda: environment_of(service))
    start = service.last("Service", "ExecStart")
    params = _tried(found, start, lambda: params_of(service, env or {}))
    _require_kind(service, found)
    _require_own(service, found, machine)
    cwd = _folder(service, found)
    timeouts = _tried(found, service.last("Service", "TimeoutStartSec"), lambda: _timeouts(service))
    retry = _tried(found, service.last("Service", "Restart"), lambda: _retry(service))
    if params is not None:
        params |= _exit_codes(service, found)
    if None in (env, params, timeouts, retry):
        return None
    shared = {"concurrency": Concurrency(policy=Policy.FORBID), "retry": retry, "timeouts": timeouts}
    return {"params": params, "env": env, "cwd": cwd, **shared}


def _require_kind(service: Unit, found: Found) -> None:
    kind = service.last("Service", "Type")
    if kind is not None and kind.value not in _PLAIN_TYPES:
        found.refuse(
            kind.line,
            _("Type={kind} ends otherwise than its process: only oneshot, simple, exec", kind=kind.value[:60]),
        )


def _require_own(service: Unit, found: Found, machine: Machine) -> None:
    """Units of the system run as root unless they say otherwise, those of a user as the user."""
    named = service.last("Service", "User")
    user = named.value if named else "root" if _is_of_system(service.file) else machine.user
    if user != machine.user:
        found.refuse(
            named.line if named else None,
            _("it runs as {user}, but jobs here run as {own}: import it as {user}", user=user[:60], own=machine.user),
        )


def _is_of_system(file: str) -> bool:
    return any(file.startswith(folder + "/") for folder in _SYSTEM_FOLDERS)


def _folder(service: Unit, found: Found) -> str | None:
    named = service.last("Service", "WorkingDirectory")
    if named is None:
        return "/" if _is_of_system(service.file) else None
    if named.value == "~":
        return None
    if not named.value.startswith("/") or "%" in named.value:
        found.refuse(named.line, _("WorkingDirectory is no absolute path: write it out"))
    return named.value


def _timeouts(service: Unit) -> Timeouts:
    """A oneshot starts until it ends; other kinds have started at once and are limited by RuntimeMaxSec."""
    kind = service.last("Service", "Type")
    start = service.last("Service", "TimeoutStartSec") or service.last("Service", "TimeoutSec")
    runtime, stop = service.last("Service", "RuntimeMaxSec"), service.last("Service", "TimeoutStopSec")
    limit = start if kind is not None and kind.value == "oneshot" else runtime
    soft = None if is_endless(limit) or limit is None else span_of(limit)
    grace = _STOP if stop is None or is_endless(stop) else span_of(stop)
    return Timeouts(soft=soft, grace=grace) if soft else Timeouts()


def _retry(service: Unit) -> Retry:
    """on-failure starts again after RestartSec, StartLimitBurst times within StartLimitIntervalSec."""
    kind, wait = service.last("Service", "Restart"), service.last("Service", "RestartSec")
    burst, within = service.last("Unit", "StartLimitBurst"), service.last("Unit", "StartLimitIntervalSec")
    if kind is None or kind.value == "no":
        return Retry(max_attempts=1)
    if kind.value != "on-failure":
        raise Known(_("Restart={kind} is no retry after a failure: only no and on-failure", kind=kind.value[:60]))
    delay, most = span_of(wait) if wait else _RESTART, int(burst.value) if burst and _is_count(burst) else _BURST
    interval = span_of(within) if within and within.value != "infinity" else _INTERVAL
    is_bounded = (within is not None and within.value == "infinity") or delay * most < interval
    return Retry(
        max_attempts=max(1, min(most, 1000)) if is_bounded else 1000, delay=delay, max_delay=max(delay, Span(hours=1))
    )


def _is_count(setting: Setting) -> bool:
    if not re.fullmatch(r"\d{1,6}", setting.value, re.ASCII):
        raise Known(_("{name}: {value} is no number", name=setting.name, value=setting.value[:60]))
    return True


def _exit_codes(service: Unit, found: Found) -> dict[str, Any]:
    codes = [0]
    for each in service.all("Service", "SuccessExitStatus"):
        for word in each.value.split():
            if re.fullmatch(r"\d{1,3}", word, re.ASCII) and int(word) <= 255:
                codes.append(int(word))
            else:
                found.refuse(each.line, _("{word} is no exit code: write numbers from 0 to 255", word=word[:60]))
    return {"success": list(dict.fromkeys(codes))} if len(codes) > 1 else {}


def _look_at_rest(unit: Unit, found: Found) -> None:
    """What decides whether it runs is refused; what only orders, limits or shields is noted."""
    for each in unit.rest():
        if each.section == "Install" or each.section.startswith("X-") or each.name in _SILENT:
            continue
        if _WEIGHTY.fullmatch(each.name) and each.value.lower() not in ("no", "false", "0", "off", "null"):
            found.refuse(each.line, _("{name}= can't be taken: a job has nothing like it", name=each.name[:60]))
        else:
            found.note(each.line, _("{name}= is left out", name=each.name[:60]))
