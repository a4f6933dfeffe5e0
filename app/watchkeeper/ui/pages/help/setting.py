"""Sets a page of help in our type: headings, room between paragraphs, commands on a ground of their own."""

from PySide6.QtGui import QTextBlock, QTextBlockFormat, QTextCharFormat, QTextCursor, QTextDocument, QTextFormat

from watchkeeper.ui.theme import Role, font, tokens

_HEADINGS = {1: (Role.PAGE_TITLE, 0, 12), 2: (Role.PANEL_TITLE, 22, 8)}
_BELOW, _LINE = 10, 150


def set_text(document: QTextDocument, text: str) -> None:
    """Fill the document with Markdown."""
    document.setDefaultFont(font(Role.BODY, text))
    document.setMarkdown(text, QTextDocument.MarkdownFeature.MarkdownDialectGitHub)
    document.setDocumentMargin(24)
    block = document.begin()
    while block.isValid():
        _set(block)
        block = block.next()


def _set(block: QTextBlock) -> None:
    cursor = QTextCursor(block)
    made = block.blockFormat()
    level = made.headingLevel()
    if level:
        role, above, below = _HEADINGS.get(level, (Role.SECTION, 16, 6))
        made.setTopMargin(above)
        made.setBottomMargin(below)
        cursor.select(QTextCursor.SelectionType.BlockUnderCursor)
        letters = QTextCharFormat()
        letters.setFont(font(role, block.text()))
        cursor.mergeCharFormat(letters)
    elif made.hasProperty(QTextFormat.Property.BlockCodeFence) or made.hasProperty(
        QTextFormat.Property.BlockCodeLanguage
    ):
        made.setBackground(tokens().surface_2)
        made.setLeftMargin(12)
    else:
        made.setBottomMargin(4 if block.textList() is not None else _BELOW)
        made.setLineHeight(_LINE, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
    QTextCursor(block).setBlockFormat(made)
