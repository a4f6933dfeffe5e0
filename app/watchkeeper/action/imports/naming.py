"""A name for a job that had none: from its command, the same whenever the same file is read."""

import re
from collections.abc import Sequence

#: Programs that only prepare: the command that follows them is the one that counts.
_BEFORE = frozenset(
    {"cd", "test", "[", "[[", "true", ":", "sleep", "set", "export", "umask", "if", "then", "while", "do", "!"}
)
#: Programs that start what stands behind them.
_AROUND = frozenset(
    {"sudo", "nice", "ionice", "nohup", "env", "time", "timeout", "flock", "chronic", "cronic", "setsid", "exec"}
    | {"command", "stdbuf", "chrt", "systemd-cat", "systemd-inhibit", "eatmydata"}
)
#: Programs that say little without the file or module that they read.
_READERS = frozenset(
    {"sh", "bash", "dash", "zsh", "ksh", "python", "python2", "python3", "perl", "ruby", "php", "node", "java"}
    | {"Rscript", "run-parts", "pwsh", "powershell", "cmd", "cscript", "wscript"}
)
_PARTS = re.compile(r"&&|\|\||[;|(){}\n]")
#: What a shell puts the output of another command in place of.
_SUBSTITUTION = re.compile(r"\$\([^()]*\)|`[^`]*`")
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=", re.ASCII)
_SUFFIX = re.compile(r"\.(sh|bash|py|pl|rb|php|js|exe|bat|cmd|ps1)$", re.IGNORECASE)
_STRANGE = re.compile(r"[^\w.@+-]+")
_LONGEST = 60
#: More of a command is not looked at.
_LOOKED_AT = 2_000


def name_of(command: str) -> str:
    """The name of the program that a shell command is about: `cd / && nice backup.sh -v` is `backup`."""
    parts = [words for part in _PARTS.split(_SUBSTITUTION.sub("", command[:_LOOKED_AT])) if (words := part.split())]
    found = [word for part in parts if (word := _program(part))]
    return plain(next((word for word in found if _base(word) not in _BEFORE), found[0] if found else ""))


def plain(word: str) -> str:
    """`word` as a name: the last part of a path, without its suffix and without what no name may hold."""
    base = _SUFFIX.sub("", _base(word))
    return _STRANGE.sub("-", base).replace("..", ".").strip("-._")[:_LONGEST].strip("-._") or "job"


def unique(names: Sequence[str], prefix: str = "") -> list[str]:
    """Each with the prefix, and a number where one was there before: backup, backup-2."""
    taken: dict[str, int] = {}
    return [_free(prefix + name, taken) for name in names]


def _free(name: str, taken: dict[str, int]) -> str:
    free = name
    while free in taken:
        taken[name] += 1
        free = f"{name}-{taken[name]}"
    taken[free] = 1
    return free


def _program(words: Sequence[str]) -> str:
    left = [word for word in words if not _ASSIGNMENT.match(word)]
    while left and _base(left[0]) in _AROUND:
        left = _behind(left)
    if len(left) > 1 and _base(left[0]) in _READERS:
        return next((word for word in left[1:] if not _is_option(word)), left[0])
    return left[0] if left else ""


def _behind(words: Sequence[str]) -> list[str]:
    """What a program like nice starts, without the options, numbers and locks before it."""
    left = list(words[1:])
    while left and (_is_option(left[0]) or re.fullmatch(r"[\d.]+[smhd]?", left[0])):
        left.pop(0)
    return left[1:] if _base(words[0]) == "flock" and len(left) > 1 else left


def _is_option(word: str) -> bool:
    return word.startswith(("-", "<", ">", "2>")) or word.lower() in ("/c", "/k", "/q", "/d")


def _base(word: str) -> str:
    return re.split(r"[/\\]", word.strip("'\"`").rstrip("/\\"))[-1]
