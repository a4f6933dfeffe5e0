"""The dashboard: what needs attention, the timeline around now, and the next fires."""

from PySide6.QtWidgets import QVBoxLayout

from watchkeeper.model.text import _
from watchkeeper.ui.console import Console
from watchkeeper.ui.pages.page import Page
from watchkeeper.ui.theme import Role
from watchkeeper.ui.widgets.words import Label, plain


class Dashboard(Page):
    """The first page."""

    def __init__(self, console: Console) -> None:
        super().__init__(console, "dashboard", _("Dashboard"), "")
        plain(self, 0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 16)
        layout.addWidget(Label(_("Dashboard"), Role.PAGE_TITLE))
        layout.addStretch(1)
