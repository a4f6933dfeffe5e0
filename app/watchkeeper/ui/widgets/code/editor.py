"""A field for scripts: numbers beside the lines, the current line lifted, Tab indents, Enter keeps the indentation."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QTextCursor, QTextFormat
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from watchkeeper.model.text import Text, _
from watchkeeper.ui.theme import Role, faded, font, look, tokens
from watchkeeper.ui.widgets.code.highlight import Highlighter
from watchkeeper.ui.words import Spoken, shown

GUTTER = 44
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
INDENTS = {"python": 4, "sql": 4}


class _Gutter(QWidget):
    """The numbers."""

    def __init__(self, editor: "CodeEdit") -> None:
        super().__init__(editor)
        self._editor = editor

    def sizeHint(self) -> QSize:
        return QSize(GUTTER, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        self._editor.paint_numbers(self, event)


class CodeEdit(Spoken, QPlainTextEdit):
    """`language`: one of languages.LEXERS, "" for plain text."""

    def __init__(self, name: Text, language: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._language = name, language
        self.setFont(font(Role.MONO))
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setProperty("kind", "code")
        self._gutter = _Gutter(self)
        self._highlighter = Highlighter(self.document())
        self._highlighter.set_language(language)
        self.setViewportMargins(GUTTER, 0, 0, 0)
        self.setTabStopDistance(self.fontMetrics().horizontalAdvance(" ") * self.indent)
        self.updateRequest.connect(self._scroll_gutter)
        self.blockCountChanged.connect(self._gutter.update)
        self.cursorPositionChanged.connect(self._lift_line)
        look().changed.connect(self._lift_line)
        self.retranslate()
        self._lift_line()

    @property
    def indent(self) -> int:
        """Blanks of one step."""
        return INDENTS.get(self._language, 2)

    def set_language(self, language: str) -> None:
        """Read as this language from now on."""
        self._language = language
        self._highlighter.set_language(language)
        self.setTabStopDistance(self.fontMetrics().horizontalAdvance(" ") * self.indent)

    def show_text(self, text: str) -> None:
        """Show another text; the cursor stays where it is, as far as it can."""
        if text != self.toPlainText():
            at = self.textCursor().position()
            self.setPlainText(text)
            self._highlighter.read()
            cursor = self.textCursor()
            cursor.setPosition(min(at, len(text)))
            self.setTextCursor(cursor)

    def retranslate(self) -> None:
        self.setAccessibleName(shown(self._name))
        self.setAccessibleDescription(shown(_("Tab indents; Esc and then Tab leaves the field")))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Tab if not self.tabChangesFocus() and not self.isReadOnly():
                self._shift(1)
            case Qt.Key.Key_Backtab if not self.tabChangesFocus() and not self.isReadOnly():
                self._shift(-1)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if not event.modifiers() and not self.isReadOnly():
                self._break_line()
            case Qt.Key.Key_Escape:
                self.setTabChangesFocus(True)
                event.ignore()
            case Qt.Key.Key_Slash if event.modifiers() == Qt.KeyboardModifier.ControlModifier:
                self._comment()
            case _:
                super().keyPressEvent(event)

    def focusInEvent(self, event: QEvent) -> None:
        self.setTabChangesFocus(False)
        super().focusInEvent(event)  # type: ignore[arg-type]  # Qt hands the right one over
        self._lift_line()

    def focusOutEvent(self, event: QEvent) -> None:
        super().focusOutEvent(event)  # type: ignore[arg-type]
        self._lift_line()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        inner = self.contentsRect()
        self._gutter.setGeometry(QRect(inner.left(), inner.top(), GUTTER, inner.height()))

    def paint_numbers(self, gutter: QWidget, event: QPaintEvent) -> None:
        """Draw the numbers of the lines in view."""
        t, painter = tokens(), QPainter(gutter)
        painter.fillRect(QRectF(GUTTER - 5, event.rect().top(), 1, event.rect().height()), t.border_soft)
        painter.setFont(font(Role.MONO_SMALL))
        current = self.textCursor().blockNumber()
        block = self.firstVisibleBlock()
        top = self.blockBoundingGeometry(block).translated(self.contentOffset()).top()
        while block.isValid() and top <= event.rect().bottom():
            height = self.blockBoundingRect(block).height()
            painter.setPen(t.text_2 if block.blockNumber() == current else t.text_3)
            room = QRectF(0, top, GUTTER - 12, height)
            painter.drawText(room, _RIGHT, str(block.blockNumber() + 1))
            top += height
            block = block.next()

    def _scroll_gutter(self, rect: QRect, moved: int) -> None:
        self._gutter.update()

    def _lift_line(self) -> None:
        marked = QTextEdit.ExtraSelection()
        ground = QColor(faded(tokens().text, 0.04))
        marked.format.setBackground(ground)
        marked.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
        cursor = self.textCursor()
        cursor.clearSelection()
        marked.cursor = cursor
        self.setExtraSelections([marked] if self.hasFocus() and not self.isReadOnly() else [])
        self._gutter.update()

    def _shift(self, step: int) -> None:
        """Indent the chosen lines, or take a step back; without a choice blanks up to the next stop."""
        cursor = self.textCursor()
        if step > 0 and not cursor.hasSelection():
            cursor.insertText(" " * (self.indent - cursor.positionInBlock() % self.indent))
            return
        self._edit_lines(self._indented if step > 0 else self._outdented)

    def _indented(self, line: str) -> str:
        return " " * self.indent + line if line.strip() else line

    def _outdented(self, line: str) -> str:
        blanks = len(line) - len(line.lstrip(" "))
        return line[min(blanks, self.indent) :]

    def _comment(self) -> None:
        """Comment the chosen lines out, or in again when all are."""
        mark = {"sql": "-- ", "cmd": "rem "}.get(self._language, "# ")
        lines = [line for line in self._chosen_lines() if line.strip()]
        is_out = bool(lines) and all(line.lstrip().startswith(mark.strip()) for line in lines)
        self._edit_lines(lambda line: _uncommented(line, mark) if is_out else mark + line if line.strip() else line)

    def _chosen_lines(self) -> list[str]:
        first, last = self._chosen()
        return [self.document().findBlockByNumber(number).text() for number in range(first, last + 1)]

    def _chosen(self) -> tuple[int, int]:
        cursor, document = self.textCursor(), self.document()
        first = document.findBlock(cursor.selectionStart())
        last = document.findBlock(cursor.selectionEnd())
        ends_before = cursor.hasSelection() and cursor.selectionEnd() == last.position() and last != first
        return first.blockNumber(), last.blockNumber() - (1 if ends_before else 0)

    def _edit_lines(self, change: Callable[[str], str]) -> None:
        first, last = self._chosen()
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        for number in range(first, last + 1):
            block = self.document().findBlockByNumber(number)
            new = change(block.text())
            if new != block.text():
                cursor.setPosition(block.position())
                cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
                cursor.insertText(new)
        cursor.endEditBlock()

    def _break_line(self) -> None:
        """The new line begins below the words of this one."""
        cursor = self.textCursor()
        line = cursor.block().text()[: cursor.positionInBlock()]
        blanks = line[: len(line) - len(line.lstrip())]
        deeper = " " * self.indent if self._language == "python" and line.rstrip().endswith(":") else ""
        cursor.insertText("\n" + blanks + deeper)
        self.setTextCursor(cursor)
        self.ensureCursorVisible()


def _uncommented(line: str, mark: str) -> str:
    before, found, after = line.partition(mark.strip())
    return before + after.removeprefix(" ") if found and not before.strip() else line
