"""A topic of the help, the list of all of them, and a search through them."""

from functools import partial

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QResizeEvent, QTextCursor, QTextDocument
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QTextBrowser, QVBoxLayout, QWidget

from watchkeeper.model.text import _
from watchkeeper.ui.commands import Command
from watchkeeper.ui.console import Console
from watchkeeper.ui.pages.help.setting import heading, set_text
from watchkeeper.ui.pages.help.topics import Topic, topics
from watchkeeper.ui.pages.page import Page
from watchkeeper.ui.theme import Role, look
from watchkeeper.ui.widgets.lines import Line, Lines
from watchkeeper.ui.widgets.words import Label, line, plain
from watchkeeper.ui.words import language, shown

WIDTH = 260
#: No line of text is longer, in px.
WIDEST = 760
#: Room that is left above a part that a link leads to, in px.
ABOVE = 20


class _Paper(QTextBrowser):
    """Lines of a width that can be read; what scrolls them is at the edge."""

    def __init__(self) -> None:
        super().__init__()
        self.setOpenLinks(False)
        self.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.viewport().setAutoFillBackground(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.setViewportMargins(0, 0, max(0, self.width() - WIDEST), 0)
        super().resizeEvent(event)


class Help(Page):
    """One for all topics: links lead from one to the other."""

    def __init__(self, console: Console, topic: str) -> None:
        super().__init__(console, f"help/{topic}", _("Help"), "ui/help")
        self._topic = topic
        self.field = QLineEdit()
        self.list = Lines(_("Nothing found"))
        self.list.call(_("Topics"))
        self.text = _Paper()
        self.text.anchorClicked.connect(self._follow)
        self.field.textChanged.connect(self._list)
        look().changed.connect(self.retranslate)
        self._lay_out()
        self.retranslate()

    def show_topic(self, name: str) -> None:
        """Show a topic; one that is not there is passed over."""
        if any(topic.name == name for topic in topics(language())):
            self._topic, self.place = name, f"help/{name}"
            self.retranslate()

    def open_part(self, part: str) -> None:
        """Go to a heading, like `which-jobs-are-meant`."""
        block = heading(self.text.document(), part)
        if block is not None:
            bar, top = self.text.verticalScrollBar(), self.text.cursorRect(QTextCursor(block)).top()
            bar.setValue(bar.value() + top - ABOVE)

    def arrive(self) -> None:
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)

    def commands(self) -> list[Command]:
        """Search only."""
        return [Command("help.find", _("Search the help"), self.field.setFocus, ("/",), "ui/search", "edit")]

    def retranslate(self) -> None:
        self.field.setPlaceholderText(shown(_("Search the help")))
        self.field.setAccessibleName(shown(_("Search the help")))
        self._list()
        topic = next((topic for topic in topics(language()) if topic.name == self._topic), None)
        if topic is not None:
            self.rename(topic.title, "ui/help")
            self._show(topic)

    def _show(self, topic: Topic) -> None:
        document = QTextDocument(self.text)
        set_text(document, topic.text)
        self.text.setDocument(document)
        if words := self.field.text().strip():
            self.text.find(words)

    def _list(self) -> None:
        words = self.field.text().strip()
        found = [(topic, topic.count(words) if words else 0) for topic in topics(language())]
        self.list.set_lines(
            [
                Line(topic.title, when=str(count) if words else "", open=partial(self.show_topic, topic.name))
                for topic, count in found
                if count or not words
            ]
        )

    def _follow(self, link: QUrl) -> None:
        """A link to another topic, to a part of one, or to the world outside."""
        name = link.path().rsplit("/", 1)[-1]
        if link.scheme() in ("http", "https"):
            QDesktopServices.openUrl(link)
            return
        if name.endswith(".md"):
            self.show_topic(name.removesuffix(".md"))
        if link.fragment():
            self.open_part(link.fragment())

    def _lay_out(self) -> None:
        side = plain(QWidget(), 1)
        side.setFixedWidth(WIDTH)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 12, 0, 0)
        column.setSpacing(10)
        top = QVBoxLayout()
        top.setContentsMargins(16, 0, 16, 0)
        top.setSpacing(10)
        top.addWidget(Label(_("Help"), Role.PAGE_TITLE))
        top.addWidget(self.field)
        column.addLayout(top)
        column.addWidget(self.list, 1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(side)
        layout.addWidget(line(is_upright=True))
        layout.addWidget(self.text, 1)
