"""A person's word on many unknown runs at once: what it will do first, then the reason."""

from collections import Counter
from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from watchkeeper.model.run import Run, State
from watchkeeper.model.text import Text, _, plural
from watchkeeper.ui.theme import Role
from watchkeeper.ui.widgets.choice import Choice
from watchkeeper.ui.widgets.reason_dialog import ReasonDialog
from watchkeeper.ui.widgets.segmented import Segmented
from watchkeeper.ui.widgets.words import Label

#: Jobs that are named in the preview.
NAMED = 5

#: (state, reason, job or None)
Settle = Callable[[State, str, str | None], None]


class Effect(QWidget):
    """Which runs, what they were, and what comes of it; tells anew whenever something else is chosen."""

    def __init__(self, unknown: Sequence[Run]) -> None:
        super().__init__()
        self._unknown = list(unknown)
        counts = Counter(run.job_name for run in self._unknown)
        jobs = [(run.job_name, run.job_name) for run in {run.job_name: run for run in self._unknown}.values()]
        self.job = Choice(_("Jobs"), [(None, _("All jobs")), *sorted(jobs, key=lambda each: -counts[each[0]])], 240)
        self.job.setCurrentIndex(0)
        self.job.picked.connect(self._tell)
        states = [(str(State.SUCCEEDED), _("Succeeded")), (str(State.FAILED), _("Failed"))]
        self.state = Segmented(states, self._tell, name=_("What they were"))
        self.words = Label("", Role.BODY)
        self.words.setWordWrap(True)
        self.words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.MinimumExpanding)
        self.words.setMinimumHeight(60)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.job)
        row.addWidget(self.state)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addLayout(row)
        layout.addWidget(self.words)
        self._tell()

    def chosen(self) -> list[Run]:
        """The runs that are meant."""
        return [run for run in self._unknown if self.job.value in (None, run.job_name)]

    def _tell(self, _picked: object = None) -> None:
        self.words.say(effect_words(self.chosen(), State(self.state.chosen)))


def settle_dialog(unknown: Sequence[Run], settle: Settle) -> ReasonDialog:
    """Put it under a Veil; `settle` is called with what was decided."""
    effect = Effect(unknown)

    def decided(reason: str) -> None:
        settle(State(effect.state.chosen), reason, effect.job.value)

    title = _("Say what unknown runs were")
    text = _("Look at their hosts first: what you say stays on record beside each of them.")
    return ReasonDialog(title, text, decided, above=effect)


def effect_words(runs: Sequence[Run], state: State) -> Text:
    """How many of which jobs, and what follows."""
    counts = Counter(run.job_name for run in runs).most_common()
    names = ", ".join(f"{name} {count}" for name, count in counts[:NAMED])
    more = len(counts) - NAMED
    jobs: Text | str = _("{names} and {n} more jobs", names=names, n=more) if more > 0 else names
    if state is State.SUCCEEDED:
        will = plural("{n} run will count as succeeded", "{n} runs will count as succeeded", len(runs))
        then = _("Jobs that follow a success start.")
    else:
        will = plural("{n} run will count as failed", "{n} runs will count as failed", len(runs))
        then = _("Jobs that follow a failure start.")
    return _("{will}: {jobs}. Slots and keys that they hold become free. {then}", will=will, jobs=jobs, then=then)
