"""How secrets and the vault look to people: never with a value, but for the one that was asked for twice."""

from collections.abc import Callable
from typing import Any

from watchkeeper.action.secret_table import SecretTable
from watchkeeper.action.secret_users import SecretUser
from watchkeeper.action.secret_values import Revealed, Tested
from watchkeeper.action.secrets import Changed, Deleted, SecretRow
from watchkeeper.cli.screen import table
from watchkeeper.cli.speech import Speech, local_time
from watchkeeper.model.secret import Secret, VaultStatus
from watchkeeper.model.text import Text, _, plural

Row = tuple[str | Text, ...]


def _row(speech: Speech, row: SecretRow) -> Row:
    """One line of `secret list`."""
    return row.name, str(row.kind), str(row.version), local_time(row.last_used_at), row.last_used_by, row.warning or ""


def _show_row(speech: Speech, row: SecretRow) -> None:
    facts: list[tuple[Text, str]] = [
        (_("secret"), row.name),
        (_("kind"), str(row.kind)),
        (_("version"), str(row.version)),
        (_("note"), row.note),
        (_("expires"), local_time(row.expires_at)),
        (_("changed"), local_time(row.changed_at)),
        (_("changed by"), row.changed_by),
        (_("last used"), local_time(row.last_used_at)),
        (_("by the job"), row.last_used_by),
    ]
    rows = [[speech.say(name), value] for name, value in facts if value]
    speech.lines(table(rows[0], rows[1:]))
    if row.warning is not None:
        speech.line(row.warning)


def _show_changed(speech: Speech, changed: Changed) -> None:
    speech.line(_("{name} is in version {version} now", name=changed.name, version=changed.version))


def _show_deleted(speech: Speech, gone: Deleted) -> None:
    speech.line(
        _(
            "{name} is put away; until {until} `watchkeeper secret undelete {id}` brings it back",
            name=gone.name,
            until=local_time(gone.until),
            id=gone.id,
        )
    )


def _show_tested(speech: Speech, tested: Tested) -> None:
    speech.line(_("{place}: {what}", place=tested.name, what=tested.told))


def _show_table(speech: Speech, found: SecretTable) -> None:
    header = [_("SECRET"), _("KIND"), _("VERSION"), _("USED BY"), _("LAST USED"), _("NOTICE")]
    rows = [
        [row.name, str(row.kind), str(row.version), str(row.job_count), local_time(row.last_used_at), row.warning or ""]
        for row in found.rows
    ]
    speech.lines(table([speech.say(title) for title in header], [[speech.say(cell) for cell in row] for row in rows]))
    if found.waiting:
        speech.line(plural("{n} run waits for the vault", "{n} runs wait for the vault", found.waiting))


def _show_revealed(speech: Speech, revealed: Revealed) -> None:
    speech.out(revealed.value, end="" if revealed.value.endswith("\n") else "\n")


SECRET_TABLES: dict[type, tuple[tuple[Text, ...], Callable[[Speech, Any], Row]]] = {
    SecretRow: ((_("SECRET"), _("KIND"), _("VERSION"), _("LAST USED"), _("BY"), _("NOTICE")), _row),
    SecretUser: (
        (_("JOB"), _("HANDLER"), _("ENABLED")),
        lambda speech, user: (user.job, user.handler, _("yes") if user.is_enabled else _("no")),
    ),
}

SECRET_ALONE: dict[type, Callable[[Speech, Any], None]] = {
    SecretRow: _show_row,
    Secret: lambda speech, secret: speech.line(
        _("{name} is in the vault, in version {version}", name=secret.name, version=secret.version)
    ),
    Changed: _show_changed,
    Deleted: _show_deleted,
    Tested: _show_tested,
    Revealed: _show_revealed,
    SecretTable: _show_table,
    VaultStatus: lambda speech, status: speech.line(status.sentence),
}
