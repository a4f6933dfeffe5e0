"""The contract between a plugin and the house. Standard library only at run time; Text is known to it by type alone.

Words are `str` or what `_()` gives; nothing here says them, so nothing here needs to import them.
"""

from __future__ import annotations

import dataclasses
import inspect
import re
import sys
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal, NewType, Protocol, TypeAlias

if TYPE_CHECKING:
    import httpx

    from watchkeeper.model.text import Text

#: What people read: a plain string, or what `_()` gives.
Words: TypeAlias = "Text | str"

#: A parameter of this type holds the *name* of a secret; `ctx.secret(name)` opens it.
Secret = NewType("Secret", str)

INTERPRETERS = ("sh", "bash", "python", "powershell", "cmd")

#: As a whole item of an argv it stands for the path of the script's file on the host.
SCRIPT = "{script}"

_ENV_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
#: What a handler or channel may be called.
KIND = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*", re.ASCII)


class Verdict(Exception):
    """The root of Fail, Retry and Cancel; `text` is one sentence for people."""

    def __init__(self, text: Words) -> None:
        super().__init__(text)
        self.text = text


class Fail(Verdict):
    """It did not work; the job's retry policy decides what follows. In a params' `__post_init__`: refused."""


class Retry(Verdict):
    """It did not work yet; try again `after` this span, or by the job's policy when None."""

    def __init__(self, text: Words, after: timedelta | None = None) -> None:
        super().__init__(text)
        self.after = after


class Cancel(Verdict):
    """There is nothing to do; the run ends CANCELLED and is not retried."""


class Log(Protocol):
    """The run's log."""

    def debug(self, text: Words) -> None: ...
    def info(self, text: Words) -> None: ...
    def warning(self, text: Words) -> None: ...
    def error(self, text: Words) -> None: ...


class Flag(Protocol):
    """Set once, when the run is to stop; an asyncio.Event is one."""

    def is_set(self) -> bool: ...
    async def wait(self) -> Literal[True]: ...


class Context(Protocol):
    """What a handler may know and use. Read-only; it lives as long as the call."""

    @property
    def run_id(self) -> str: ...
    @property
    def execution_id(self) -> str:
        """The same over all attempts: what an effect elsewhere is made idempotent by."""

    @property
    def attempt(self) -> int:
        """From 1."""

    @property
    def created_at(self) -> datetime:
        """When the run came to be, aware; the same over all attempts and restarts of the engine."""

    @property
    def inputs(self) -> Mapping[str, Any]:
        """Outputs of earlier nodes, by name."""

    @property
    def log(self) -> Log: ...
    @property
    def http(self) -> httpx.AsyncClient: ...
    @property
    def cancelled(self) -> Flag:
        """An `async def` ends within 5 s of it."""

    def secret(self, name: Secret) -> str:
        """The value of a secret that the parameters name; Fail for any other."""

    def progress(self, part: float, text: Words = "") -> None:
        """How far it is, 0 to 1."""


@dataclass(frozen=True)
class Ended:
    """How the process of a Command ended."""

    exit_code: int
    #: The `name=value` lines of WATCHKEEPER_OUTPUT.
    outputs: Mapping[str, str] = field(default_factory=dict)


After = Callable[[Context, Ended], Any]


@dataclass(frozen=True, kw_only=True)
class Command:
    """A process to be placed on the run's host; ValueError when it makes no sense.

    The handler only describes it, and is asked again after a crash: it must answer the same.
    """

    #: Goes to the host as a file and is run by `interpreter`; never spliced into a command line.
    script: str | None = None
    #: The program and its arguments; with a `script`, how that is run: one item is SCRIPT.
    argv: Sequence[str] | None = None
    #: One of INTERPRETERS.
    interpreter: str = "sh"
    env: Mapping[str, str] = field(default_factory=dict)
    #: The working folder; the job's if None.
    cwd: str | None = None
    stdin: str | None = None
    #: NAME of WATCHKEEPER_SECRET_<NAME>_FILE to the name of a secret.
    secrets: Mapping[str, str] = field(default_factory=dict)
    #: Exit codes that mean success, and those that mean success with a warning.
    success: Sequence[int] = (0,)
    warning: Sequence[int] = ()
    #: `after(ctx, ended)`, plain or async, gives outputs or raises Fail, Retry, Cancel; it may run again after a
    #: crash. With it the exit codes above are not looked at.
    after: After | None = None

    def __post_init__(self) -> None:
        _require(self.script is not None or self.argv is not None, "a Command has a script or an argv")
        if self.argv is not None:
            _require(not isinstance(self.argv, str), "argv is a list of strings, not one string")
            _require(bool(self.argv) and bool(self.argv[0]), "argv names no program")
            _require(self.script is None or SCRIPT in self.argv, "no item of argv is {script}: it is not run")
        _require(self.interpreter in INTERPRETERS, f"{self.interpreter!r} is none of {', '.join(INTERPRETERS)}")
        for name in (*self.env, *self.secrets):
            _require(bool(_ENV_NAME.fullmatch(name)), f"{name!r} is no name for a variable: use letters, digits, _")
        _require_no_nul(self.script, self.cwd, *(self.argv or ()), *self.env.values())
        both = set(self.success) & set(self.warning)
        _require(not both, f"exit code {min(both, default=0)} stands under success and under warning")


