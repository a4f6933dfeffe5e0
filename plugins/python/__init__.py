"""Run a Python script or function in an interpreter of your choice, as a process on the job's host.

Give one of `script`, `file` and `function`:

    handler: python
    params:
      script: |
        import os, sys
        with open(os.environ["WATCHKEEPER_OUTPUT"], "a") as outputs:
            outputs.write("day=" + sys.argv[1])
      arguments: ["2026-03-29"]

    handler: python
    params:
      function: reports.daily:build
      kwargs: {day: "2026-03-29", parts: 3}
      interpreter: /srv/reports/.venv

`interpreter` is a Python from 3.6 on: a path, a name like python3.9, or the folder of an environment (a venv, or a
conda environment: its bin/python, on Windows its Scripts\\python.exe or python.exe). Without it the engine's own is
taken. Nothing of Watchkeeper has to be installed there.

A script is handed over as a file, and its arguments one by one; nothing is pasted into a command line. A function is
imported from the job's working folder or from what is installed, and called with `kwargs`, which may be any JSON. A
coroutine function is awaited.

The mapping that a function returns becomes the run's outputs, numbers, lists and mappings as what they are. Outputs
may also be written as lines `name=value` to the file that WATCHKEEPER_OUTPUT names.

An error that is raised fails the run: its traceback is in the log, its last line is the reason. The exit code stays
that of the script.
"""

# param() makes a dataclass field, a new one each time

import json
import re
import shutil
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from watchkeeper.plugin import SCRIPT, Command, Context, Ended, Fail, _, handler, param

RUNNER = Path(__file__).with_name("runner.py").read_text(encoding="utf-8")
#: The output by which the runner tells how it went.
TOLD = "watchkeeper.python"

#: Where an environment has its interpreter: a venv or conda, on POSIX and on Windows.
_PLACES = ("bin/python", "bin/python3", "Scripts/python.exe", "python.exe")
_ENV_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)


@dataclass(frozen=True)
class Params:
    """One of `script`, `file` and `function`."""

    script: str | None = param(
        _("Script"), default=None, is_multiline=True, placeholder='print("hello")', help=_("Python, as a text")
    )
    file: str | None = param(
        _("Script file"), default=None, placeholder="/srv/reports/daily.py", help=_("Instead: a script on the host")
    )
    function: str | None = param(
        _("Function"),
        default=None,
        placeholder="package.module:function",
        help=_("Instead: a function; what it returns are the outputs"),
    )
    arguments: tuple[str, ...] = param(
        _("Arguments"), default=(), help=_("Of a script: one item each, sys.argv from 1 on")
    )
    kwargs: dict[str, Any] = param(_("Keyword arguments"), default={}, help=_("Of a function: a mapping, as JSON"))
    interpreter: str | None = param(
        _("Interpreter"),
        default=None,
        placeholder="/srv/reports/.venv",
        help=_("A Python from 3.6 on, or the folder of an environment; the engine's own if none is given"),
    )
    env: dict[str, str] = param(_("Environment"), default={}, help=_("Variables beside those of the job"))
    stdin: str | None = param(_("Standard input"), default=None, is_multiline=True, help=_("Of a script"))

    def __post_init__(self) -> None:
        _require_one(self)
        _require_what_goes_with_it(self)
        _require_names(self.env)
        _require_writable(self)

    @property
    def given(self) -> str:
        """What is run: the name of its field."""
        return "function" if self.function is not None else "file" if self.file is not None else "script"


@handler("python", title=_("Python"))
def python(ctx: Context, p: Params) -> Command:
    interpreter = _interpreter(p.interpreter)
    mode, target = {
        "function": ("function", p.function),
        "file": ("file", p.file),
        "script": ("inline", SCRIPT),
    }[p.given]
    return Command(
        script=p.script,
        argv=(interpreter, "-u", "-c", RUNNER, mode, target or "", *p.arguments),
        interpreter="python",
        env={"PYTHONIOENCODING": "utf-8", **p.env},
        stdin=json.dumps(p.kwargs) if p.given == "function" else p.stdin,
        after=partial(_concluded, interpreter),
    )


def _interpreter(named: str | None) -> str:
    """The program itself; Fail with a sentence where there is none."""
    if named is None:
        return sys.executable
    place = Path(named).expanduser()
    if not place.is_absolute():
        found = shutil.which(named)
        if found is None:
            raise Fail(_("there is no interpreter {name} on the path: give its path", name=named))
        return found
    if place.is_dir():
        return _of_environment(place)
    if not place.exists():
        raise Fail(_("there is no interpreter {path}: make the environment, or correct the path", path=str(place)))
    if shutil.which(str(place)) is None:
        raise Fail(_("the interpreter {path} is not a program that may be run", path=str(place)))
    return str(place)


def _of_environment(folder: Path) -> str:
    for place in _PLACES:
        if shutil.which(str(folder / place)):
            return str(folder / place)
    raise Fail(
        _("{path} is no environment: neither bin/python nor Scripts\\python.exe is in that folder", path=str(folder))
    )


