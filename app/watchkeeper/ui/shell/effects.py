"""What taking jobs from a file would do, said before it is done."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from watchkeeper.action.apply import Change, What
from watchkeeper.model.text import Text, _
from watchkeeper.ui.theme import Role
from watchkeeper.ui.widgets.dialog import WIDE, Dialog
from watchkeeper.ui.widgets.diff import Changed, DiffView, lines_of
from watchkeeper.ui.widgets.words import Label

#: The list of changes is not higher.
HIGHEST = 380

_NEW: dict[str, Text] = {"job": _("New job"), "pool": _("New pool"), "calendar": _("New calendar")}
_OTHER: dict[str, Text] = {"job": _("Changed job"), "pool": _("Changed pool"), "calendar": _("Changed calendar")}


def preview(file: str, changes: Sequence[Change], apply: Callable[[], object]) -> Dialog:
    """Put it under a Veil; where nothing would change it can only be closed."""
    told = [change for change in changes if change.what is not What.UNCHANGED]
    body = QWidget()
    layout = QVBoxLayout(body)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(12)
    summary = Label(_summary(changes), Role.BODY, ink=2)
    summary.setWordWrap(True)
    layout.addWidget(summary)
    view = DiffView()
    view.show_fields(map(_told, told))
    view.setFixedHeight(min(view.height_wanted, HIGHEST))
    view.setVisible(bool(told))
    layout.addWidget(view)
    choices: tuple[tuple[Text, Callable[[], object]], ...] = ((_("Apply"), apply),) if told else ()
    title = _("Jobs from {file}", file=file)
    return Dialog(title, body, choices, width=WIDE, close=None if told else _("Close"))


def _summary(changes: Sequence[Change]) -> Text:
    if not changes:
        return _("There is nothing in the file.")
    count = Counter(change.what for change in changes)
    return _(
        "New: {new}, changed: {changed}, unchanged: {unchanged}. Nothing is deleted.",
        new=count[What.CREATED],
        changed=count[What.CHANGED],
        unchanged=count[What.UNCHANGED],
    )


def _told(change: Change) -> Changed:
    if change.what is What.CREATED:
        return Changed(_NEW[change.kind], change.name, ())
    lines = [line for each in change.differences for line in _lines(each.field, lines_of(each.before, each.after, ()))]
    return Changed(_OTHER[change.kind], change.name, tuple(lines))


def _lines(field: str, lines: Sequence[str]) -> Iterator[str]:
    """What was and what is, with the field's path before it."""
    for line in lines:
        yield f"{line[:1]}{field}: {line[1:]}"
