"""Links under a title with their number."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtWidgets import QVBoxLayout, QWidget

from watchkeeper.model.text import Text, _
from watchkeeper.ui.theme import Role
from watchkeeper.ui.widgets.words import Button, Label


class Links(QWidget):
    """Made anew only when they are others, for one may have the keyboard."""

    def __init__(self, go: Callable[[str], None]) -> None:
        super().__init__()
        self._go = go
        self._shown: tuple[object, ...] = ()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(2)

    def show_links(self, title: Text, links: Sequence[tuple[str, str]], count: int) -> None:
        """Words with the places that they lead to, of so many that there are."""
        wanted = (tuple(links), count)
        if wanted == self._shown:
            return
        self._shown = wanted
        while (item := self._layout.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                # One that was just laid out would else be shown once more, as a window.
                widget.hide()
                widget.setParent(None)
                widget.deleteLater()
        self.setVisible(bool(count))
        if count:
            self._layout.addWidget(Label(_("{title} ({n})", title=title, n=count), Role.SECTION))
        for words, place in links:
            self._layout.addWidget(Button(words, partial(self._go, place), kind="inline"))
        if count > len(links):
            self._layout.addWidget(Label(_("and {n} more", n=count - len(links)), Role.SMALL, ink=2))