Role = Literal["handler", "channel"]


@dataclass(frozen=True)
class Spec:
    """One handler or channel as its file declares it; still callable as the function it was made from."""

    role: Role
    #: The name that jobs use, like `http.check`.
    kind: str
    title: Words
    #: The dataclass of the function's second parameter; None when it has none.
    params: type[Any] | None
    fn: Callable[..., Any]
    #: The module's docstring.
    help: str
    #: The file, or the folder of a plugin that is one.
    source: str
    is_async: bool
    #: The function is annotated `-> Command`: known before the call, so that the engine knows where the run lives.
    places_process: bool
    #: Asked for by the author; see `is_isolated`.
    isolate: bool = False
    #: Called twice it does no harm: after a crash the engine calls it again instead of asking a person.
    is_repeatable: bool = False
    #: SHA-256 of the file or folder, in hex; given by the loader.
    hash: str = ""
    #: Comes with the product; given by the loader.
    is_bundled: bool = False
    #: From a folder marked "I write these"; given by the loader.
    is_own: bool = True
    #: Of a foreign file: its code, which is carried to the process that executes it; given by the registry.
    code: Any = field(default=None, repr=False, compare=False)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.fn(*args, **kwargs)

    @property
    def is_isolated(self) -> bool:
        """Runs as a process of our own interpreter: all that was asked to, every foreign plain `def`, and every foreign
        `async def` out of a folder whose files somebody else writes."""
        if self.isolate or self.is_bundled or self.places_process:
            return self.isolate
        return not (self.is_async and self.is_own)


def param(
    label: Words,
    *,
    default: Any = dataclasses.MISSING,
    placeholder: str = "",
    help: Words = "",
    choices: Sequence[Any] | Mapping[Any, Words] = (),
    is_secret: bool = False,
    is_multiline: bool = False,
    group: Words = "",
    when: Mapping[str, Any] | None = None,
) -> Any:
    """A field of a params dataclass with what its form needs; a list or dict as default is copied for each value.

    `choices` may name each value with words for people. `group`: with this field begins a group that is called so, and
    that is folded until one of its fields is set. `when`: fields and their values, one or a tuple, with which this one
    makes sense; until then a form leaves it out, unless it is set.
    """
    form = {
        "label": label,
        "placeholder": placeholder,
        "help": help,
        "choices": choices if isinstance(choices, Mapping) else tuple(choices),
        "is_secret": is_secret,
        "is_multiline": is_multiline,
        "group": group,
        "when": dict(when or {}),
    }
    if isinstance(default, (list, dict, set)):
        return field(default_factory=default.copy, metadata=form, kw_only=True)
    return field(default=default, metadata=form, kw_only=True)


def handler(
    kind: str, *, title: Words, isolate: bool = False, is_repeatable: bool = False
) -> Callable[[Callable[..., Any]], Spec]:
    """Make `fn(ctx)` or `fn(ctx, params)` the handler `kind`; TypeError when its form is another."""
    return lambda fn: dataclasses.replace(_spec("handler", kind, title, fn, isolate), is_repeatable=is_repeatable)


def channel(kind: str, *, title: Words) -> Callable[[Callable[..., Any]], Spec]:
    """Make `fn(ctx, params, notice)` the alert channel `kind`; TypeError when its form is another."""
    return lambda fn: _spec("channel", kind, title, fn, False)


def _spec(role: Role, kind: str, title: Words, fn: Callable[..., Any], isolate: bool) -> Spec:
    _require_form(bool(KIND.fullmatch(kind)), f"{kind!r} is no kind: write it like http.check")
    names, hints = list(inspect.signature(fn).parameters), typing.get_type_hints(fn)
    counts, form = ((3,), "(ctx, params, notice)") if role == "channel" else ((1, 2), "(ctx) or (ctx, params)")
    _require_form(len(names) in counts, f"the {role} {kind} must be a function of {form}")
    params = hints.get(names[1]) if len(names) > 1 else None
    _require_form(len(names) == 1 or _is_dataclass(params), f"{kind}: annotate {names[-1]!r} with a dataclass")
    places_process = hints.get("return") is Command
    _require_form(not (isolate and places_process), f"{kind}: a Command has a process of its own, drop isolate=True")
    return Spec(
        role=role,
        kind=kind,
        title=title,
        params=params,
        fn=fn,
        help=inspect.cleandoc(sys.modules[fn.__module__].__doc__ or ""),
        source=fn.__code__.co_filename,
        is_async=inspect.iscoroutinefunction(fn),
        places_process=places_process,
        isolate=isolate,
    )


def _is_dataclass(shape: Any) -> bool:
    return isinstance(shape, type) and dataclasses.is_dataclass(shape)


def _require(holds: bool, sentence: str) -> None:
    if not holds:
        raise ValueError(sentence)


def _require_form(holds: bool, sentence: str) -> None:
    if not holds:
        raise TypeError(sentence)


def _require_no_nul(*texts: str | None) -> None:
    for text in texts:
        _require(text is None or "\0" not in text, "a script, argument, variable or folder holds a NUL character")
