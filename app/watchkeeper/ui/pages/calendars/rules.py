"""The rules of `holds` or `but_not`: a card each, and what can be added."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QMenu, QSizePolicy, QVBoxLayout, QWidget

from watchkeeper.action.calendar_table import CountryRow
from watchkeeper.action.draft import Problem
from watchkeeper.model.text import Text, _
from watchkeeper.ui.pages.calendars.cards import MADE, Card, CountryCard, EventsCard, IncludeCard, MonthlyCard, Rule
from watchkeeper.ui.pages.calendars.draft import CalendarDraft
from watchkeeper.ui.theme import Role
from watchkeeper.ui.widgets.words import Button, Label
from watchkeeper.ui.words import Spoken, shown

#: What can be added, and what it begins as.
FRESH: tuple[tuple[Text, Rule], ...] = (
    (_("Public holidays"), {"kind": "country", "country": ""}),
    (_("Own dates"), {"kind": "dates", "dates": []}),
    (_("Days of the week"), {"kind": "weekly", "days": "sat,sun"}),
    (_("Blackout window"), {"kind": "weekly", "days": "fri-sun", "hours": "22:00-06:00"}),
    (_("Days of the month"), {"kind": "monthly", "monthly": [-1]}),
    (_("Another calendar"), {"kind": "calendar", "calendar": ""}),
)


class RulesSection(Spoken, QWidget):
    """`country_asked` wants to know a country's parts and years."""

    country_asked = Signal(str)

    def __init__(self, draft: CalendarDraft, field: str, title: Text, text: Text) -> None:
        super().__init__()
        self._draft, self._field = draft, field
        #: Each card with the positions of its rules.
        self.cards: list[tuple[Card, list[int]]] = []
        self._countries: list[tuple[str, Text]] = []
        self._calendars: list[str] = []
        words = Label(text, Role.SMALL, ink=2)
        words.setWordWrap(True)
        self._slot = QVBoxLayout()
        self._slot.setSpacing(8)
        self.add = Button(_("Add a rule"), self._open_menu, icon="ui/plus")
        self.menu = QMenu(self)
        for number in range(len(FRESH)):
            self.menu.addAction("", partial(self._add, number))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(Label(title, Role.PANEL_TITLE))
        layout.addWidget(words)
        layout.addLayout(self._slot)
        layout.addWidget(self.add)
        draft.changed.connect(self._follow)
        self.retranslate()

    def retranslate(self) -> None:
        for action, (text, _rule) in zip(self.menu.actions(), FRESH, strict=True):
            action.setText(shown(text))

    def offer(self, countries: Sequence[CountryRow], calendars: Sequence[str]) -> None:
        """What rules may name."""
        self._countries = [(row.code, row.name) for row in countries]
        self._calendars = list(calendars)
        for card, _positions in self.cards:
            self._offer_to(card)

    def show_country(self, code: str, parts: Sequence[tuple[str, str]], notes: Sequence[Text]) -> None:
        """What is known of a country, in every card about it."""
        for card in self.country_cards():
            if card.code == code:
                card.offer_parts(parts)
                card.say_known(notes)

    def country_cards(self) -> list[CountryCard]:
        """Those about public holidays."""
        return [card for card, _positions in self.cards if isinstance(card, CountryCard)]

    def complain(self, problems: Sequence[Problem]) -> None:
        """Show each problem at its rule."""
        for card, positions in self.cards:
            card.complain([each for each in problems if self._position(each.field) in positions])

    def focus_field(self, path: str) -> bool:
        """Give the keyboard to the rule of a path; False when it is not here."""
        for card, positions in self.cards:
            if self._position(path) in positions:
                card.focus_field()
                return True
        return False

    def _position(self, path: str) -> int:
        beginning = f"{self._field}["
        return int(path[len(beginning) :].partition("]")[0]) if path.startswith(beginning) else -1

    def _groups(self) -> list[tuple[str, list[int]]]:
        """Kinds with positions: all events together, every other rule by itself."""
        found: list[tuple[str, list[int]]] = []
        events: list[int] = []
        for position, rule in enumerate(self._draft.rules(self._field)):
            kind = str(rule.get("kind", ""))
            if kind != "event":
                found.append((kind, [position]))
            elif events:
                events.append(position)
            else:
                events = [position]
                found.append((kind, events))
        return [group for group in found if group[0] in MADE]

    def _follow(self, place: str) -> None:
        if place and not place.startswith(self._field):
            return
        groups = self._groups()
        if [type(card) for card, _positions in self.cards] != [MADE[kind] for kind, _positions in groups]:
            self._make(groups)
        rules = self._draft.rules(self._field)
        for (card, _before), (_kind, positions) in zip(self.cards, groups, strict=True):
            if isinstance(card, EventsCard):
                card.show_events([rules[position] for position in positions])
            else:
                card.show_rule(rules[positions[0]])
        self.cards = [(card, group[1]) for (card, _before), group in zip(self.cards, groups, strict=True)]
        for card in self.country_cards():
            self.country_asked.emit(card.code)

    def _make(self, groups: Sequence[tuple[str, list[int]]]) -> None:
        for card, _positions in self.cards:
            card.setParent(None)
            card.deleteLater()
        self.cards = []
        for kind, positions in groups:
            card = MADE[kind]()
            card.edited.connect(self._take)
            card.dropped.connect(self._drop)
            self._offer_to(card)
            self._slot.addWidget(card)
            self.cards.append((card, positions))

    def _offer_to(self, card: Card) -> None:
        if isinstance(card, CountryCard):
            card.offer_countries(self._countries)
        elif isinstance(card, MonthlyCard | IncludeCard):
            card.offer_calendars(self._calendars)

    def _take(self, rule: Rule) -> None:
        self._draft.put_rule(self._field, self._of_sender()[0], rule)

    def _drop(self) -> None:
        gone = self._of_sender()
        rest = [rule for number, rule in enumerate(self._draft.rules(self._field)) if number not in gone]
        self._draft.put_rules(self._field, rest)

    def _of_sender(self) -> list[int]:
        sender: Any = self.sender()
        return next(positions for card, positions in self.cards if card is sender)

    def _open_menu(self) -> None:
        self.menu.popup(self.add.mapToGlobal(QPoint(0, self.add.height())))

    def _add(self, number: int) -> None:
        self._draft.add_rule(self._field, dict(FRESH[number][1]))
        self.cards[-1][0].focus_field()
