"""What became of a call: the five outcomes an engine understands, and how an answer or an exception becomes one."""

import math
import re
import traceback
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import msgspec

from watchkeeper.model.text import Text, _
from watchkeeper.plugin.contract import Cancel, Command, Fail, Retry, Words

#: All outputs of one run, as JSON.
OUTPUT_BYTES = 64 * 1024

#: What an output may be called.
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,99}", re.ASCII)
_SURROGATE = re.compile("[\ud800-\udfff]")


class Succeeded(msgspec.Struct, frozen=True, tag=True):
    """It worked."""

    outputs: Mapping[str, Any] = {}
    #: It worked, but the exit code or the outputs ask for a look; `note` says why.
    has_warning: bool = False
    note: Text | None = None


class Failed(msgspec.Struct, frozen=True, tag=True):
    """It did not work; `kind` is what `retry_on` may name: `Fail` or `exit`."""

    text: Text
    kind: str = "Fail"
    exit_code: int | None = None


class RetryAsked(msgspec.Struct, frozen=True, tag=True):
    """It asks for another attempt; None is the job's own delay."""

    text: Text
    after: timedelta | None = None


class Cancelled(msgspec.Struct, frozen=True, tag=True):
    """It found nothing to do."""

    text: Text


class Crashed(msgspec.Struct, frozen=True, tag=True):
    """The plugin's bug; `kind` is the exception's class, which `retry_on` may name."""

    text: Text
    kind: str
    traceback_text: str


Outcome = Succeeded | Failed | RetryAsked | Cancelled | Crashed


def settled(answer: object) -> Outcome:
    """The outcome of a call that returned `answer` or raised it; an Outcome stays what it is."""
    match answer:
        case None:
            return Succeeded()
        case Fail():
            return Failed(worded(answer.text))
        case Retry():
            return RetryAsked(worded(answer.text), answer.after)
        case Cancel():
            return Cancelled(worded(answer.text))
        case BaseException():
            return crashed(answer)
        case Succeeded() | Failed() | RetryAsked() | Cancelled() | Crashed():
            return answer
        case Command():
            return Failed(_("the handler answered with a Command: annotate the function with -> Command"))
        case Mapping():
            return _succeeded(answer)
    return Failed(
        _("the handler answered with {type}: it must return a mapping of outputs or None", type=type(answer).__name__)
    )


def crashed(error: BaseException) -> Crashed:
    """`error` as the plugin's bug."""
    text = _("the plugin broke: {error}", error=said(error)[:1000])
    return Crashed(text, type(error).__name__, "".join(traceback.format_exception(error)))


def said(error: BaseException) -> str:
    """`error` as `Class: message`; safe even when its own `__str__` breaks."""
    return f"{type(error).__name__}: {traceback.TracebackException.from_exception(error)}"


def worded(words: Words) -> Text:
    """`words` as a Text; a plain string is said as it stands."""
    return words if isinstance(words, Text) else _("{text}", text=str(words))


def _succeeded(outputs: Mapping[Any, Any]) -> Outcome:
    for name, value in outputs.items():
        if not isinstance(name, str) or not NAME.fullmatch(name):
            return Failed(_misnamed(name))
        if not _is_plain(value):
            return Failed(_no_value(name, value))
    size = len(msgspec.json.encode(outputs))
    return Failed(_too_big(size)) if size > OUTPUT_BYTES else Succeeded(dict(outputs))


def _misnamed(name: object) -> Text:
    return _(
        "the output {name} has no usable name: begin with a letter, go on with letters, digits, _ . -",
        name=repr(name)[:60],
    )


def _no_value(name: str, value: object) -> Text:
    return _(
        "the output {name} is a {type} that JSON cannot carry: give texts, numbers, true, false, null, lists, mappings",
        name=name,
        type=type(value).__name__,
    )


def _too_big(size: int) -> Text:
    return _("the outputs are {size} bytes, {most} are kept: pass a path instead", size=size, most=OUTPUT_BYTES)


def _is_plain(value: object, depth: int = 20) -> bool:
    """Whether `value` comes back from JSON as it went in, and is not nested over 20 deep."""
    match value:
        case None | bool():
            return True
        case int():
            return -(2**63) <= value < 2**64
        case float():
            return math.isfinite(value)
        case str():
            return not _SURROGATE.search(value)
        case list() | tuple():
            return depth > 0 and all(_is_plain(item, depth - 1) for item in value)
        case dict():
            return depth > 0 and all(
                isinstance(key, str) and _is_plain(key) and _is_plain(item, depth - 1) for key, item in value.items()
            )
    return False
