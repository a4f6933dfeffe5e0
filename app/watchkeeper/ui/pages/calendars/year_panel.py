"""The year with what stands around it: which one it is, how much is held, what is not known, and the chosen day."""

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from watchkeeper.action.calendar_preview import CalendarPreview
from watchkeeper.model.text import _, plural
from watchkeeper.ui.pages.calendars.legend import Legend
from watchkeeper.ui.pages.calendars.names import told_of
from watchkeeper.ui.pages.calendars.year import CELL, YearView
from watchkeeper.ui.theme import Role
from watchkeeper.ui.widgets.glyph import Glyph
from watchkeeper.ui.widgets.words import Button, IconButton, Label, line, plain
from watchkeeper.ui.words import Spoken

#: Around the view, px.
MARGIN = 8
#: The years that can be looked at.
FIRST, LAST = 1901, 2199


class YearPanel(Spoken, QWidget):
    """`year_asked`: another year is to be read."""

    year_asked = Signal(int)

    def __init__(self, today: date) -> None:
        super().__init__()
        plain(self, 1)
        self.view = YearView(today)
        self.title = Label("", Role.PANEL_TITLE)
        self.count = Label("", Role.BODY, ink=2)
        self.doubt = Label("", Role.SMALL)
        self.doubt.setWordWrap(True)
        self.day = Label("", Role.SMALL, ink=2)
        self.day.setTextFormat(Qt.TextFormat.PlainText)
        self._preview: CalendarPreview | None = None
        self.view.moved.connect(self._follow)
        self.view.year_asked.connect(self.ask)
        self._lay_out()
        self.retranslate()

    def show_preview(self, preview: CalendarPreview) -> None:
        """The days of a year."""
        is_other = self._preview is None or self._preview.year != preview.year
        self._preview = preview
        self.view.show_year(preview.year, preview.days)
        self.retranslate()
        if is_other:
            self._scroll_to(self.view.current)

    def ask(self, year: int) -> None:
        """Show another year."""
        if FIRST <= year <= LAST:
            self.year_asked.emit(year)

    def retranslate(self) -> None:
        self.title.say(str(self.view.year))
        preview = self._preview
        self.doubts.setVisible(preview is not None and bool(preview.doubts))
        if preview is not None:
            self.count.say(plural("{n} day held", "{n} days held", preview.held))
            self.doubt.say(preview.doubts[0] if preview.doubts else "")
            self.doubts.setToolTip("\n".join(map(str, preview.doubts[1:])))
        self._tell_day(self.view.current)

    def go_today(self) -> None:
        """This day, in its year."""
        self.view.go_to(self.view.today)

    def _before(self) -> None:
        self.ask(self.view.year - 1)

    def _after(self) -> None:
        self.ask(self.view.year + 1)

    def _tell_day(self, day: date) -> None:
        self.day.say(" · ".join(told_of(self.view.day(day))))

    def _follow(self, day: date) -> None:
        self._tell_day(day)
        self._scroll_to(day)

    def _scroll_to(self, day: date) -> None:
        if day.year == self.view.year:
            cell = self.view.rect_of(day).center().toPoint()
            self.area.ensureVisible(cell.x(), cell.y() + MARGIN, 0, 2 * CELL)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(16, 10, 16, 0)
        head.setSpacing(4)
        head.addWidget(IconButton("ui/chevron-left", _("The year before"), self._before, parent=self))
        head.addWidget(self.title)
        head.addWidget(IconButton("ui/chevron-right", _("The year after"), self._after, parent=self))
        head.addSpacing(8)
        head.addWidget(self.count)
        head.addStretch(1)
        head.addWidget(Button(_("Today"), self.go_today, kind="ghost"))
        self.doubts = QWidget()
        doubts = QHBoxLayout(self.doubts)
        doubts.setContentsMargins(20, 4, 16, 0)
        doubts.setSpacing(6)
        doubts.addWidget(Glyph("status/late", 14), alignment=Qt.AlignmentFlag.AlignTop)
        doubts.addWidget(self.doubt, 1)
        inner = plain(QWidget(), 1)
        holder = QVBoxLayout(inner)
        holder.setContentsMargins(16, MARGIN, 16, 16)
        holder.setSpacing(8)
        holder.addWidget(self.view)
        holder.addStretch(1)
        area = self.area = QScrollArea()
        area.setWidget(inner)
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        foot = QVBoxLayout()
        foot.setContentsMargins(20, 8, 16, 8)
        foot.setSpacing(4)
        foot.addWidget(self.day)
        foot.addWidget(Legend())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self.doubts)
        layout.addWidget(area, 1)
        layout.addWidget(line())
        layout.addLayout(foot)
