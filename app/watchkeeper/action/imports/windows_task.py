"""A task that the Windows Task Scheduler has exported as a job.

Its programs are those of Windows: elsewhere the job is taken disabled, with a note, so that nothing of it is lost and
nothing starts that can't run.
"""

import re
from pathlib import PurePosixPath
from typing import Any

import msgspec

from watchkeeper.action.imports.found import Found, Machine
from watchkeeper.action.imports.naming import plain
from watchkeeper.action.imports.windows_triggers import span_of, trigger_of
from watchkeeper.action.imports.xml_lines import Element, tree_of
from watchkeeper.action.names import require_name
from watchkeeper.model.errors import Known
from watchkeeper.model.job import Concurrency, JobSpec, Policy, Retry, Timeouts
from watchkeeper.model.span import Span
from watchkeeper.model.text import _
from watchkeeper.model.trigger import Misfire, Trigger

#: What every job from a task is marked with.
TAG = "windows-task"

_POLICIES = {
    "": Policy.FORBID,
    "IgnoreNew": Policy.FORBID,
    "Parallel": Policy.ALLOW,
    "Queue": Policy.QUEUE,
    "StopExisting": Policy.REPLACE,
}
#: Where a task says nothing.
_LIMIT = "PT72H"
#: Windows starts nothing with more.
_LONGEST_LINE = 32_767
#: Settings that keep a task from running, or change the machine, when they are true.
_CONDITIONS = (
    "RunOnlyIfIdle",
    "RunOnlyIfNetworkAvailable",
    "DisallowStartIfOnBatteries",
    "StopIfGoingOnBatteries",
    "WakeToRun",
    "DeleteExpiredTaskAfter",
    "DisallowStartOnRemoteAppSession",
)


def read(text: str, file: str, machine: Machine, place: str, prefix: str = "") -> Found:
    """The job of an exported task; times without an offset are in the zone `place`."""
    found = Found(file)
    task = tree_of(text)
    if task.name != "Task":
        raise Known(_("line {line}: this is {name} and no Task", line=task.line, name=task.name[:60]))
    settings = task.find("Settings") or Element("Settings", task.line)
    triggers = _triggers(task, found, place, _misfire(settings))
    params = _tried(found, task, lambda: _params(task, found))
    shared = _tried(found, settings, lambda: _treatment(settings))
    if params is None or shared is None or found.refusals:
        return found
    _note(task, settings, found)
    job = JobSpec(
        name=prefix + _name(task, file),
        handler="shell",
        description=task.value("RegistrationInfo", "Description")[:10_000],
        tags=(TAG,),
        params=params,
        triggers=triggers,
        cwd=_folder(task),
        is_enabled=_is(settings.value("Enabled"), True),
        **shared,
    )
    require_name(job.name)
    if not machine.is_windows:
        job = msgspec.structs.replace(job, is_enabled=False)
        found.note(task.line, _("{name} starts programs of Windows: it is taken, but disabled here", name=job.name))
    found.add(job, task.line)
    return found


def _triggers(task: Element, found: Found, place: str, misfire: Misfire) -> tuple[Trigger, ...]:
    made: list[Trigger] = []
    for element in (task.find("Triggers") or Element("Triggers", task.line)).children:
        if not _is(element.value("Enabled"), True):
            found.note(element.line, _("this trigger is disabled and left out"))
            continue
        trigger = _tried(found, element, lambda element=element: trigger_of(element, place, misfire))
        if trigger is not None:
            made.append(trigger)
    return tuple(made)


def _params(task: Element, found: Found) -> dict[str, Any] | None:
    actions = task.find("Actions")
    programs = actions.all("Exec") if actions is not None else []
    for other in actions.children if actions is not None else ():
        if other.name != "Exec":
            found.refuse(other.line, _("{kind} can't be taken: only programs (Exec)", kind=other.name[:60]))
    if not programs or not all(program.value("Command") for program in programs):
        found.refuse(task.line, _("the task starts no program"))
        return None
    if len(programs) == 1:
        return {"argv": [programs[0].value("Command").strip('"'), *_arguments(programs[0].value("Arguments"))]}
    return {"interpreter": "cmd", "script": "".join(f"{_command_line(program)}\r\n" for program in programs)}


