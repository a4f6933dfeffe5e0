"""What a look at the workspace found, as a dialog."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QScrollArea, QVBoxLayout, QWidget

from watchkeeper.action.workspace import Health
from watchkeeper.model.text import Text, _, plural
from watchkeeper.ui.theme import Role
from watchkeeper.ui.widgets.dialog import WIDE, Dialog
from watchkeeper.ui.widgets.glyph import Glyph
from watchkeeper.ui.widgets.words import Label

#: The list of faults is not higher.
HIGHEST = 300


def health_dialog(health: Health) -> Dialog:
    """Put it under a Veil."""
    body = QWidget()
    layout = QVBoxLayout(body)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(16)
    layout.addLayout(_facts(health))
    layout.addWidget(_faults(health.faults))
    return Dialog(_("The workspace"), body, (), width=WIDE, close=_("Close"))


def _facts(health: Health) -> QGridLayout:
    facts: tuple[tuple[Text, str], ...] = (
        (_("Folder"), health.home),
        (_("Store"), health.store),
        (_("Engine"), health.engine),
        (_("Zone"), health.zone),
        (_("Jobs"), str(health.job_count)),
        (_("Id"), health.id),
    )
    grid = QGridLayout()
    grid.setHorizontalSpacing(24)
    grid.setVerticalSpacing(6)
    grid.setColumnStretch(1, 1)
    for row, (name, value) in enumerate(facts):
        said = Label(value or "–", Role.BODY)
        said.setWordWrap(True)
        said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        grid.addWidget(Label(name, Role.SMALL, ink=2), row, 0)
        grid.addWidget(said, row, 1)
    return grid


def _faults(faults: list[Text]) -> QWidget:
    """A sentence for each, or one that there is none."""
    found = plural("{n} thing needs a hand", "{n} things need a hand", len(faults)) if faults else _("Nothing is wrong")
    rows = QWidget()
    grid = QGridLayout(rows)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(8)
    grid.setVerticalSpacing(8)
    grid.setColumnStretch(1, 1)
    grid.addWidget(Glyph("status/late" if faults else "status/success"), 0, 0)
    grid.addWidget(Label(found, Role.SECTION), 0, 1)
    for row, fault in enumerate(faults, 1):
        said = Label(fault, Role.BODY)
        said.setWordWrap(True)
        grid.addWidget(said, row, 1)
    if not faults:
        return rows
    area = QScrollArea()
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(rows)
    area.setFixedHeight(min(HIGHEST, rows.sizeHint().height() + 8))
    return area
