"""Sets a page of help in our type: headings, room between paragraphs, commands on a ground of their own, hairlines."""

from collections.abc import Iterator

from PySide6.QtGui import (
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrameFormat,
    QTextLength,
    QTextTable,
    QTextTableCellFormat,
)

from watchkeeper.ui.theme import Role, font, tokens

#: Role, room above and below.
_HEADINGS = {1: (Role.PAGE_TITLE, 0, 12), 2: (Role.PANEL_TITLE, 26, 8)}
_OTHER_HEADING = (Role.SECTION, 18, 6)
_MARGIN, _BELOW, _BELOW_ITEM, _LINE = 28, 10, 4, 150
_INSIDE, _CELL, _CELL_LINE = 12, 7, 135
_SOLID = QTextFrameFormat.BorderStyle.BorderStyle_Solid


def set_text(document: QTextDocument, text: str) -> None:
    """Fill the document with Markdown."""
    document.setDefaultFont(font(Role.BODY, text))
    document.setMarkdown(text, QTextDocument.MarkdownFeature.MarkdownDialectGitHub)
    document.setDocumentMargin(_MARGIN)
    for block in _blocks(document):
        _set(block)
    for table in document.rootFrame().childFrames():
        if isinstance(table, QTextTable):
            _set_table(table)
    for start, end in reversed(list(_code(document))):
        _frame(document, start, end)


def heading(document: QTextDocument, anchor: str) -> QTextBlock | None:
    """The heading that a link like `#which-jobs-are-meant` leads to; a part of it is enough."""
    headings = [block for block in _blocks(document) if block.blockFormat().headingLevel()]
    return next((block for block in headings if anchor_of(block.text()).startswith(anchor)), None)


def anchor_of(title: str) -> str:
    """How a link names a heading."""
    kept = (letter for letter in title.lower() if letter.isalnum() or letter in " -_")
    return "".join(kept).strip().replace(" ", "-")


def _blocks(document: QTextDocument) -> Iterator[QTextBlock]:
    block = document.begin()
    while block.isValid():
        yield block
        block = block.next()


def _set(block: QTextBlock) -> None:
    made = block.blockFormat()
    if level := made.headingLevel():
        role, above, below = _HEADINGS.get(level, _OTHER_HEADING)
        made.setTopMargin(above)
        made.setBottomMargin(below)
        _give_font(block, role)
    elif _is_code(block):
        made.setNonBreakableLines(False)
        made.setTopMargin(0)
        made.setBottomMargin(0)
        made.setLineHeight(_CELL_LINE, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        _give_font(block, Role.MONO)
    else:
        is_in_table = QTextCursor(block).currentTable() is not None
        made.setBottomMargin(0 if is_in_table else _BELOW_ITEM if block.textList() is not None else _BELOW)
        made.setLineHeight(
            _CELL_LINE if is_in_table else _LINE, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value
        )
        _set_words(block)
    QTextCursor(block).setBlockFormat(made)


def _give_font(block: QTextBlock, role: Role) -> None:
    letters = QTextCharFormat()
    letters.setFont(font(role, block.text()))
    letters.setForeground(tokens().text)
    _over(block.position(), block.position() + block.length() - 1, block.document()).mergeCharFormat(letters)


def _set_words(block: QTextBlock) -> None:
    """Commands and names within a sentence."""
    found = []
    fragments = block.begin()
    while not fragments.atEnd():
        fragment = fragments.fragment()
        if fragment.charFormat().fontFixedPitch():
            found.append((fragment.position(), fragment.position() + fragment.length(), fragment.text()))
        fragments += 1
    for start, end, text in found:
        letters = QTextCharFormat()
        letters.setFont(font(Role.MONO, text))
        letters.setBackground(tokens().control_active)
        _over(start, end, block.document()).mergeCharFormat(letters)


def _set_table(table: QTextTable) -> None:
    t, made = tokens(), table.format().toTableFormat()
    made.setBorder(0)
    made.setCellSpacing(0)
    made.setCellPadding(_CELL)
    made.setBorderCollapse(True)
    made.setTopMargin(4)
    made.setBottomMargin(14)
    made.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
    table.setFormat(made)
    for row in range(table.rows()):
        for column in range(table.columns()):
            cell = table.cellAt(row, column)
            ruled = QTextTableCellFormat()
            ruled.setBottomBorder(1)
            ruled.setBottomBorderStyle(_SOLID)
            ruled.setBottomBorderBrush(t.border_strong if row == 0 else t.border_soft)
            ruled.setLeftPadding(0 if column == 0 else _CELL)
            cell.setFormat(ruled)
            if row == 0:
                _give_font(cell.firstCursorPosition().block(), Role.SMALL_TITLE)


def _code(document: QTextDocument) -> Iterator[tuple[int, int]]:
    """From where to where each block of commands goes."""
    start = end = -1
    for block in _blocks(document):
        if _is_code(block):
            start = block.position() if start < 0 else start
            end = block.position() + block.length() - 1
        elif start >= 0:
            yield start, end
            start = -1
    if start >= 0:
        yield start, end


def _frame(document: QTextDocument, start: int, end: int) -> None:
    """Give them a ground of their own."""
    t, made = tokens(), QTextFrameFormat()
    made.setBackground(t.surface_2 if not t.is_dark else t.field)
    made.setBorder(1)
    made.setBorderStyle(_SOLID)
    made.setBorderBrush(t.border)
    made.setPadding(_INSIDE)
    made.setTopMargin(2)
    made.setBottomMargin(12)
    as_code = document.findBlock(start).blockFormat()
    frame = _over(start, end, document).insertFrame(made)
    QTextCursor(document.findBlock(frame.firstPosition())).setBlockFormat(as_code)
    for beside in (frame.firstPosition() - 1, frame.lastPosition() + 1):
        _shrink(document.findBlock(beside))


def _shrink(block: QTextBlock) -> None:
    """An empty paragraph, which Qt leaves beside a frame, takes no room."""
    if block.text():
        return
    made = QTextBlockFormat()
    made.setLineHeight(1, QTextBlockFormat.LineHeightTypes.FixedHeight.value)
    QTextCursor(block).setBlockFormat(made)


def _is_code(block: QTextBlock) -> bool:
    made = block.blockFormat()
    kinds = (QTextFormat.Property.BlockCodeFence, QTextFormat.Property.BlockCodeLanguage)
    return any(made.hasProperty(kind) for kind in kinds)


def _over(start: int, end: int, document: QTextDocument) -> QTextCursor:
    cursor = QTextCursor(document)
    cursor.setPosition(start)
    cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
    return cursor
