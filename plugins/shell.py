"""Run a script, or one program with its arguments, as a process on the job's host.

Give either `script` or `argv`:

    handler: shell
    params:
      script: |
        rows=$(wc -l < /var/log/backup.csv)
        echo "rows=$rows" >> "$WATCHKEEPER_OUTPUT"

    handler: shell
    params:
      argv: [rsync, -a, --delete, /srv/, backup:/srv/]
      warning: [24]

A script is written to a file and handed to the interpreter; nothing is pasted into a command line. An argv is started
as it stands, without a shell: `*`, `$HOME` and `|` in it are plain characters.

Exit codes under `success` end the run well, those under `warning` end it well with a warning, all others fail it.

What the process writes to the file named by WATCHKEEPER_OUTPUT becomes the run's outputs: `name=value` a line, or for
several lines `name<<END`, the lines, and `END`. Also in the environment: WATCHKEEPER_RUN_ID, WATCHKEEPER_ATTEMPT,
WATCHKEEPER_SCHEDULED_AT, and WATCHKEEPER_EXECUTION_ID, which stays the same over all attempts: give it to whatever
must not happen twice.

A secret comes as a file that only this run can read and that goes with it. What stands left under `secrets` names the
file's variable, what stands right the secret:

    handler: shell
    params:
      secrets: {KEY: backup/ssh}
      script: ssh -i "$WATCHKEEPER_SECRET_KEY_FILE" backup@archive true
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from watchkeeper.plugin import Command, Context, Fail, Secret, _, handler, param


@dataclass(frozen=True)
class Params:
    """Either `script` or `argv`."""

    script: str | None = param(_("Script"), default=None, is_multiline=True, placeholder='echo "hello"')
    argv: tuple[str, ...] | None = param(
        _("Program and arguments"), default=None, help=_("Instead of a script: one item each, no shell in between")
    )
    interpreter: str = param(
        _("Interpreter"),
        default="sh",
        choices=("sh", "bash", "python", "powershell", "cmd"),
        help=_("What reads the script: python is python3, powershell is pwsh, cmd is on Windows only"),
    )
    success: tuple[int, ...] = param(_("Exit codes that are a success"), default=(0,))
    warning: tuple[int, ...] = param(_("Exit codes that are a success with a warning"), default=())
    stdin: str | None = param(_("Standard input"), default=None, is_multiline=True)
    secrets: Mapping[str, Secret] = param(
        _("Secrets"), default={}, help=_("NAME of WATCHKEEPER_SECRET_NAME_FILE, and the secret that the file holds")
    )

    def __post_init__(self) -> None:
        if (self.script is None) == (self.argv is None):
            raise Fail(_("give either script or argv"))
        if self.argv is not None and not (self.argv and self.argv[0]):
            raise Fail(_("argv names no program: its first item is the program to run"))
        if self.argv is not None and self.interpreter != "sh":
            raise Fail(_("interpreter goes with script: write the program into argv itself"))
        for code in set(self.success) & set(self.warning):
            raise Fail(_("exit code {code} stands under success and under warning: keep one", code=code))
        if "\0" in "".join([self.script or "", *(self.argv or ())]):
            raise Fail(_("script and argv must not hold a NUL character"))
        for name in self.secrets:
            if not re.fullmatch("[A-Za-z_][A-Za-z0-9_]*", name, re.ASCII):
                raise Fail(_("secrets: {name} is no name for a variable: use letters, digits and _", name=name[:60]))


@handler("shell", title=_("Shell"))
def shell(ctx: Context, p: Params) -> Command:
    return Command(
        script=p.script,
        argv=p.argv,
        interpreter=p.interpreter,
        stdin=p.stdin,
        secrets=p.secrets,
        success=p.success,
        warning=p.warning,
    )
