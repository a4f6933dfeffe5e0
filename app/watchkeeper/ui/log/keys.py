"""The keys of a log, and what they are called: for the foot, the menus and the sheet of keys."""

from dataclasses import dataclass

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeySequence

from watchkeeper.model.text import Text, _


@dataclass(frozen=True)
class Key:
    """`does` is a method of LogView."""

    keys: str
    does: str
    title: Text

    @property
    def code(self) -> int:
        """As an event of Qt's tells it, wherever on the keyboard it is."""
        combination: QKeyCombination = QKeySequence(self.keys)[0]  # type: ignore[index]  # Qt's stubs forget it
        return combination.toCombined() & ~Qt.KeyboardModifier.KeypadModifier.value


KEYS: tuple[Key, ...] = (
    Key("E", "next_error", _("Next error")),
    Key("Shift+E", "previous_error", _("Previous error")),
    Key("W", "next_warning", _("Next warning")),
    Key("Shift+W", "previous_warning", _("Previous warning")),
    Key("M", "toggle_mark", _("Mark the line")),
    Key("U", "next_mark", _("Next mark")),
    Key("N", "next_hit", _("Next hit")),
    Key("Shift+N", "previous_hit", _("Previous hit")),
    Key("G", "go_to_top", _("To the top")),
    Key("Shift+G", "go_to_end", _("To the end")),
    Key("Home", "go_to_top", _("To the top")),
    Key("End", "follow", _("Follow the end")),
    Key("Space", "pause", _("Pause or follow")),
    Key("T", "next_time_mode", _("Other times")),
    Key("Z", "toggle_wrap", _("Wrap long lines")),
    Key("/", "search", _("Search")),
    Key("Ctrl+F", "search", _("Search")),
    Key("Ctrl+C", "copy", _("Copy")),
    Key("Ctrl+A", "select_all", _("Select all")),
    Key("Ctrl+S", "save", _("Save the log…")),
    Key("Up", "row_up", _("Row up")),
    Key("Down", "row_down", _("Row down")),
    Key("K", "row_up", _("Row up")),
    Key("J", "row_down", _("Row down")),
    Key("Shift+Up", "select_up", _("Select up")),
    Key("Shift+Down", "select_down", _("Select down")),
    Key("PgUp", "page_up", _("Page up")),
    Key("PgDown", "page_down", _("Page down")),
    Key("Left", "scroll_left", _("Scroll left")),
    Key("Right", "scroll_right", _("Scroll right")),
    Key("Escape", "clear", _("Select nothing")),
)
