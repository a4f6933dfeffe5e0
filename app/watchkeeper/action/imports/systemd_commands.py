"""What a service starts: one command as its arguments, several as a script, each with systemd's own expansions done."""

import re
import shlex
from collections.abc import Mapping, Sequence
from typing import Any

from watchkeeper.action.imports.systemd_units import Setting, Unit, words_of
from watchkeeper.model.errors import Known
from watchkeeper.model.text import _

_VARIABLE = re.compile(r"\$(?:\$|\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*)|(.?))", re.ASCII)
_ENV_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)


def environment_of(unit: Unit) -> dict[str, str]:
    """What Environment= says."""
    pairs = [(each, word) for each in unit.all("Service", "Environment") for word in words_of(each.value)]
    return dict(_pair(each, _with_percent(word)) for each, word in pairs)


def params_of(unit: Unit, env: Mapping[str, str]) -> dict[str, Any]:
    """The shell handler's parameters: argv for one command, else a script that ends at the first failure."""
    names = ("ExecStartPre", "ExecStart", "ExecStartPost")
    commands = [_command(each, env) for name in names for each in unit.all("Service", name)]
    if not unit.all("Service", "ExecStart"):
        raise Known(_("the service has no ExecStart"))
    if len(commands) == 1 and not commands[0][1]:
        return {"argv": commands[0][0]}
    return {"script": "".join(_line(argv, is_optional) for argv, is_optional in commands)}


def _line(argv: Sequence[str], is_optional: bool) -> str:
    return f"{shlex.join(argv)} || {':' if is_optional else 'exit $?'}\n"


def _pair(setting: Setting, word: str) -> tuple[str, str]:
    name, mark, value = word.partition("=")
    if not mark or not _ENV_NAME.fullmatch(name) or name.startswith("WATCHKEEPER_"):
        raise Known(
            _("line {line}: {word} can't be set as an environment variable here", line=setting.line, word=word[:60])
        )
    return name, value


def _command(setting: Setting, env: Mapping[str, str]) -> tuple[list[str], bool]:
    """The arguments, and whether a failure does not count."""
    marks, line = re.fullmatch(r"([-@:+!|]*)(.*)", setting.value, re.DOTALL).groups()  # type: ignore[union-attr]
    if strange := set(marks) - {"-", ":"}:
        raise Known(
            _(
                "line {line}: the {mark} before the program asks for more than a job can do",
                line=setting.line,
                mark=min(strange),
            )
        )
    words = [_with_percent(word) for word in words_of(line)]
    if not words or any(word == ";" for word in words):
        raise Known(_("line {line}: one command a line is wanted", line=setting.line))
    first, *rest = words
    return [first, *(rest if ":" in marks else _expanded(rest, env, setting))], "-" in marks


def _with_percent(word: str) -> str:
    """`%%` is a percent sign; other specifiers are systemd's own knowledge."""
    if found := re.search(r"%(?!%)(.?)", word.replace("%%", "")):
        raise Known(_("the specifier {mark} is known to systemd only: write out what it stands for", mark=found[0]))
    return word.replace("%%", "%")


def _expanded(words: Sequence[str], env: Mapping[str, str], setting: Setting) -> list[str]:
    """`$NAME` as a word of its own becomes its words, `${NAME}` its value within a word."""
    told: list[str] = []
    for word in words:
        alone = re.fullmatch(r"\$([A-Za-z_]\w*)", word, re.ASCII)
        if alone:
            told += _value(alone[1], env, setting).split()
        else:
            told.append(_VARIABLE.sub(lambda found: _within(found, env, setting), word))
    return told


def _within(found: re.Match[str], env: Mapping[str, str], setting: Setting) -> str:
    if found[0] == "$$":
        return "$"
    return _value(found[1], env, setting) if found[1] else found[0]


def _value(name: str, env: Mapping[str, str], setting: Setting) -> str:
    if name not in env:
        raise Known(
            _("line {line}: ${name} is not set by Environment=: write its value", line=setting.line, name=name[:60])
        )
    return env[name]
