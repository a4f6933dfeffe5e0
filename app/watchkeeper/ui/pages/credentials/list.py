"""The table of secrets under their folders, as far as the filter lets them through."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QRectF, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from watchkeeper.action.secret_table import SecretTableRow
from watchkeeper.model.secret import VaultStatus
from watchkeeper.model.text import Text, _
from watchkeeper.ui.clock import now
from watchkeeper.ui.pages.credentials import words
from watchkeeper.ui.pages.credentials.folders import arranged, bands_of, paint_folder
from watchkeeper.ui.theme import Role
from watchkeeper.ui.widgets.column import Column, glyph_and_words, write
from watchkeeper.ui.widgets.grouped_model import GroupedModel
from watchkeeper.ui.widgets.grouped_table import GroupedTable
from watchkeeper.ui.widgets.rows_model import WINDOW
from watchkeeper.ui.words import shown


class SecretList(QObject):
    """`table` goes onto the page; `vault` tells where they are kept."""

    #: Headings were opened or closed: all closed ones.
    folded = Signal(object)

    def __init__(self, zone: Callable[[], str], vault: Callable[[], VaultStatus | None], parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: list[SecretTableRow] = []
        self.filter = ""
        self._zone, self._vault = zone, vault
        self.model = GroupedModel[SecretTableRow](self._columns(), self)
        self.table = GroupedTable[SecretTableRow](self.model, paint_folder, parent)
        self.table.call(_("Credentials"))
        self.model.folded.connect(self.folded)

    @property
    def matches(self) -> list[SecretTableRow]:
        """What the filter lets through."""
        wanted = self.filter.casefold().split()
        return [row for row in self.rows if all(word in _said(row) for word in wanted)]

    def show_rows(self, rows: Sequence[SecretTableRow]) -> None:
        """Show other ones; the one that has the keyboard keeps it."""
        self.rows = arranged(rows)
        self.look()

    def look(self) -> None:
        """Show what the filter lets through."""
        found, before = self.matches, self.table.current
        self.model.show_list(bands_of(found, now()), len(found), found[:WINDOW])
        for offset in range(WINDOW, len(found), WINDOW):
            self.model.put(offset, found[offset : offset + WINDOW])
        if before is not None:
            self.go_to(before.name)

    def go_to(self, name: str) -> None:
        """Make the secret of this name the current one, if it is shown."""
        place = next((place for place, row in enumerate(self.matches) if row.name == name), -1)
        if place >= 0:
            self.table.go_to(self.model.number_of(place))

    def _columns(self) -> list[Column[SecretTableRow]]:
        return [
            Column("name", _("Name"), 190, _last_part, _paint_name, is_stretched=True),
            Column("kind", _("Kind"), 124, lambda row: words.KINDS[row.kind], gives_way=2),
            Column("kept", _("Kept in"), 84, self._kept_in, gives_way=4),
            Column("jobs", _("Used by"), 76, lambda row: words.users(row.job_count), is_right=True),
            Column("used", _("Last used"), 112, lambda row: words.used(row, now()), gives_way=1),
            Column("expires", _("Expires"), 156, self._expires, self._paint_expires),
            Column("changed", _("Changed"), 148, lambda row: words.changed(row, now()), gives_way=3),
        ]

    def _kept_in(self, _row: SecretTableRow) -> Text | str:
        vault = self._vault()
        return "" if vault is None or vault.place is None else words.PLACES[vault.place]

    def _expires(self, row: SecretTableRow) -> Text | str:
        return words.expiry(row, now(), self._zone())

    def _paint_expires(self, painter: QPainter, rect: QRectF, row: SecretTableRow) -> None:
        glyph = words.expiry_glyph(row, now())
        if glyph:
            glyph_and_words(painter, rect, glyph, self._expires(row), role=Role.SMALL)
        else:
            write(painter, rect, self._expires(row))


def _last_part(row: SecretTableRow) -> str:
    return row.name.rpartition("/")[2]


def _paint_name(painter: QPainter, rect: QRectF, row: SecretTableRow) -> None:
    glyph_and_words(painter, rect, "ui/credentials", _last_part(row))


def _said(row: SecretTableRow) -> str:
    """All that a filter looks in: never a value, which is not here."""
    told = (row.name, shown(words.KINDS[row.kind]), str(row.kind), row.note, row.changed_by, row.last_used_by)
    return " ".join(told).casefold()
