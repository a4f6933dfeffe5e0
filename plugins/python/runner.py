"""What the chosen interpreter, any Python from 3.6 on, is given to run: a script or a function.

Words: `inline PATH ARGUMENT...`, `file PATH ARGUMENT...`, or `function MODULE:FUNCTION` with the keyword arguments as
JSON on standard input. How it went is told as one output, TOLD; an older Python can still read this file and say so.
"""

import json
import os
import sys

TOLD = "watchkeeper.python"
#: What comes back of all outputs, in bytes.
MOST = 64 * 1024 - 16
#: A process that the script forks has nothing to tell.
PID = os.getpid()


class Fault(Exception):
    """It could not be run as it was asked for; `told` says which fault, with its values."""

    def __init__(self, fault, **values):
        super(Fault, self).__init__(fault)
        self.told = dict(values, fault=fault)


def tell(**told):
    """Append what is told to the outputs; when they are too many bytes, that instead of them all."""
    if os.getpid() != PID:
        return True
    told = {name: _sayable(value) for name, value in told.items()}
    told["version"] = ".".join(str(number) for number in sys.version_info[:3])
    target, line = os.environ["WATCHKEEPER_OUTPUT"], _line(told)
    size = os.path.getsize(target) + len(line) if os.path.exists(target) else len(line)
    if size > MOST:
        told, line = {}, _line({"fault": "size", "size": size, "most": MOST})
    with open(target, "ab" if told else "wb") as file:
        file.write(line)
    return size <= MOST


def _sayable(value):
    """Words without halves of characters, which nobody could store."""
    is_words = isinstance(value, type(""))
    return value.encode("utf-8", "backslashreplace").decode("utf-8") if is_words else value


def _line(told):
    # A line before it may have no end.
    return ("\n" + TOLD + "=" + json.dumps(told) + "\n").encode("ascii")


def run_script(path, is_inline):
    """Run the file as the main module; its folder is searched for modules, that of inline text is not."""
    try:
        with open(path, "rb") as file:
            source = file.read()
    except OSError as error:
        raise Fault("file", name=path, why=error.strerror or str(error))
    if not is_inline and sys.path[:1] == [""]:
        sys.path[0] = os.path.dirname(os.path.abspath(path))
    main_module = type(sys)("__main__")
    main_module.__file__ = path
    sys.modules["__main__"] = main_module
    exec(compile(source, path, "exec", 0, True), main_module.__dict__)


def call_function(target):
    """What the function answers, as outputs."""
    module_name, _colon, name = target.partition(":")
    given = json.loads(sys.stdin.buffer.read().decode("utf-8") or "{}")
    answer = _awaited(_callable(_module(module_name), name, given)(**given))
    return _outputs(answer)


def _module(name):
    import importlib

    try:
        return importlib.import_module(name)
    except ImportError as error:
        # Only the module that was asked for: what that one misses in its turn is its own error.
        if error.name and (name + ".").startswith(error.name + "."):
            raise Fault("module", name=error.name)
        raise


def _callable(module, name, given):
    import difflib
    import inspect

    found = module
    for part in name.split("."):
        if not hasattr(found, part):
            near = difflib.get_close_matches(part, [each for each in dir(found) if each[0] != "_"], 1)
            raise Fault("function", module=module.__name__, name=name, near=(near or [""])[0])
        found = getattr(found, part)
    if not callable(found):
        raise Fault("callable", module=module.__name__, name=name, type=type(found).__name__)
    try:
        signature = inspect.signature(found)
    except (TypeError, ValueError):
        return found  # Written in C: it says for itself what it does not take.
    try:
        signature.bind(**given)
    except TypeError as error:
        raise Fault("arguments", name=name, signature=str(signature), why=str(error))
    return found


def _awaited(answer):
    import inspect

    if not inspect.iscoroutine(answer):
        return answer
    import asyncio

    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(answer)
    finally:
        loop.close()


def _outputs(answer):
    from collections.abc import Mapping

    if answer is None:
        return {}
    if not isinstance(answer, Mapping):
        raise Fault("answer", type=type(answer).__name__)
    for name, value in answer.items():
        try:
            json.dumps({name: value}, allow_nan=False)
        except (TypeError, ValueError, RecursionError):
            raise Fault("value", name=str(name), type=type(value).__name__)
    return dict(answer)


def said(error):
    """The last line of a traceback: the class, and what the error says in its first line."""
    shape = type(error)
    place = "" if shape.__module__ in ("builtins", "__main__") else shape.__module__ + "."
    try:
        words = str(error).strip().splitlines()[:1]
    except Exception:
        words = []
    return ": ".join([place + shape.__qualname__] + words)[:500]


def show(error):
    """The traceback without our own frames, by the hook that the script may have set."""
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename == show.__code__.co_filename:
        trace = trace.tb_next
    sys.excepthook(type(error), error.with_traceback(trace), trace)


def main(mode, target, words):
    """Run what was asked for; the exit code. `sys.exit` of a script passes through."""
    if sys.version_info < (3, 6):
        tell(fault="version")
        return 1
    import faulthandler

    faulthandler.enable()
    tell()
    sys.argv = [target] + words
    try:
        if mode == "function":
            return 0 if tell(returned=call_function(target)) else 1
        run_script(target, mode == "inline")
    except Fault as fault:
        tell(**fault.told)
        return 1
    except SystemExit as leaving:
        if leaving.code is not None and not isinstance(leaving.code, int):
            tell(raised=str(leaving.code)[:500])
        raise
    except BaseException as error:
        show(error)
        tell(raised=said(error))
        return 130 if isinstance(error, KeyboardInterrupt) else 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3:]))
