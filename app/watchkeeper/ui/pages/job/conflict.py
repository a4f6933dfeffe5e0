"""Two people have changed the same job: both ways from where the draft began."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from watchkeeper.action.differences import differences
from watchkeeper.model.job import Job, JobSpec
from watchkeeper.model.text import _
from watchkeeper.ui.pages.job.beside import Panel, changed_fields
from watchkeeper.ui.widgets.diff import DiffView


def comparison(theirs: Job, base: JobSpec | None, mine: JobSpec | None) -> QWidget:
    """What they changed beside what was changed here."""
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
    return body
