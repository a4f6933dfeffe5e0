"""What a run would start, worked out and not started: command, environment, folder; what is secret is hidden."""

import asyncio
import re
from collections.abc import Mapping
from typing import Annotated, Any

import msgspec

from watchkeeper.access.actor import Actor
from watchkeeper.access.permission import Permission
from watchkeeper.action.door import Door
from watchkeeper.action.draft import Draft, read
from watchkeeper.action.names import at
from watchkeeper.action.spec import Help, query
from watchkeeper.model.errors import Known
from watchkeeper.model.job import JobSpec
from watchkeeper.model.span import written
from watchkeeper.model.text import Text, _
from watchkeeper.plugin.call import called
from watchkeeper.plugin.command import placed
from watchkeeper.plugin.context import Facts, LineLog, RunContext, opened
from watchkeeper.plugin.contract import SCRIPT, Command, Spec
from watchkeeper.plugin.isolated import isolated_command
from watchkeeper.plugin.outcome import Failed, Outcome
from watchkeeper.plugin.schema import form_of, params_of, plain_params

Written = Annotated[Draft, Help(_("a YAML file with one job, - for the standard input"))]
Params = Annotated[dict[str, str], Help(_("a parameter of this run, in place of the job's"))]

#: What stands for a value that nobody is to see.
HIDDEN = "••••••"
#: A handler describes its command; one that takes longer does something else.
_PATIENCE = 5.0
_SECRET_NAME = re.compile(r"passw|secret|token|api_?key|credential|private|auth", re.IGNORECASE)
_RUN = "run"
#: Values of parameters that say nothing.
_NOTHING: tuple[Any, ...] = (None, "", [], (), {})
#: Letters of an item of several lines that is told by its beginning, and of that.
_PROGRAM, _BEGINNING = 1000, 40


class Variable(msgspec.Struct, frozen=True):
    """One variable of the environment."""

    name: str
    value: str
    #: job, handler or watchkeeper.
    origin: str
    is_hidden: bool = False


class DryRun(msgspec.Struct, frozen=True, kw_only=True):
    """What would be started."""

    handler: str
    #: Runs on a host; else inside the engine, and there is no command.
    is_process: bool
    argv: tuple[str, ...] = ()
    script: str | None = None
    interpreter: str = ""
    stdin: str | None = None
    cwd: str | None = None
    env: tuple[Variable, ...] = ()
    #: The variables through which its secrets come as files.
    secrets: tuple[str, ...] = ()
    #: The plugin's own code is the process: what it does stands in the parameters, not in the command.
    is_isolated: bool = False
    #: The parameters that say something, with their defaults; those that are secret hidden.
    params: Mapping[str, Any] = {}
    #: What will cut it off, by the field's name.
    limits: Mapping[str, str] = {}
    notes: tuple[Text, ...] = ()


@query("job.dry_run", title=_("Tell what a job would start, without starting it"), permission=Permission.VIEW)
async def dry_run(door: Door, actor: Actor, *, spec: Written, params: Params = {}) -> DryRun:  # noqa: B006
    """The command as it would reach the host, with its environment and folder."""
    draft = read(spec)
    with at("handler"):
        handler = door.registry.handler(draft.handler)
    with at("params"):
        own = params_of(handler, draft.params)
        values = params_of(handler, {**plain_params(own), **params}, is_text=True) if params else own
    hidden = _hidden(handler, values, draft)
    told = {name: value for name, value in plain_params(values).items() if value not in _NOTHING}
    shown = {name: _masked_value(value, hidden) for name, value in told.items()}
    if not (handler.places_process or handler.is_isolated):
        return DryRun(
            handler=handler.kind,
            is_process=False,
            params=shown,
            limits=_limits(draft),
            notes=(_("it runs inside the engine: no process is started on a host"),),
        )
    return _told(draft, handler, await _command(handler, values), shown, hidden)


