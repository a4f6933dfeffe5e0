"""The field, and under it the sentence of what can't be read; only what can be read is asked."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from watchkeeper.model.job_filter import Fault, Piece, pieces
from watchkeeper.model.text import Text
from watchkeeper.ui.widgets.form import Complaint
from watchkeeper.ui.widgets.query_bar.field import QueryField
from watchkeeper.ui.widgets.query_bar.grammar import Grammar
from watchkeeper.ui.words import shown


class QueryBar(QWidget):
    """`keys` are drawn at its right: they lead to it, which is up to the page."""

    #: Another query holds from now on.
    asked = Signal(str)
    #: Enter or Escape: the keyboard is wanted by what is asked.
    left = Signal()

    def __init__(
        self, grammar: Grammar, name: Text, placeholder: Text, *, keys: str = "/", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        #: What holds: the last that could be read.
        self.query = ""
        self.field = QueryField(grammar, name, placeholder, keys, self)
        self.complaint = Complaint(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.field)
        layout.addWidget(self.complaint)
        self.setFocusProxy(self.field)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.field.edited.connect(self._judge)
        self.field.left.connect(self.left)

    def show_query(self, text: str) -> None:
        """Let another query hold, and tell nobody; what is wrong with it is said."""
        self.field.show_query(text)
        faults = self.field.grammar.faults(text)
        self.query = (self._sound(text) or "") if faults else self.field.query
        self._complain(faults[0] if faults else None)

    def ask(self, text: str) -> None:
        """Let another query hold."""
        self.field.show_query(text)
        self._judge(is_finished=True)

    def clear(self) -> None:
        """Ask for everything."""
        self.field.clear()

    def _judge(self, is_finished: bool) -> None:
        """What can be read is asked; what can't be holds back nothing but itself."""
        said = self.field.query
        faults, begun = self.field.grammar.faults(said), self.field.unfinished
        is_begun_only = not is_finished and begun is not None and len(faults) == 1 and self._may_become(begun)
        self._complain(faults[0] if faults and not is_begun_only else None)
        query = self._sound(said) if faults else said
        if query is not None and query != self.query:
            self.query = query
            self.asked.emit(query)

    def _sound(self, said: str) -> str | None:
        """The words that can be read; None when they are too many."""
        words = (said[piece.start : piece.end] for piece in pieces(said))
        rest = " ".join(word for word in words if not self.field.grammar.faults(word))
        return None if self.field.grammar.faults(rest) else rest

    def _may_become(self, piece: Piece) -> bool:
        """Whether it is only not complete yet."""
        return not piece.values[-1].text or bool(self.field.offers().found)

    def _complain(self, fault: Fault | None) -> None:
        said = None if fault is None else fault.text
        self.complaint.say(said)
        self.field.set_wrong("" if said is None else shown(said))
