"""The jobs that follow the calendar, and what becomes of their fires."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from watchkeeper.action.calendar_preview import JobEffect
from watchkeeper.model.text import Text, _, plural
from watchkeeper.ui.pages.calendars.names import short_date
from watchkeeper.ui.theme import Role
from watchkeeper.ui.widgets.glyph import Glyph
from watchkeeper.ui.widgets.words import Button, Label
from watchkeeper.ui.words import Spoken, shown

#: Jobs that are told one by one.
MOST = 20

_NOT_YET = _("What becomes of their fires is told once everything above is right.")


class EffectsSection(Spoken, QWidget):
    """`go` opens the place of a job."""

    def __init__(self, go: Callable[[str], None]) -> None:
        super().__init__()
        self._go = go
        self._effects: tuple[JobEffect, ...] = ()
        self._is_right = True
        self._lines: list[QWidget] = []
        self.title = Label("", Role.PANEL_TITLE)
        self.sum = Label("", Role.BODY, ink=2)
        self.sum.setWordWrap(True)
        self._slot = QVBoxLayout()
        self._slot.setSpacing(8)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.title)
        layout.addWidget(self.sum)
        layout.addLayout(self._slot)
        self.retranslate()

    def show_effects(self, effects: Sequence[JobEffect], *, is_right: bool) -> None:
        """Show these, those with most that falls away first; of what is not right yet nothing is foretold."""
        wanted = tuple(sorted(effects, key=lambda each: (-each.lost - each.gained, each.job)))
        if (wanted, is_right) != (self._effects, self._is_right):
            self._effects, self._is_right = wanted, is_right
            self.retranslate()

    def retranslate(self) -> None:
        for line in self._lines:
            line.setParent(None)
            line.deleteLater()
        self._lines = [self._line(effect) for effect in self._effects[:MOST]]
        for line in self._lines:
            self._slot.addWidget(line)
        self.title.say(_("Jobs that follow it ({n})", n=len(self._effects)))
        self.sum.say(summary(self._effects) if self._is_right or not self._effects else _NOT_YET)

    def _line(self, effect: JobEffect) -> QWidget:
        made = QWidget()
        is_change = bool(effect.lost or effect.gained)
        name = Button(effect.job, partial(self._go, f"job/{effect.job_id}#schedule"), kind="inline")
        words = Label(told_of(effect), Role.SMALL, ink=1 if is_change else 2)
        words.setWordWrap(True)
        head = QHBoxLayout()
        head.setSpacing(6)
        if is_change:
            head.addWidget(Glyph("status/late", 14))
        head.addWidget(name)
        head.addStretch(1)
        layout = QVBoxLayout(made)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(words)
        return made


def summary(effects: Sequence[JobEffect]) -> Text:
    """What the change does, in a sentence."""
    if not effects:
        return _("No job follows it yet. A trigger follows it by “only on” or is kept back by “skip”.")
    lost, gained = sum(each.lost for each in effects), sum(each.gained for each in effects)
    if not lost and not gained:
        return _("In the next 35 days they fire as before.")
    falls = plural("{n} fire falls away", "{n} fires fall away", lost)
    comes = plural("{n} is added", "{n} are added", gained)
    return _("In the next 35 days: {falls}, {comes}.", falls=falls, comes=comes)


def told_of(effect: JobEffect) -> str:
    """What becomes of one job's fires."""
    if not effect.is_enabled:
        return shown(_("disabled"))
    parts = [shown(plural("{n} fire in 35 days", "{n} fires in 35 days", effect.count))]
    if effect.lost:
        when = _moment(effect.first_lost[0])
        parts.append(shown(plural("{n} falls away: {when}", "{n} fall away, the first {when}", effect.lost, when=when)))
    if effect.gained:
        when = _moment(effect.first_gained[0])
        parts.append(shown(plural("{n} is added: {when}", "{n} are added, the first {when}", effect.gained, when=when)))
    if effect.is_cut:
        parts.append(shown(_("only the first were looked at")))
    return "\n".join(parts)


def _moment(local: str) -> str:
    return f"{short_date(date.fromisoformat(local[:10]))} {local[11:]}"