async def _command(handler: Spec, values: Any) -> Command:
    facts = Facts(_RUN, f"{_RUN}:{handler.kind}")
    if handler.is_isolated:
        return isolated_command(handler, values, facts)
    context = RunContext(
        facts,
        log=LineLog(lambda line: None),
        cancelled=asyncio.Event(),
        http=_no_client,
        secrets=opened({}),
        on_progress=lambda part, text: None,
    )
    try:
        answer: Command | Outcome = await asyncio.wait_for(called(handler, context, values), _PATIENCE)
    except TimeoutError:
        raise Known(_("{kind} did not say within 5 s what it would start", kind=handler.kind)) from None
    if isinstance(answer, Command):
        return answer
    why = answer.text if isinstance(answer, Failed) else _("it gave no command")
    raise Known(_("{kind} would start nothing: {why}", kind=handler.kind, why=why))


def _told(spec: JobSpec, handler: Spec, command: Command, shown: Mapping[str, Any], hidden: tuple[str, ...]) -> DryRun:
    placement = placed(command)
    return DryRun(
        handler=handler.kind,
        is_process=True,
        is_isolated=handler.is_isolated,
        argv=tuple(_masked("<script>" if item == SCRIPT else _brief(item), hidden) for item in placement.argv),
        script=None if placement.script is None else _masked(placement.script, hidden),
        interpreter=command.interpreter if placement.script is not None else "",
        stdin=None if placement.stdin is None or handler.is_isolated else _masked(placement.stdin, hidden),
        cwd=placement.cwd or spec.cwd,
        env=_environment(spec, placement.env, hidden),
        secrets=tuple(f"WATCHKEEPER_SECRET_{name}_FILE" for name in placement.secrets),
        params=shown,
        limits=_limits(spec),
        notes=(_("the plugin runs in a process of its own interpreter"),) if handler.is_isolated else (),
    )


def _brief(item: str) -> str:
    """A whole program that a handler writes into an argv is told by its beginning."""
    is_program = "\n" in item and len(item) > _PROGRAM
    return f"{item[:_BEGINNING]}…" if is_program else item


def _environment(spec: JobSpec, handlers: Mapping[str, str], hidden: tuple[str, ...]) -> tuple[Variable, ...]:
    given = [
        *((name, value, "job") for name, value in spec.env.items() if name not in handlers),
        *((name, value, "handler") for name, value in handlers.items()),
        *((name, value, "watchkeeper") for name, value in _OURS.items()),
    ]
    return tuple(_variable(*each, hidden) for each in given)


#: What every run is told; the values are known only when it is due.
_OURS = {
    "WATCHKEEPER_EXECUTION_ID": "…",
    "WATCHKEEPER_RUN_ID": "…",
    "WATCHKEEPER_ATTEMPT": "1",
    "WATCHKEEPER_SCHEDULED_AT": "…",
    "WATCHKEEPER_OUTPUT": "…",
}


def _variable(name: str, value: str, origin: str, hidden: tuple[str, ...]) -> Variable:
    is_hidden = bool(_SECRET_NAME.search(name)) and bool(value)
    return Variable(name, HIDDEN if is_hidden else _masked(value, hidden), origin, is_hidden)


def _hidden(handler: Spec, values: Any, spec: JobSpec) -> tuple[str, ...]:
    """The values that must not be seen wherever they turn up, the longest first."""
    plain = plain_params(values)
    secrets = {str(plain.get(field.name) or "") for field in form_of(handler) if field.is_secret}
    secrets |= {value for name, value in spec.env.items() if _SECRET_NAME.search(name)}
    return tuple(sorted((each for each in secrets if len(each) >= 4), key=len, reverse=True))


def _masked(text: str, hidden: tuple[str, ...]) -> str:
    for secret in hidden:
        text = text.replace(secret, HIDDEN)
    return text


def _masked_value(value: Any, hidden: tuple[str, ...]) -> Any:
    if isinstance(value, str):
        return _masked(value, hidden)
    if isinstance(value, Mapping):
        return {name: _masked_value(each, hidden) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_masked_value(each, hidden) for each in value]
    return value


def _limits(spec: JobSpec) -> dict[str, str]:
    fields = ("soft", "hard", "silence")
    return {name: written(limit) for name in fields if (limit := getattr(spec.timeouts, name)) is not None}


def _no_client() -> Any:
    raise Known(_("a dry run talks to nobody"))
