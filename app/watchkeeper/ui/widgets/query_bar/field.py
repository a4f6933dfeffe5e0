"""Chips one after the other and, behind them, what is being typed."""

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from watchkeeper.model.job_filter import Piece, pieces, written
from watchkeeper.model.text import Text, _
from watchkeeper.ui import icons
from watchkeeper.ui.theme import tokens
from watchkeeper.ui.widgets.keycap import HEIGHT as CAP
from watchkeeper.ui.widgets.keycap import key_cap, key_cap_width
from watchkeeper.ui.widgets.query_bar.chip import HEIGHT, cross_of, paint_chip, width_of
from watchkeeper.ui.widgets.query_bar.grammar import Grammar, Offer, Offers
from watchkeeper.ui.widgets.query_bar.input import Input
from watchkeeper.ui.widgets.query_bar.offers import OfferList
from watchkeeper.ui.widgets.words import IconButton
from watchkeeper.ui.words import Spoken, shown

LINE = 32
GAP = 6
#: Before the first chip: the glass.
_LEFT = 34
#: Room in which something can be typed.
_LEAST = 120
#: Values that are told in grey where none is begun.
_HINTED = 3


class QueryField(Spoken, QWidget):
    """Its words all have to hold, so their order is nothing: what is not a chip yet stands last."""

    #: What it says has changed; True when the word that was being written is finished.
    edited = Signal(bool)
    #: Enter or Escape: the keyboard is wanted elsewhere.
    left = Signal()

    def __init__(self, grammar: Grammar, name: Text, placeholder: Text, keys: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.grammar, self._name, self._placeholder, self._keys = grammar, name, placeholder, keys
        self.chips: list[str] = []
        #: The chip that keys are for.
        self.current: int | None = None
        self.is_wrong = False
        self._is_pasting = False
        self.input = Input(self._take_key, self)
        self.list = OfferList(self)
        self._clear = IconButton("ui/close", _("Clear the filter"), self.clear, size=14, parent=self)
        self.input.textEdited.connect(self._take_edit)
        self.input.cursorPositionChanged.connect(self._suggest)
        self.input.installEventFilter(self)
        self.list.picked.connect(self.accept)
        self.setFocusProxy(self.input)
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.retranslate()

    @property
    def query(self) -> str:
        """All that it says."""
        return " ".join([*self.chips, self.input.text().strip()]).strip()

    def show_query(self, text: str) -> None:
        """Say something else, and tell nobody."""
        self.chips, self.current = [], None
        self.input.setText(text)
        self._gather(is_whole=True)
        self._lay_out()

    def clear(self) -> None:
        """Say nothing."""
        self.show_query("")
        self.edited.emit(True)

    @property
    def unfinished(self) -> Piece | None:
        """The word right before the caret."""
        text = self.input.text()
        last = next(reversed(list(pieces(text))), None)
        return last if last is not None and last.end == len(text) and self.input.is_at_end else None

    def offers(self) -> Offers:
        """What could stand at the caret."""
        return self.grammar.offers(self.input.text(), self.input.cursorPosition())

    def accept(self, offer: Offer) -> None:
        """Let what is offered stand at the caret."""
        text, (start, end, _found) = self.input.text(), self.offers()
        self.input.setText(text[:start] + offer.written + text[end:])
        self.input.setCursorPosition(start + len(offer.written))
        self.list.hide()
        if not offer.is_key:
            self._gather(is_whole=True)
        self._changed(is_finished=not offer.is_key)

    def retranslate(self) -> None:
        self.input.setAccessibleName(shown(self._name))
        self._lay_out()

    def set_wrong(self, said: str) -> None:
        """Show that something in it can't be read, and what; nothing by ""."""
        self.is_wrong = bool(said)
        self.input.setAccessibleDescription(said or " ".join(self.chips))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(400, LINE)

    # Chips.

    def rects(self) -> list[QRectF]:
        """Where each chip is."""
        found: list[QRectF] = []
        x, y, right = float(_LEFT), (LINE - HEIGHT) / 2, self._right()
        for chip in self.chips:
            width = min(width_of(chip), right - _LEFT)
            if x > _LEFT and x + width > right:
                x, y = float(_LEFT), y + HEIGHT + GAP
            found.append(QRectF(x, y, width, HEIGHT))
            x += width + GAP
        return found

    def _gather(self, *, is_whole: bool) -> None:
        """Make chips of the words with a key that are complete; `is_whole`: the last one is complete too."""
        text, kept, place = self.input.text(), "", 0
        for piece in pieces(text):
            if self._is_chip(text, piece, is_complete=is_whole or piece.end < len(text)):
                self._add(written(piece))
                kept, place = kept + text[place : piece.start], piece.end
        if place:
            at = self.input.cursorPosition() - place + len(kept)
            rest = (kept + text[place:].lstrip()).lstrip()
            self.input.setText(rest)
            self.input.setCursorPosition(max(0, min(at, len(rest))))

    def _is_chip(self, text: str, piece: Piece, *, is_complete: bool) -> bool:
        return piece.field is not None and is_complete and not self.grammar.faults(text[piece.start : piece.end])

    def _add(self, chip: str) -> None:
        if chip not in self.chips:
            self.chips.append(chip)

    def _drop(self, number: int) -> None:
        del self.chips[number]
        self.current = min(number, len(self.chips) - 1) if self.current is not None and self.chips else None
        self._changed(is_finished=True)

    def _take_back(self, number: int) -> None:
        """A chip becomes text again, the caret behind it."""
        before, chip = self.input.text().rstrip(), self.chips.pop(number)
        self.current = None
        self.input.setText(f"{before} {chip}".lstrip())
        self._changed(is_finished=False)

    def _walk_to(self, number: int | None) -> None:
        self.current = number
        if number is not None:
            self._announce(self.chips[number])
        self._suggest()
        self.update()

    def _announce(self, words: str) -> None:
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.input, words))

    # Keys.

    def _take_key(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        if event.matches(QKeySequence.StandardKey.Paste):
            self._is_pasting = True
            return False
        if event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier):
            return False
        if self.list.isVisible():
            return self._take_list_key(key)
        if self.current is not None:
            return self._take_chip_key(key, self.current)
        return self._take_text_key(key)

    def _take_list_key(self, key: Qt.Key) -> bool:
        match key:
            case Qt.Key.Key_Down:
                self.list.step(1)
            case Qt.Key.Key_Up:
                self.list.step(-1)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_Tab if self.list.chosen is not None:
                self.accept(self.list.chosen)
                return True
            case Qt.Key.Key_Escape:
                self.list.hide()
                return True
            case _:
                return False
        self._announce(self.list.accessibleName())
        return True

    def _take_chip_key(self, key: Qt.Key, number: int) -> bool:
        match key:
            case Qt.Key.Key_Left:
                self._walk_to(max(0, number - 1))
            case Qt.Key.Key_Right:
                self._walk_to(number + 1 if number + 1 < len(self.chips) else None)
            case Qt.Key.Key_Home:
                self._walk_to(0)
            case Qt.Key.Key_End | Qt.Key.Key_Escape:
                self._walk_to(None)
            case Qt.Key.Key_Delete:
                self._drop(number)
            case Qt.Key.Key_Backspace | Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_F2:
                self._take_back(number)
            case _:
                self._walk_to(None)
                return False
        return True

    def _take_text_key(self, key: Qt.Key) -> bool:
        match key:
            case Qt.Key.Key_Tab | Qt.Key.Key_Right if self._likeliest is not None and self.input.is_at_end:
                self.accept(self._likeliest)
            case Qt.Key.Key_Down:
                self._open_list()
            case Qt.Key.Key_Left if self.chips and self.input.is_at_start:
                self._walk_to(len(self.chips) - 1)
            case Qt.Key.Key_Backspace if self.chips and self.input.is_at_start:
                self._take_back(len(self.chips) - 1)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._finish()
                self.left.emit()
            case Qt.Key.Key_Escape:
                self.left.emit()
            case _:
                return False
        return True

    # What could follow.

    @property
    def _likeliest(self) -> Offer | None:
        return self.offers().found[0] if self.input.ghost else None

    def _suggest(self) -> None:
        """What stands in grey: the rest of the likeliest, or, where no value is begun, the first few."""
        piece = self.unfinished if self.current is None else None
        if piece is None:
            return self.input.suggest("")
        start, _end, found = self.offers()
        typed = self.input.text()[start:]
        if found and not typed:
            more = "…" if len(found) > _HINTED else ""
            return self.input.suggest(", ".join(each.written for each in found[:_HINTED]) + more, is_continued=False)
        self.input.suggest(_rest(typed, found[0].written) if found else "")

    def _open_list(self) -> None:
        if found := self.offers().found:
            caret = QPoint(self.input.x(), self.input.y() + HEIGHT + 6)
            window = self.window()
            self.list.open_at(window, self.mapTo(window, caret), found)
            self._announce(self.list.accessibleName())

    # What happens.

    def _take_edit(self) -> None:
        is_pasted, self._is_pasting = self._is_pasting, False
        self._gather(is_whole=is_pasted)
        is_open = self.list.isVisible()
        self._changed(is_finished=is_pasted)
        if is_open:
            self.list.hide()
            self._open_list()

    def _finish(self) -> None:
        self._gather(is_whole=True)
        self._changed(is_finished=True)

    def _changed(self, *, is_finished: bool) -> None:
        self._lay_out()
        self._suggest()
        self.edited.emit(is_finished)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Whoever goes on has finished what he wrote."""
        if event.type() is QEvent.Type.FocusOut:
            self.list.hide()
            self.current = None
            self._finish()
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        return False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.input.setFocus(Qt.FocusReason.MouseFocusReason)
        for number, rect in enumerate(self.rects()):
            if cross_of(rect).contains(event.position()):
                return self._drop(number)
            if rect.contains(event.position()):
                return self._walk_to(number)
        self._walk_to(None)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        for number, rect in enumerate(self.rects()):
            if rect.contains(event.position()) and not cross_of(rect).contains(event.position()):
                return self._take_back(number)

    # How it looks.

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._lay_out()

    def paintEvent(self, event: QPaintEvent) -> None:
        t, painter, has_focus = tokens(), QPainter(self), self.input.hasFocus()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = t.failed if self.is_wrong else t.accent if has_focus else t.border
        painter.setPen(QPen(edge, 1))
        painter.setBrush(t.field)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        icons.paint(painter, "ui/search", t.text_2, QRectF(10, 8, 16, 16))
        for number, (chip, rect) in enumerate(zip(self.chips, self.rects(), strict=True)):
            paint_chip(painter, rect, chip, is_current=number == self.current and has_focus)
        if self._keys:
            right = self._clear.x() if self._clear.isVisibleTo(self) else self.width() - 4
            cap = QPoint(round(right - 4 - key_cap_width(self._keys)), (LINE - CAP) // 2)
            key_cap(painter, self._keys, cap.toPointF())

    def _right(self) -> float:
        """Where chips and text end."""
        caps = key_cap_width(self._keys) + 8 if self._keys else 0
        return self.width() - caps - 34

    def _lay_out(self) -> None:
        rects = self.rects()
        x, y = (rects[-1].right() + GAP, rects[-1].top()) if rects else (float(_LEFT), (LINE - HEIGHT) / 2)
        if rects and self._right() - x < _LEAST:
            x, y = float(_LEFT), y + HEIGHT + GAP
        self.input.setGeometry(round(x), round(y), max(20, round(self._right() - x)), HEIGHT)
        self.input.setPlaceholderText("" if self.chips else shown(self._placeholder))
        self._clear.setVisible(bool(self.query))
        self._clear.move(self.width() - 32, (LINE - self._clear.height()) // 2)
        self.setFixedHeight(round(y + HEIGHT + (LINE - HEIGHT) / 2))
        self.update()


def _rest(typed: str, written: str) -> str:
    """What is missing of an offer that goes on with what is typed."""
    bare = written if typed[:1] == '"' else written.removeprefix('"')
    return bare[len(typed) :] if bare.casefold().startswith(typed.casefold()) else ""
