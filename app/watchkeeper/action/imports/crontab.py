"""Crontabs as cron(8) reads them, a user's own and the system's with its column of users.

The settings above an entry are its environment, HOME is its folder, SHELL reads its command; CRON_TZ (cronie) is the
zone of its times. An unescaped % ends the command and begins its standard input.
"""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import PurePath
from typing import Any

from watchkeeper.action.imports.crontab_lines import Entry, entries_of
from watchkeeper.action.imports.found import Found, Machine
from watchkeeper.action.imports.naming import name_of, unique
from watchkeeper.action.names import require_name, require_text
from watchkeeper.model import cron
from watchkeeper.model.errors import Known
from watchkeeper.model.job import Concurrency, JobSpec, Policy, Retry
from watchkeeper.model.text import Text, _
from watchkeeper.model.trigger import Cron, Misfire, Startup, Trigger
from watchkeeper.model.zone import zone

#: What every job from a crontab is marked with.
TAG = "crontab"
#: cron(8) gives no other to a command.
PATH = "/usr/bin:/bin"

_NAMES = ("@reboot", "@hourly", "@daily", "@midnight", "@weekly", "@monthly", "@yearly", "@annually")
_ENV_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)
#: Set by cron(8) itself, whatever the crontab says.
_IGNORED = frozenset({"LOGNAME", "USER"})
_SHELLS = {"/bin/sh": "sh", "/usr/bin/sh": "sh", "/bin/bash": "bash", "/usr/bin/bash": "bash"}


class Form(StrEnum):
    """Whether the word behind the times is a user."""

    USER = "user"
    SYSTEM = "system"


def read(text: str, file: str, machine: Machine, *, form: Form | None = None, prefix: str = "") -> Found:
    """The jobs of a crontab; without `form` it is told by the file's place and by the words themselves."""
    found = Found(file)
    entries = list(entries_of(text, found))
    form = form or _form(file, entries, machine, found)
    if form is None:
        return found
    commands = [_command(entry, form) for entry in entries]
    told: set[int] = set()
    for entry, command, name in zip(
        entries, commands, unique([name_of(each) for each in commands], prefix), strict=True
    ):
        try:
            if form is Form.SYSTEM:
                _require_own(entry, machine)
            found.add(_job(name, entry, command), entry.line)
        except Known as error:
            found.refuse(entry.line, error.text)
        _note_settings(entry.settings, found, told)
    found.refusals.sort(key=lambda remark: remark.line or 0)
    return found


def _form(file: str, entries: Sequence[Entry], machine: Machine, found: Found) -> Form | None:
    """The form of a file whose form nobody told; None when it could be either, which is refused."""
    if PurePath(file).parent == PurePath("/etc/cron.d") or PurePath(file) == PurePath("/etc/crontab"):
        return Form.SYSTEM
    accounts = [each for each in entries if machine.is_account(each.first_word) and each.has_more_words]
    if not accounts or all(machine.is_program(each.first_word) for each in accounts):
        return Form.USER
    if len(accounts) == len(entries):
        found.note(None, _("read with a user behind the times, as in /etc/crontab: say --user if there is none"))
        return Form.SYSTEM
    roots = [each for each in accounts if each.first_word == "root"]
    if not roots and len(accounts) * 2 <= len(entries):
        return Form.USER
    named = (roots or accounts)[0]
    found.refuse(
        named.line,
        _("{word} is a user here, but not every line names one: say --system or --user", word=named.first_word),
    )
    return None


def _command(entry: Entry, form: Form) -> str:
    if form is Form.USER:
        return entry.rest
    return entry.rest[len(entry.first_word) :].lstrip(" \t")


def _require_own(entry: Entry, machine: Machine) -> None:
    if not entry.has_more_words:
        raise Known(_("a user and a command are wanted behind the times"))
    if entry.first_word != machine.user:
        raise Known(
            _(
                "it runs as {user}, but jobs here run as {own}: import it as {user} into a workspace of its own",
                user=entry.first_word[:60],
                own=machine.user,
            )
        )


