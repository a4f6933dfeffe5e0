"""Of which time runs are shown: a reach back from now, or from one moment to another."""

from collections.abc import Callable
from datetime import datetime, timedelta

from PySide6.QtWidgets import QHBoxLayout, QWidget

from watchkeeper.model.text import Text, _
from watchkeeper.ui.clock import now
from watchkeeper.ui.spans import moment, span
from watchkeeper.ui.theme import Role
from watchkeeper.ui.widgets.form import Complaint
from watchkeeper.ui.widgets.moment_field import MomentField
from watchkeeper.ui.widgets.segmented import Segmented
from watchkeeper.ui.widgets.words import Label

REACHES: tuple[tuple[str, Text, timedelta | None], ...] = (
    ("1h", _("1 h"), timedelta(hours=1)),
    ("24h", _("24 h"), timedelta(days=1)),
    ("7d", _("7 d"), timedelta(days=7)),
    ("30d", _("30 d"), timedelta(days=30)),
    ("ever", _("all time"), None),
)
CUSTOM = "custom"


class Period:
    """`reach` stands beside the title, `row` below it while two moments are wanted."""

    def __init__(self, zone: Callable[[], str], changed: Callable[[], None]) -> None:
        self._zone, self._changed = zone, changed
        choices = [(name, text) for name, text, _span in REACHES] + [(CUSTOM, _("from … to"))]
        self.reach = Segmented(choices, self._choose, name=_("Time"))
        self.reach.show_choice("7d")
        self.begin = MomentField(_("From"), zone)
        self.end = MomentField(_("Until"), zone, is_end=True)
        for field in (self.begin, self.end):
            field.changed.connect(self._edit)
        self.complaint = Complaint()
        self._told = Label("", Role.SMALL, ink=2)
        self.row = self._made_row()
        self.row.hide()

    @property
    def bounds(self) -> tuple[datetime | None, datetime | None]:
        """From when on, and before when; None for no bound."""
        if self.reach.chosen == CUSTOM:
            return self.begin.moment, self.end.moment
        reach = next(span for name, _text, span in REACHES if name == self.reach.chosen)
        return (None if reach is None else now() - reach), None

    def show_all(self) -> None:
        """No bounds, without telling."""
        self.reach.show_choice("ever")
        self.row.hide()

    def _choose(self) -> None:
        is_custom = self.reach.chosen == CUSTOM
        if is_custom and not self.begin.text():
            self.begin.show_moment((now() - timedelta(days=1)).replace(second=0, microsecond=0))
        self.row.setVisible(is_custom)
        if is_custom:
            self.begin.setFocus()
        self._edit()

    def _edit(self) -> None:
        """Nothing is looked for between two moments of which one is none."""
        problem = self._problem() if self.reach.chosen == CUSTOM else None
        self.complaint.say(problem)
        self._told.setVisible(problem is None)
        if problem is None:
            self._told.say(self._words())
            self._changed()

    def _problem(self) -> Text | None:
        for field in (self.begin, self.end):
            if field.problem is not None:
                return field.problem
        begin, end = self.begin.moment, self.end.moment
        if begin is not None and end is not None and end <= begin:
            return _("{end} is not after {begin}: give a later one", end=self.end.text(), begin=self.begin.text())
        return None

    def _words(self) -> Text | str:
        """How it was understood."""
        begin, end = self.bounds
        if begin is None and end is None:
            return _("all time")
        first = "…" if begin is None else moment(begin, self._zone(), now())
        last = _("now") if end is None else moment(end, self._zone(), now())
        length = span((end or now()) - begin) if begin is not None else ""
        return _("{first} – {last}  {length}", first=first, last=last, length=length)

    def _made_row(self) -> QWidget:
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(16, 12, 16, 0)
        layout.setSpacing(8)
        for title, field in ((_("From"), self.begin), (_("Until"), self.end)):
            layout.addWidget(Label(title, Role.SMALL, ink=2))
            layout.addWidget(field)
            layout.addSpacing(8)
        layout.addWidget(self._told)
        layout.addWidget(self.complaint, 1)
        layout.addStretch(0)
        return row
