"""The question until when the schedule is paused."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from watchkeeper.model.text import _
from watchkeeper.ui.clock import now
from watchkeeper.ui.theme import Role, font
from watchkeeper.ui.widgets.dialog import Dialog
from watchkeeper.ui.widgets.words import Label
from watchkeeper.ui.words import shown

#: What is offered: the full hour after so long.
AHEAD = timedelta(hours=8)
_PATTERN = "%Y-%m-%d %H:%M"


def pause_until(zone: str, pause: Callable[[datetime], None]) -> Dialog:
    """Lay it over the window; `pause` gets the moment, aware."""
    until = Until(zone)

    def pause_then() -> None:
        if until.moment is not None:
            pause(until.moment)

    dialog = Dialog(_("Pause the schedule"), until, ((_("Pause the schedule"), pause_then),))
    until.field.textChanged.connect(lambda: dialog.buttons[-1].setEnabled(until.moment is not None))
    dialog.setFocusProxy(until.field)
    return dialog


class Until(QWidget):
    """A moment that lies ahead, written in a zone."""

    def __init__(self, zone: str) -> None:
        super().__init__()
        self._zone = ZoneInfo(zone)
        self._offered = (now() + AHEAD).astimezone(self._zone).replace(minute=0).strftime(_PATTERN)
        words = Label(_("No trigger fires until then; what is started by hand runs."), ink=2)
        words.setWordWrap(True)
        self.field = QLineEdit(self._offered)
        self.field.setFont(font(Role.BODY))
        self.field.setFixedHeight(32)
        self.field.setAccessibleName(shown(_("Until")))
        self.field.textChanged.connect(self._judge)
        self.remark = Label("", Role.SMALL, ink=2)
        self.remark.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for widget in (words, self.field, self.remark):
            layout.addWidget(widget)
        self._judge()

    @property
    def moment(self) -> datetime | None:
        """What is written, aware; None where it is no moment that lies ahead."""
        try:
            written = datetime.strptime(self.field.text().strip(), _PATTERN).replace(tzinfo=self._zone)
        except ValueError:
            return None
        return written if written > now() else None

    def _judge(self) -> None:
        if self.moment is None:
            wrong = self.field.text().strip()[:40]
            self.remark.say(_("“{text}” lies not ahead: write it like {example}.", text=wrong, example=self._offered))
        else:
            self.remark.say(_("Times are those of {zone}.", zone=str(self._zone)))