def _job(name: str, entry: Entry, command: str) -> JobSpec:
    require_name(name)
    require_text(command, 1 << 20)
    settings = {name: value for name, (_line, value) in entry.settings.items()}
    home = settings.get("HOME")
    if home is not None and not home.startswith("/"):
        raise Known(_("its HOME (line {line}) is no absolute path", line=entry.settings["HOME"][0]))
    return JobSpec(
        name=name,
        handler="shell",
        description=entry.comment,
        tags=(TAG, *_mail_tags(settings)),
        params=_params(command, settings.get("SHELL", "/bin/sh")),
        triggers=(_trigger(entry),),
        env={"PATH": PATH} | {name: value for name, value in settings.items() if _is_passed_on(name)},
        cwd=home,
        retry=Retry(max_attempts=1),
        concurrency=Concurrency(policy=Policy.ALLOW),
    )


def _trigger(entry: Entry) -> Trigger:
    when = entry.when.lower()
    if when == "@reboot":
        return Startup(once_a_boot=True)
    if when.startswith("@") and when not in _NAMES:
        raise Known(_("{name} is not known: {known} are", name=entry.when[:60], known=", ".join(_NAMES)))
    if "~" in when:
        raise Known(_("a random time (~) can't be taken: write a fixed one and give the trigger a jitter"))
    if when.startswith("-"):
        raise Known(_("the - before the minute is an extension: take it out"))
    cron.expression(when)
    return Cron(cron=when, zone=_zone(entry), misfire=Misfire.SKIP)


def _zone(entry: Entry) -> str | None:
    line, name = entry.settings.get("CRON_TZ", (0, ""))
    if not name:
        return None
    try:
        zone(name)
    except Known as error:
        raise Known(_("its CRON_TZ (line {line}) is no zone: {why}", line=line, why=error.text)) from None
    return name


def _params(command: str, shell: str) -> dict[str, Any]:
    script, *stdin = _split(command)
    if not script.strip():
        raise Known(_("there is no command before the %"))
    given = {"stdin": _input(stdin)} if stdin else {}
    if shell in _SHELLS:
        return {"script": script, **({"interpreter": _SHELLS[shell]} if _SHELLS[shell] != "sh" else {}), **given}
    return {"argv": [shell, "-c", script], **given}


def _split(command: str) -> list[str]:
    r"""What stands between the unescaped % signs; `\%` is a percent sign, any other backslash stays."""
    parts: list[str] = []
    for part in re.finditer(r"((?:\\.|[^%\\])*\\?)(%?)", command, re.DOTALL):
        parts.append(part[1].replace("\\%", "%"))
        if not part[2]:
            break
    return parts


def _input(lines: Sequence[str]) -> str:
    """Standard input as cron(8) writes it: a last line gets its end."""
    text = "\n".join(lines)
    return text if not text or text.endswith("\n") else text + "\n"


def _is_passed_on(name: str) -> bool:
    is_ours = name.startswith("WATCHKEEPER_")
    return bool(_ENV_NAME.fullmatch(name)) and name not in _IGNORED and name != "CRON_TZ" and not is_ours


def _mail_tags(settings: Mapping[str, str]) -> tuple[str, ...]:
    if "MAILTO" not in settings:
        return ()
    addresses = settings["MAILTO"].replace(",", " ").split()
    return tuple(dict.fromkeys(f"mailto:{address}" for address in addresses if _is_tag(address))) or ("mailto:none",)


def _is_tag(address: str) -> bool:
    try:
        require_name(f"mailto:{address}")
    except Known:
        return False
    return True


def _note_settings(settings: Mapping[str, tuple[int, str]], found: Found, told: set[int]) -> None:
    """Say once of each setting that becomes something else, or nothing."""
    for name, (line, value) in settings.items():
        if line in told:
            continue
        told.add(line)
        if name == "MAILTO":
            found.note(line, _mail_note(value))
        elif name in _IGNORED:
            found.note(line, _("{name} is left out: cron sets it itself", name=name))
        elif not _is_passed_on(name) and name != "CRON_TZ":
            found.refuse(
                line, _("{name} can't be the name of an environment variable here", name=ascii(name)[1:-1][:60])
            )


def _mail_note(value: str) -> Text:
    if not value.strip():
        return _("MAILTO is empty: no mail was wanted; kept as the tag mailto:none")
    return _("no mail is sent to {address}: kept as a tag and in the environment; alert rules will send", address=value)