def _concluded(interpreter: str, ctx: Context, ended: Ended) -> dict[str, Any]:
    outputs: dict[str, Any] = dict(ended.outputs)
    told = _told(outputs.pop(TOLD, ""))
    if told is None:
        raise Fail(
            _(
                "{interpreter} ended with exit code {code} before the script began: it is no Python from 3.6 on",
                interpreter=interpreter,
                code=ended.exit_code,
            )
        )
    if told.get("fault") in _FAULTS:
        raise Fail(_FAULTS[told["fault"]](interpreter, told))
    if "raised" in told:
        raise Fail(_("{text}", text=str(told["raised"])))
    if ended.exit_code != 0:
        raise Fail(_ended_with(ended.exit_code))
    return {**outputs, **told.get("returned", {})}


def _told(text: str) -> dict[str, Any] | None:
    try:
        told = json.loads(text)
    except ValueError:
        return None
    return told if isinstance(told, dict) else None


def _function_missing(interpreter: str, told: Mapping[str, Any]) -> Any:
    if told["near"]:
        return _(
            "the module {module} has no {name}: did you mean {near}?",
            module=told["module"],
            name=told["name"],
            near=told["near"],
        )
    return _("the module {module} has no {name}", module=told["module"], name=told["name"])


#: What the runner found wrong before or after anything ran, as sentences.
_FAULTS: Mapping[str, Callable[[str, Mapping[str, Any]], Any]] = {
    "version": lambda interpreter, told: _(
        "{interpreter} is Python {version}: 3.6 or newer is needed", interpreter=interpreter, version=told["version"]
    ),
    "file": lambda interpreter, told: _("the script {path} can't be read: {why}", path=told["name"], why=told["why"]),
    "module": lambda interpreter, told: _(
        "{interpreter} has no module {module}: install it there, or name the job's working folder",
        interpreter=interpreter,
        module=told["name"],
    ),
    "function": _function_missing,
    "callable": lambda interpreter, told: _(
        "{name} in {module} is a {type} and can't be called",
        name=told["name"],
        module=told["module"],
        type=told["type"],
    ),
    "arguments": lambda interpreter, told: _(
        "{name}{signature} does not take these arguments: {why}",
        name=told["name"],
        signature=told["signature"],
        why=told["why"],
    ),
    "answer": lambda interpreter, told: _(
        "the function returned a {type}: it must return a mapping of outputs or None", type=told["type"]
    ),
    "value": lambda interpreter, told: _(
        "the output {name} is a {type} that JSON cannot carry: give texts, numbers, true, false, null, lists, mappings",
        name=told["name"],
        type=told["type"],
    ),
    "size": lambda interpreter, told: _(
        "the outputs are {size} bytes, {most} are kept: pass a path instead", size=told["size"], most=told["most"]
    ),
}


def _ended_with(exit_code: int) -> Any:
    number = exit_code - 128
    if number in signal.Signals._value2member_map_:
        return _("it ended with exit code {code} ({signal})", code=exit_code, signal=signal.Signals(number).name)
    return _("it ended with exit code {code}", code=exit_code)


def _require_one(p: Params) -> None:
    given = [name for name in ("script", "file", "function") if getattr(p, name) is not None]
    if len(given) != 1:
        raise Fail(_("give one of script, file and function"))
    if not getattr(p, given[0]).strip():
        raise Fail(_("{field} is empty", field=given[0]))
    if p.interpreter is not None and not p.interpreter.strip():
        raise Fail(_("{field} is empty", field="interpreter"))
    if p.function is not None and not _is_reference(p.function):
        raise Fail(_("write the function as package.module:function, not {given}", given=p.function[:80]))


def _require_what_goes_with_it(p: Params) -> None:
    if p.function is not None and p.arguments:
        raise Fail(_("arguments go with a script: a function takes kwargs"))
    if p.function is not None and p.stdin is not None:
        raise Fail(_("stdin goes with a script: a function takes kwargs"))
    if p.function is None and p.kwargs:
        raise Fail(_("kwargs go with a function: a script takes arguments"))
    if p.interpreter is not None and re.search(r"[/\\]", p.interpreter) and not _is_absolute(p.interpreter):
        raise Fail(_("write the interpreter as a name or from the root on, not {given}", given=p.interpreter[:80]))


def _require_names(env: Mapping[str, str]) -> None:
    for name in env:
        if not _ENV_NAME.fullmatch(name):
            raise Fail(_("{name} is no name for a variable: use letters, digits, _", name=name[:60]))
        if name.upper().startswith("WATCHKEEPER_"):
            raise Fail(_("the variable {name} is Watchkeeper's own: choose another name", name=name[:60]))


def _require_writable(p: Params) -> None:
    texts = (p.script, p.file, p.function, p.interpreter, *p.arguments, *p.env.values())
    if any("\0" in text for text in texts if text):
        raise Fail(_("scripts, names, arguments and variables must not hold a NUL character"))


def _is_reference(text: str) -> bool:
    module, mark, function = text.partition(":")
    return bool(mark) and all(part.isidentifier() for part in (*module.split("."), *function.split(".")))


def _is_absolute(text: str) -> bool:
    return Path(text).expanduser().is_absolute()
