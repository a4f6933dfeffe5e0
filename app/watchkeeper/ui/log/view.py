"""The log view: bar, first error, rows with their overview, foot."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from watchkeeper.model.first_error import Level
from watchkeeper.model.text import Text, _, plural
from watchkeeper.ui.commands import Command
from watchkeeper.ui.log.access import Teller
from watchkeeper.ui.log.amount import amount, size_words
from watchkeeper.ui.log.bar import Bar
from watchkeeper.ui.log.blank import Blank
from watchkeeper.ui.log.foot import HINTS, Foot
from watchkeeper.ui.log.keys import KEYS
from watchkeeper.ui.log.log import Log
from watchkeeper.ui.log.moments import TimeMode
from watchkeeper.ui.log.pages import Missing
from watchkeeper.ui.log.pinned import Pinned
from watchkeeper.ui.log.reading import Reading
from watchkeeper.ui.log.saving import save, selected_text
from watchkeeper.ui.log.sheet import Sheet
from watchkeeper.ui.log.steps import Steps
from watchkeeper.ui.log.strip import Strip
from watchkeeper.ui.memory import Memory
from watchkeeper.ui.tasks import Tasks
from watchkeeper.ui.words import Spoken, locale, shown

#: How long something is said in the foot, in milliseconds.
_SAID = 4000
#: After so long without a first row it is said that the log is being read.
_PATIENCE = 300
_ROWS_ASIDE = 60

#: Gives the link to a byte of an attempt's output.
Link = Callable[[int, int], str]


class LogView(Spoken, QWidget):
    """Of one log; `close_log` when it is shown no more."""

    def __init__(self, log: Log, memory: Memory, *, link: Link | None = None, parent: QWidget | None = None) -> None:
        """Without `link` no link is offered."""
        super().__init__(parent)
        self.log, self._memory, self._link = log, memory, link
        self.reading = Reading(log, self)
        self.sheet = Sheet(self.reading, self)
        Teller(self.sheet)
        self.steps = Steps(self.sheet)
        self.bar = Bar(self)
        self.pinned = Pinned(self)
        self.strip = Strip(self.sheet, self)
        self.foot = Foot(self)
        self._blank = Blank(self.sheet)
        self._tasks = Tasks(self._refuse)
        self._said: Text | None = None
        self._is_refusal = False
        self._lines_at_pause = 0
        self._silence = self._timer(_SAID, self._fall_silent)
        self._slow = self._timer(_PATIENCE, self._tell_blank)
        self._slow.start()
        self._lay_out()
        self._connect()
        self._take_keys()
        self._recall()
        self.retranslate()
        self.reading.start()
        if not log.is_closed:
            self.sheet.follow(True)

    def close_log(self) -> None:
        """Nothing goes on."""
        self._tasks.close()
        self.reading.close()

    def commands(self) -> list[Command]:
        """All that its keys do, for the page around it: in menus, palette and sheet of keys."""
        keys: dict[str, tuple[str, ...]] = {}
        for key in KEYS:
            keys[key.does] = (*keys.get(key.does, ()), key.keys)
        titles = {key.does: key.title for key in KEYS}
        return [Command(f"log.{does}", titles[does], self._method(does), pressed) for does, pressed in keys.items()]

    # What keys and buttons do beside the steps

    def follow(self) -> None:
        """To the end, and stay there."""
        self.sheet.follow(True)

    def pause(self) -> None:
        """Stay here, or at the end again."""
        self.sheet.follow(not self.sheet.is_following)

    def go_to_top(self) -> None:
        self.sheet.put_cursor(None)
        self.sheet.place(0)

    def go_to_end(self) -> None:
        self.sheet.put_cursor(None)
        self.sheet.to_end()

    def go_to(self, attempt: int, offset: int) -> None:
        """The row with a byte of an attempt's output, as a link names it."""
        for part in self.log.parts:
            if part.attempt == attempt:
                self.sheet.to(part.begin + offset)

    def go_to_line(self, number: int) -> None:
        """The line with this number."""
        self._tasks.start(self._go_to_line(number), "line")

    def search(self) -> None:
        """The keyboard goes to the search field."""
        self.bar.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.bar.field.selectAll()

    def next_time_mode(self) -> None:
        modes = list(TimeMode)
        self.set_time_mode(modes[(modes.index(self.sheet.arrangement.mode) + 1) % len(modes)])

    def set_time_mode(self, mode: TimeMode) -> None:
        """Show other times."""
        self._memory.put("log.times", mode.value)
        self.bar.time.choose(mode)
        self.sheet.set_mode(mode)

    def set_level(self, level: Level) -> None:
        """Show only lines of a level and above."""
        self.bar.level.choose(level)
        self.sheet.set_level(level)
        self._tell_blank()

    def toggle_wrap(self) -> None:
        self.set_wrapped(not self.sheet.arrangement.is_wrapped)

    def set_wrapped(self, is_wrapped: bool) -> None:
        """Break long rows or not."""
        self._memory.put("log.wrap", is_wrapped)
        self.bar.wrap_button.setChecked(is_wrapped)
        self.sheet.set_wrapped(is_wrapped)

    def copy(self) -> None:
        """What is selected to the clipboard."""
        self._tasks.start(self._copy(with_numbers=False), "copy")

    def copy_with_numbers(self) -> None:
        """The same, each line with its number."""
        self._tasks.start(self._copy(with_numbers=True), "copy")

    def copy_link(self) -> None:
        """A link to the current row to the clipboard."""
        row = self.sheet.start
        if row is not None and self._link is not None:
            part = self.log.part(row)
            QGuiApplication.clipboard().setText(self._link(part.attempt, row - part.begin))
            self._say(_("Link copied"))

    def select_all(self) -> None:
        self.sheet.select_all()

    def clear(self) -> None:
        """Nothing is selected, no row is current."""
        self.sheet.selection.clear()
        self.sheet.put_cursor(None)

    def save(self) -> None:
        """Ask where, and save all of it."""
        dialog = QFileDialog(self, shown(_("Save the log")), "run.log")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.fileSelected.connect(self.save_as)
        dialog.open()

    def save_as(self, file: str) -> None:
        """Save all of it there."""
        self._tasks.start(self._save(Path(file)), "save")

    def row_up(self) -> None:
        self.sheet.step(-1)

    def row_down(self) -> None:
        self.sheet.step(1)

    def select_up(self) -> None:
        self.sheet.step(-1, is_selecting=True)

    def select_down(self) -> None:
        self.sheet.step(1, is_selecting=True)

    def page_up(self) -> None:
        self.sheet.page(-1)

    def page_down(self) -> None:
        self.sheet.page(1)

    def scroll_left(self) -> None:
        self._scroll_aside(-_ROWS_ASIDE)

    def scroll_right(self) -> None:
        self._scroll_aside(_ROWS_ASIDE)

    def retranslate(self) -> None:
        self.sheet.setAccessibleName(shown(_("Log")))
        self.sheet.moved.emit()
        self._tell_state()

    # How it is put together

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.sheet, 1)
        middle.addWidget(self.strip)
        for part in (self.bar, self.pinned):
            column.addWidget(part)
        column.addLayout(middle, 1)
        column.addWidget(self.foot)
        for keys, word, title, does in HINTS:
            self.foot.add(keys, word, title, self._method(does))
        self.setFocusProxy(self.sheet)
        self.sheet.installEventFilter(self)
        self.bar.link_button.setVisible(self._link is not None)

    def _connect(self) -> None:
        bar, sheet = self.bar, self.sheet
        bar.follow_wanted.connect(self.pause)
        bar.wrap_wanted.connect(self.toggle_wrap)
        bar.link_wanted.connect(self.copy_link)
        bar.save_wanted.connect(self.save)
        bar.level.on_choice = self.set_level
        bar.time.on_choice = self.set_time_mode
        bar.field.asked.connect(self._search)
        bar.field.next_wanted.connect(self.steps.next_hit)
        bar.field.previous_wanted.connect(self.steps.previous_hit)
        bar.field.left.connect(self._leave_field)
        self.pinned.wanted.connect(self.steps.first_error)
        self.strip.wanted.connect(self._go_to_middle)
        self.steps.missed.connect(self._say)
        self.steps.hit_changed.connect(self._tell_search)
        sheet.follow_changed.connect(self._tell_follow)
        sheet.moved.connect(self._tell_state)
        sheet.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        sheet.customContextMenuRequested.connect(self._open_menu)
        self.reading.search.changed.connect(self._take_hits)
        self.reading.problem_changed.connect(self._tell_blank)

    def _take_keys(self) -> None:
        for key in KEYS:
            self.sheet.keys[key.code] = self._method(key.does)

    def _method(self, name: str) -> Callable[[], None]:
        found: Callable[[], None] = getattr(self.steps, name, None) or getattr(self, name)
        return found

    def _recall(self) -> None:
        self.set_wrapped(self._memory.get("log.wrap", True))
        mode = self._memory.get("log.times", TimeMode.ABSOLUTE.value)
        self.set_time_mode(TimeMode(mode) if mode in list(TimeMode) else TimeMode.ABSOLUTE)
        self.bar.tell_follow(self.sheet.is_following)

    def _timer(self, milliseconds: int, then: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(milliseconds)
        timer.timeout.connect(then)
        return timer

    # What follows from what

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """What lies over the rows is as large as they are."""
        if event.type() is QEvent.Type.Resize:
            self._blank.setGeometry(self.sheet.rect())
        return False

    def _scroll_aside(self, pixels: int) -> None:
        bar = self.sheet.horizontalScrollBar()
        bar.setValue(bar.value() + pixels)

    def _search(self) -> None:
        field, search = self.bar.field, self.reading.search
        search.begin(field.text(), is_regex=field.is_regex, is_case_sensitive=field.is_case_sensitive)
        self.steps.await_hits()

    def _take_hits(self) -> None:
        self.steps.take_hits()
        self._tell_search()

    def _leave_field(self) -> None:
        self.sheet.setFocus(Qt.FocusReason.OtherFocusReason)

    def _go_to_middle(self, offset: int) -> None:
        self.sheet.place(offset, 0.5)

    async def _go_to_line(self, number: int) -> None:
        offset = await self.reading.line_offset(number)
        if offset is None:
            self._say(_("The log has no line {number} so far", number=locale().toString(number)))
        else:
            self.sheet.put_cursor(offset)
            self.sheet.to(offset)

    async def _copy(self, *, with_numbers: bool) -> None:
        if self.sheet.selection.is_empty:
            return
        first, last = self.sheet.selection.bounds
        number = self.reading.number(first.row) if with_numbers else None
        text = await selected_text(self.log, first, last, number)
        QGuiApplication.clipboard().setText(text)
        lines = text.count("\n") + (not text.endswith("\n"))
        self._say(plural("{count} line copied", "{count} lines copied", lines, count=locale().toString(lines)))

    async def _save(self, file: Path) -> None:
        size = await save(self.log, file)
        self._say(_("Saved: {file}, {size}", file=str(file), size=size_words(size)))

    def _open_menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        has_selection = not self.sheet.selection.is_empty
        for title, does, is_able in (
            (_("Copy"), self.copy, has_selection),
            (_("Copy with line numbers"), self.copy_with_numbers, has_selection),
            (_("Select all"), self.select_all, bool(self.log.size)),
            (_("Mark the line"), self.steps.toggle_mark, bool(self.log.size)),
            (_("Copy a link to this place"), self.copy_link, self._link is not None and bool(self.log.size)),
            (_("Save the log…"), self.save, True),
        ):
            action = menu.addAction(shown(title))
            action.setEnabled(is_able)
            action.triggered.connect(does)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.sheet.viewport().mapToGlobal(at))

    # What is said

    def _tell_follow(self, is_following: bool) -> None:
        self._lines_at_pause = self.reading.index.lines
        self.bar.tell_follow(is_following)
        self._tell_state()

    def _tell_search(self) -> None:
        search, field = self.reading.search, self.bar.field
        field.tell(self.sheet.arrangement.hit, search.count, is_running=search.is_running, is_cut=search.is_cut)
        field.tell_problem(search.problem)
        self._tell_state()

    def _tell_state(self) -> None:
        self._tell_pinned()
        self._tell_blank()
        problem = self.reading.search.problem
        if problem is not None:
            self.foot.state.say(problem, is_problem=True)
        elif self._said is not None:
            self.foot.state.say(self._said, is_problem=self._is_refusal)
        else:
            is_held = not self.sheet.is_following
            self.foot.state.say(amount(self.reading, self.log, self._lines_at_pause if is_held else None))

    def _tell_pinned(self) -> None:
        row = self.reading.index.first_error
        if row is None:
            return
        try:
            line = self.reading.lines.line(row)
        except Missing:
            return
        attempt = self.log.part(row).attempt if len(self.log.parts) > 1 else None
        self.pinned.tell(line, self.reading.number(row), attempt)

    def _tell_blank(self) -> None:
        if self.sheet.arrangement.blocks:
            self._blank.hide()
        elif self.bar.level.chosen != Level.DEBUG and self.log.size and self.reading.problem is None:
            self._blank.tell_level(partial(self.set_level, Level.DEBUG))
        else:
            self._blank.tell(self.reading, self.log, is_patient=self._slow.isActive())

    def _refuse(self, text: Text) -> None:
        self._is_refusal = True
        self._put(text)

    def _say(self, text: Text) -> None:
        self._is_refusal = False
        self._put(text)

    def _put(self, text: Text) -> None:
        self._said = text
        self._silence.start()
        self._tell_state()

    def _fall_silent(self) -> None:
        self._said = None
        self._tell_state()