def _command_line(program: Element) -> str:
    command = program.value("Command").strip('"')
    return " ".join([f'"{command}"' if " " in command else command, program.value("Arguments")]).rstrip()


def _arguments(text: str) -> list[str]:
    r"""What a program makes of its command line on Windows: 2n backslashes and a quote are n and a delimiter."""
    if len(text) > _LONGEST_LINE:
        raise Known(_("a command line has at most {most} characters on Windows", most=_LONGEST_LINE))
    words: list[str] = []
    word, is_open, has_word = "", False, False
    for marks, mark in re.findall(r'(\\*)("|[^\\"]|$)', text):
        word += marks[: len(marks) // 2] if mark == '"' else marks
        has_word = has_word or bool(marks)
        if mark == '"' and len(marks) % 2:
            word, has_word = word + mark, True
        elif mark == '"':
            is_open, has_word = not is_open, True
        elif mark in (" ", "\t", "\n", "\r", "") and not is_open:
            words += [word] if has_word else []
            word, has_word = "", False
        else:
            word, has_word = word + mark, True
    return [*words, word] if has_word and word else words


def _treatment(settings: Element) -> dict[str, Any]:
    policy = settings.value("MultipleInstancesPolicy")
    if policy not in _POLICIES:
        raise Known(_("{policy} is no policy for several instances", policy=policy[:60]))
    limit = span_of(settings.value("ExecutionTimeLimit") or _LIMIT)
    limited = {"timeouts": Timeouts(soft=limit)} if limit else {}
    several = {"concurrency": Concurrency(policy=_POLICIES[policy])} if _POLICIES[policy] is not Policy.QUEUE else {}
    return {**several, **limited, "retry": _retry(settings)}


def _retry(settings: Element) -> Retry:
    count, every = settings.value("RestartOnFailure", "Count"), settings.value("RestartOnFailure", "Interval")
    if not count:
        return Retry(max_attempts=1)
    if not re.fullmatch(r"\d{1,3}", count, re.ASCII):
        raise Known(_("{count} is no number of restarts", count=count[:60]))
    delay = span_of(every or "PT1M")
    return Retry(max_attempts=int(count) + 1, delay=delay, max_delay=max(delay, Span(hours=1)))


def _misfire(settings: Element) -> Misfire:
    return Misfire.RUN_LATEST if _is(settings.value("StartWhenAvailable"), False) else Misfire.SKIP


def _folder(task: Element) -> str | None:
    return task.value("Actions", "Exec", "WorkingDirectory").strip('"') or None


def _name(task: Element, file: str) -> str:
    uri = task.value("RegistrationInfo", "URI")
    return plain(uri if uri.strip("\\/") else PurePosixPath(file.replace("\\", "/")).stem)


def _note(task: Element, settings: Element, found: Found) -> None:
    principal = task.find("Principals", "Principal")
    if principal is not None:
        found.note(principal.line, _("the account of the task is left out: the job runs as whoever runs the engine"))
    for name in _CONDITIONS:
        element = settings.find(name)
        if element is not None and element.text.strip() not in ("false", "0", ""):
            found.note(element.line, _("{name} is left out", name=name))
    if "%" in task.value("Actions", "Exec", "Command") + task.value("Actions", "Exec", "Arguments"):
        found.note(task.line, _("names between % signs are not replaced in a job: write out their values"))


def _is(text: str, default: bool) -> bool:
    return text.lower() in ("true", "1") if text else default


def _tried(found: Found, element: Element, made: Any) -> Any:
    try:
        return made()
    except Known as error:
        found.refuse(element.line, error.text)
        return None
