"""The panel of the palette: a field, chips for the sections, the list, and the keys at its foot."""

import asyncio
from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from watchkeeper.action.desk import Desk
from watchkeeper.model.job import Job
from watchkeeper.model.text import Text, _
from watchkeeper.model.words import words_of
from watchkeeper.ui import icons
from watchkeeper.ui.memory import Memory
from watchkeeper.ui.palette.found import TITLES, Offer, Section, ranked
from watchkeeper.ui.palette.rows import Rows
from watchkeeper.ui.tasks import Tasks
from watchkeeper.ui.theme import Role, font, tokens
from watchkeeper.ui.widgets.keycap import key_cap, key_cap_width
from watchkeeper.ui.widgets.segmented import Segmented
from watchkeeper.ui.widgets.words import line
from watchkeeper.ui.words import shown

WIDTH, FIELD, FOOT = 640, 56, 40
#: The list is not higher.
HIGHEST = 520
#: Jobs that are read for the list; more are found by the query bar of their page.
MOST_JOBS = 1_000
RECENT = "palette.recent"


class Palette(QWidget):
    """Put it under a Veil. `commands` are offered as they are possible now."""

    done = Signal()
    #: Below the window's upper edge, so that it does not jump while its list grows and shrinks.
    top = 104

    def __init__(
        self,
        desk: Desk,
        memory: Memory,
        commands: Sequence[Offer],
        go: Callable[[str], None],
        say: Callable[[Text], None],
    ) -> None:
        super().__init__()
        self._desk, self._memory, self._commands, self._go = desk, memory, tuple(commands), go
        self._jobs: tuple[Offer, ...] = ()
        self._tasks = Tasks(say)
        self.setFixedWidth(WIDTH)
        self.field = QLineEdit()
        self.field.setProperty("kind", "bare")
        self.field.setFont(font(Role.SEARCH))
        self.field.setPlaceholderText(shown(_("Search jobs, runs, hosts, or type a command")))
        self.field.setAccessibleName(shown(_("Search")))
        self.field.textChanged.connect(self._look)
        self.field.installEventFilter(self)
        self.setFocusProxy(self.field)
        self.rows = Rows()
        self.rows.chosen.connect(self.choose)
        self._sections = Segmented(
            [("all", _("All")), *((each.value, TITLES[each]) for each in Section)], self._look, is_chips=True
        )
        self._area = QScrollArea()
        self._area.setWidget(self.rows)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._lay_out()
        self._look()
        self._tasks.start(self._read_jobs(), "jobs")

    def choose(self, number: int) -> None:
        """Do what a row says."""
        offer = self.rows.hits[number].offer
        recent = [offer.id, *(each for each in self._memory.get(RECENT, []) if each != offer.id)]
        self._memory.put(RECENT, recent[:30])
        self._tasks.close()
        self.done.emit()
        offer.choose()

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
                self._sections.choose_next()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                if self.rows.hits:
                    self.choose(self.rows.current)
            case _:
                return False
        self._show_current()
        return True

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, FIELD + 1 + min(self.rows.sizeHint().height() or 120, HIGHEST) + FOOT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        icons.paint(painter, "ui/search", tokens().text_2, QRectF(20, 18, 20, 20))
        if not self.rows.hits:
            self._paint_nothing(painter)
        self._paint_foot(painter)

    async def _read_jobs(self) -> None:
        found: list[Job] = await self._desk.ask("job.list", limit=MOST_JOBS)
        self._jobs = tuple(self._offer(job) for job in found)
        self._look()

    def _offer(self, job: Job) -> Offer:
        icon = "ui/jobs" if job.spec.is_enabled else "status/disabled"
        when = words_of(job.spec.triggers[0]) if job.spec.triggers else job.spec.description[:60]
        return Offer(f"job:{job.id}", Section.JOBS, job.name, lambda: self._go(f"job/{job.id}"), icon, when)

    def _look(self) -> None:
        wanted = self.field.text().strip()
        chosen = self._sections.chosen
        section = None if chosen == "all" else Section(chosen)
        offers = (*self._jobs, *self._run_offers(wanted), *self._commands)
        self.rows.set_hits(ranked(offers, wanted.removeprefix("#"), self._memory.get(RECENT, []), section))
        self.resize(self.sizeHint())
        self._area.verticalScrollBar().setValue(0)
        parent = self.parentWidget()
        if parent is not None:
            parent.update()
        self.update()

    def _run_offers(self, wanted: str) -> list[Offer]:
        number = wanted.removeprefix("#")
        if not number.isdecimal() or len(number) > 12:
            return []
        title = _("Run #{number}", number=number)
        return [Offer(f"run:{number}", Section.RUNS, title, lambda: self._go(f"run/{number}"), "ui/monitor")]

    def _show_current(self) -> None:
        if self.rows.hits:
            rect = self.rows.row_rect(self.rows.current)
            self._area.ensureVisible(0, round(rect.center().y()), 0, 40)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(52, 0, 16, 0)
        top.addWidget(self.field, 1)
        top.addWidget(self._sections)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 0, 1, FOOT)
        layout.setSpacing(0)
        holder = QWidget()
        holder.setFixedHeight(FIELD)
        holder.setLayout(top)
        layout.addWidget(holder)
        layout.addWidget(line())
        layout.addWidget(self._area, 1)

    def _paint_nothing(self, painter: QPainter) -> None:
        painter.setPen(tokens().text_2)
        words = shown(_("Nothing fits. Fewer letters find more."))
        painter.setFont(font(Role.BODY, words))
        room = QRectF(0, FIELD, self.width(), self.height() - FIELD - FOOT)
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, words)

    def _paint_foot(self, painter: QPainter) -> None:
        t, top = tokens(), self.height() - FOOT
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(QRectF(1, top, self.width() - 2, 1), t.border)
        x = 17.0
        for keys, text in (("↑ ↓", _("move")), ("Enter", _("open")), ("Tab", _("section")), ("Esc", _("close"))):
            key_cap(painter, keys, QPointF(x, top + 12))
            x += key_cap_width(keys) + 8
            words = shown(text)
            painter.setFont(font(Role.SMALL, words))
            painter.setPen(t.text_2)
            width = painter.fontMetrics().horizontalAdvance(words)
            painter.drawText(QRectF(x, top, width + 2, FOOT), Qt.AlignmentFlag.AlignVCenter, words)
            x += width + 20
        words = shown(_("Chinese is found by pinyin initials"))
        painter.setFont(font(Role.SMALL, words))
        room = QRectF(x, top, self.width() - x - 17, FOOT)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, words)


async def settled(palette: Palette) -> None:
    """Wait until the palette has read its jobs; for pictures and tests."""
    await palette._tasks.idle()
    await asyncio.sleep(0)
