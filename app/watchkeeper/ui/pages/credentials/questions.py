"""Asked before a secret goes, before the vault is shut, and before a value is shown: with what becomes of it."""

from collections.abc import Callable, Sequence
from functools import partial

from watchkeeper.action.secret_users import SecretUser
from watchkeeper.model.text import _, plural
from watchkeeper.ui.widgets.question import Question

#: Jobs that are named.
_MOST = 5


def removal_question(name: str, users: Sequence[SecretUser], delete: Callable[[], object]) -> Question:
    """The jobs that use it fail without it; they are named before."""
    if users:
        named = ", ".join(user.job for user in users[:_MOST]) + ("…" if len(users) > _MOST else "")
        text = plural(
            "{n} job uses it, and its runs fail without it: {jobs}. For a week Undo brings it back.",
            "{n} jobs use it, and their runs fail without it: {jobs}. For a week Undo brings it back.",
            len(users),
            jobs=named,
        )
    else:
        text = _("No job uses it. For a week Undo brings it back, then it is wiped.")
    answer = _("Delete all the same") if users else _("Delete")
    answers = ((_("Cancel"), _nothing), (answer, partial(_answered, delete)))
    return Question(_("Delete the secret {name}?", name=name), text, answers)


def lock_question(lock: Callable[[], object]) -> Question:
    """Locking holds runs back."""
    text = _(
        "Runs that need a secret wait until somebody types the passphrase. Those that were given theirs before go on."
    )
    answers = ((_("Cancel"), _nothing), (_("Lock"), partial(_answered, lock)))
    return Question(_("Lock the vault?"), text, answers)


def reveal_question(name: str, reason: str, reveal: Callable[[], object]) -> Question:
    """The second step before a value is shown."""
    text = _(
        "It is shown for 30 seconds. That you saw it stands in the audit trail, with your reason: {reason}",
        reason=reason,
    )
    answers = ((_("Cancel"), _nothing), (_("Show"), partial(_answered, reveal)))
    return Question(_("Show the value of {name} now?", name=name), text, answers)


def _nothing(_is_remembered: bool) -> None:
    """The question is closed, and that is all."""


def _answered(do: Callable[[], object], _is_remembered: bool) -> None:
    do()
