"""What the audit trail keeps of an action: names and numbers, never a secret, never a whole file."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from watchkeeper.action.nouns import noun_of
from watchkeeper.action.settings import Changed
from watchkeeper.action.spec import Action, Values
from watchkeeper.model import codec
from watchkeeper.model.address import without_password
from watchkeeper.model.job import Job
from watchkeeper.model.known_secrets import hidden
from watchkeeper.model.run import Run

_LONGEST = 200
_MOST = 20


def detail(action: Action, values: Values, result: Any = None) -> dict[str, Any]:
    """The parameters but for the object and what is sensitive, and which run or version came of it."""
    told = {p.name: noted(values[p.name]) for p in action.parameters if p.name in values and _is_told(action, p)}
    return {name: value for name, value in told.items() if value not in (None, {}, [])} | _outcome(result)


def noted(value: Any) -> Any:
    """A value as short plain data."""
    if isinstance(value, str):
        told = hidden(without_password(value))
        return told if len(told) <= _LONGEST else told[:_LONGEST] + "…"
    if noun := noun_of(type(value)):
        return noun.label(value)
    if isinstance(value, msgspec.Struct):
        return noted(str(getattr(value, "name", type(value).__name__)))
    if isinstance(value, Mapping):
        return {noted(str(name)): noted(each) for name, each in list(value.items())[:_MOST]}
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return [noted(each) for each in value[:_MOST]] + (["…"] if len(value) > _MOST else [])
    return codec.plain(value)


def _is_told(action: Action, parameter: Any) -> bool:
    return parameter.name != action.on and not parameter.is_sensitive


def _outcome(result: Any) -> dict[str, Any]:
    made = getattr(result, "run", result)
    if isinstance(made, Run):
        return {"run": made.id}
    if isinstance(made, Changed):
        return {} if made.before is None else {"before": made.before}
    return {"version": made.version} if isinstance(made, Job) else {}
