"""The panel of the palette: a field, chips for the sections, the list, and the keys at its foot."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from watchkeeper.action.desk import Desk
from watchkeeper.model.text import Text, _
from watchkeeper.ui import icons
from watchkeeper.ui.memory import Memory
from watchkeeper.ui.palette import asking
from watchkeeper.ui.palette.foot import HEIGHT as FOOT
from watchkeeper.ui.palette.foot import Foot, Hints
from watchkeeper.ui.palette.found import TITLES, Offer, Section, ways_of
from watchkeeper.ui.palette.offers import Ports
from watchkeeper.ui.palette.rows import Rows
from watchkeeper.ui.palette.stock import Stock
from watchkeeper.ui.tasks import Tasks
from watchkeeper.ui.theme import Role, font, tokens
from watchkeeper.ui.widgets.segmented import Segmented
from watchkeeper.ui.widgets.words import line
from watchkeeper.ui.words import shown

WIDTH, FIELD = 640, 56
#: The list is not higher.
HIGHEST = 520


class Palette(QWidget):
    """Put it under a Veil. `offers` are the commands, pages and settings; jobs and runs are asked of the desk."""

    done = Signal()
    #: Below the window's upper edge, so that it does not jump while its list grows and shrinks.
    top = 104

    def __init__(
        self, desk: Desk, memory: Memory, offers: Sequence[Offer], ports: Ports, say: Callable[[Text], None]
    ) -> None:
        super().__init__()
        self._stock = Stock(desk, memory, offers, ports, self._show)
        #: Of what the ways are shown; None for the list.
        self._of: Offer | None = None
        self._typed = ""
        self._tasks, self._entering = Tasks(say), Tasks(say)
        self.setFixedWidth(WIDTH)
        self.field = QLineEdit()
        self.field.setProperty("kind", "bare")
        self.field.setFont(font(Role.SEARCH))
        self.field.setMaxLength(asking.LONGEST)
        self.field.setAccessibleName(shown(_("Search")))
        self.field.textChanged.connect(self._look)
        self.field.installEventFilter(self)
        self.setFocusProxy(self.field)
        self.rows = Rows()
        self.rows.chosen.connect(self.choose)
        self.rows.moved.connect(self._tell_current)
        chips = [each for each in Section if each is not Section.SETTINGS or any(o.section is each for o in offers)]
        self._sections = Segmented(
            [("all", _("All")), *((each.value, TITLES[each]) for each in chips)], self._look, is_chips=True
        )
        self._area, self._foot = QScrollArea(), Foot()
        self._area.setWidget(self.rows)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._lay_out()
        self._look()
        self._tasks.start(self._stock.read_jobs())
        self._tasks.start(self._stock.recall())

    def choose(self, number: int) -> None:
        """Do what a row says."""
        offer = self.rows.hits[number].offer
        self._stock.remember(self._of or offer)
        self.done.emit()
        offer.choose()

    @property
    def _section(self) -> Section | None:
        """What is looked for; None for everything."""
        return None if self._sections.chosen == "all" else Section(self._sections.chosen)

    def show_section(self, section: Section) -> None:
        """Look for such things only."""
        self._sections.choose(section.value)

    async def settled(self) -> None:
        """Wait until the desk has answered."""
        await self._tasks.idle()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The keys that move in the list while somebody types."""
        if event.type() is not QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        match event.key():
            case Qt.Key.Key_Down:
                self.rows.move_by(1)
            case Qt.Key.Key_Up:
                self.rows.move_by(-1)
            case Qt.Key.Key_Tab:
                self._show_ways()
            case Qt.Key.Key_Backtab:
                self._sections.choose_next()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._take_enter()
            case Qt.Key.Key_Escape if self._of is not None:
                self._show_list()
            case Qt.Key.Key_Backspace if self._of is not None and not self.field.text():
                self._show_list()
            case _:
                return False
        return True

    def hideEvent(self, event: QHideEvent) -> None:
        """Whatever closes it: nothing is looked for any more."""
        if not event.spontaneous():
            self._tasks.close()

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, FIELD + 3 + min(self.rows.sizeHint().height() or 120, HIGHEST) + FOOT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        icons.paint(painter, "ui/search", tokens().text_2, QRectF(20, 18, 20, 20))
        if self.rows.hits:
            return
        painter.setPen(tokens().text_2)
        words = shown(_("Nothing fits. Fewer letters find more."))
        painter.setFont(font(Role.BODY, words))
        room = QRectF(0, FIELD, self.width(), self.height() - FIELD - FOOT)
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, words)

    def _take_enter(self) -> None:
        """Keys that are faster than the desk's answer mean what they would have meant after it."""
        if self.rows.current == 0 and self._tasks.is_busy:
            self._entering.start(self._enter_when_settled(), "enter")
        elif self.rows.hits:
            self.choose(self.rows.current)

    async def _enter_when_settled(self) -> None:
        await self.settled()
        if self.rows.hits and self.isVisible():
            self.choose(self.rows.current)

    # What is shown.

    def _look(self) -> None:
        """Something else is typed, or another section is chosen: what was asked before is given up."""
        if self._of is None:
            self._tasks.start(self._stock.finding(self.field.text().strip()), "find")
        self._show(is_new=True)

    def _show(self, *, is_new: bool = False) -> None:
        wanted, kept = self.field.text().strip(), self.rows.offer
        hits = self._stock.hits(wanted, self._section) if self._of is None else ways_of(self._of, wanted)
        self.rows.set_hits(hits, "" if is_new or kept is None or self.rows.current == 0 else kept.id)
        self.field.setPlaceholderText(
            shown(_("Search and commands"))
            if self._of is None
            else shown(_("What to do with {name}", name=self._of.title))
        )
        self.resize(self.sizeHint())
        self._tell_current()
        if (parent := self.parentWidget()) is not None:
            parent.update()
        self.update()

    def _show_ways(self) -> None:
        """What else can be done with the selected one; where there is nothing else, the next section."""
        offer = self.rows.offer
        if self._of is not None or offer is None or not offer.ways:
            return self._sections.choose_next()
        self._of, self._typed = offer, self.field.text()
        self._sections.hide()
        self.field.clear() if self._typed else self._show(is_new=True)

    def _show_list(self) -> None:
        self._of = None
        self._sections.show()
        self.field.setText(self._typed)
        self._look()

    def _tell_current(self) -> None:
        offer = self.rows.offer
        self.field.setAccessibleDescription("" if offer is None else shown(offer.title))
        self._foot.say(_hints(offer, is_in_list=self._of is None))
        if offer is not None:
            rect = self.rows.row_rect(self.rows.current)
            self._area.ensureVisible(0, round(rect.center().y()), 0, 40)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(52, 0, 16, 0)
        top.addWidget(self.field, 1)
        top.addWidget(self._sections)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 0, 1, 1)
        layout.setSpacing(0)
        holder = QWidget()
        holder.setFixedHeight(FIELD)
        holder.setLayout(top)
        layout.addWidget(holder)
        layout.addWidget(line())
        layout.addWidget(self._area, 1)
        layout.addWidget(self._foot)


def _hints(offer: Offer | None, *, is_in_list: bool) -> Hints:
    """The keys that do something now."""
    first = (("↑ ↓", _("move")), ("Enter", _("open")))
    if not is_in_list:
        return (*first, ("Esc", _("back")))
    if offer is not None and offer.ways:
        names = shown(_(", ")).join(shown(way.title) for way in offer.ways)
        return (*first, ("Tab", _("actions: {names}", names=names)), ("Esc", _("close")))
    return (*first, ("Tab", _("section")), ("Esc", _("close")))
