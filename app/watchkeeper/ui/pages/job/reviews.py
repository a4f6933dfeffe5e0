"""What a save changes, and what two people have changed of the same job, as dialogs."""

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QWidget

from watchkeeper.action.differences import differences
from watchkeeper.action.draft import read_through
from watchkeeper.model.job import Job, JobSpec
from watchkeeper.model.text import Text, _, plural
from watchkeeper.ui.pages.job.beside import Panel, changed_fields
from watchkeeper.ui.pages.job.document import Values
from watchkeeper.ui.widgets.dialog import WIDE, Dialog
from watchkeeper.ui.widgets.diff import DiffView


def comparison(
    theirs: Job, saved: Values, values: Values, choices: tuple[tuple[Text, Callable[[], object]], ...]
) -> Dialog:
    """What they changed beside what was changed here, both from where the draft began."""
    base, mine = _spec_of(saved), _spec_of(values)
    body = QWidget()
    layout = QHBoxLayout(body)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(16)
    for title, spec in ((_("Theirs, v{number}", number=theirs.version), theirs.spec), (_("Mine"), mine)):
        panel, view = Panel(title), DiffView()
        if base is not None and spec is not None:
            view.show_fields(changed_fields(differences(base, spec, with_lines=True)))
        view.setMinimumHeight(300)
        panel.inner.addWidget(view, 1)
        layout.addWidget(panel)
    return Dialog(_("Two versions of the same job"), body, choices, width=WIDE + 160)


def review(saved: Values, values: Values, base: int, save: Callable[[], object]) -> Dialog | None:
    """What a save would change; None while the values are no job."""
    before, after = _spec_of(saved), _spec_of(values)
    if after is None:
        return None
    view = DiffView()
    view.show_fields(changed_fields(differences(before or JobSpec("", after.handler), after, with_lines=True)))
    view.setFixedHeight(min(max(view.height_wanted, 56), 420))
    title = _("Save v{number} of {job}", number=base + 1, job=after.name)
    return Dialog(title, view, ((_("Save"), save),), width=WIDE)


def _spec_of(values: Values) -> JobSpec | None:
    spec, problems = read_through(values)
    return None if problems else spec


def saved_words(version: int, count: int) -> Text:
    """That a version is saved, in which so many fields are other ones."""
    return _("Saved as v{number}: {fields}", number=version, fields=plural("{n} field", "{n} fields", count))
