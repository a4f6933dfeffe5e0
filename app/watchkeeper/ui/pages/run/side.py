"""Beside the log: the course of the run, its attempts, and what is known of it in three lists."""

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from watchkeeper.action.runs import Detail
from watchkeeper.model.job import JobSpec, Retry
from watchkeeper.model.run import Run
from watchkeeper.model.span_words import about_words
from watchkeeper.model.text import Text, _, plural
from watchkeeper.ui.pages.run.attempts import Attempts
from watchkeeper.ui.pages.run.facts import Facts, facts_of
from watchkeeper.ui.pages.run.legend import Legend
from watchkeeper.ui.pages.run.result import Result
from watchkeeper.ui.pages.run.segments import Segments
from watchkeeper.ui.pages.run.values import Values
from watchkeeper.ui.theme import Role
from watchkeeper.ui.widgets.elided import Elided
from watchkeeper.ui.widgets.page_tabs import PageTabs
from watchkeeper.ui.widgets.words import Label, line, plain

WIDTH, NARROWEST, HEAD = 520, 320, 40


class Side(QWidget):
    """`go` opens a place, `show_attempt` the output of an attempt, `said` tells what was copied."""

    def __init__(
        self,
        go: Callable[[str], None],
        show_attempt: Callable[[int], None],
        said: Callable[[Text], None],
        zone: Callable[[], str],
    ) -> None:
        super().__init__()
        plain(self, 1)
        self.setMinimumWidth(NARROWEST)
        self._zone = zone
        self._count, self._how = Label("", Role.BODY, ink=2), Elided(Role.SMALL, ink=2)
        self.segments, self.attempts, self.legend = Segments(zone), Attempts(show_attempt), Legend()
        self.facts = Facts(go, said)
        self.params = Values(_("It ran without parameters"), said)
        self.outputs = Values(_("It has returned nothing"), said)
        self.result = Result(said)
        self.tabs = PageTabs([("facts", _("Facts"))], self._show_part)
        self._parts = QStackedWidget()
        self._parts.setMinimumHeight(1)
        self._lay_out()

    def take(self, detail: Detail, spec: JobSpec | None) -> None:
        """Show a run; `spec` is its job in the version that ran, None where that is gone."""
        run = detail.run
        params = {**(spec.params if spec is not None else {}), **(run.params or {})}
        self._count.say(str(run.attempt))
        self._how.say(_manner(run, spec))
        self.segments.take(detail)
        self.attempts.take(detail)
        self.legend.show_kinds(stretch.kind for stretch in self.segments.stretches)
        self.facts.show_facts(facts_of(detail, spec, self._zone()))
        self.params.show_values(params)
        self.result.take(run.outputs)
        in_table = ("columns", "rows") if self.result.found is not None else ()
        self.outputs.show_values({name: value for name, value in run.outputs.items() if name not in in_table})
        self._offer_tabs()

    def _offer_tabs(self) -> None:
        """What there is nothing of has no tab."""
        tabs = [("facts", _("Facts"))]
        if self.result.found is not None:
            tabs.append(("result", _("Result")))
        if self.params.values:
            tabs.append(("params", _("Parameters {n}", n=len(self.params.values))))
        if self.outputs.values:
            tabs.append(("outputs", _("Outputs {n}", n=len(self.outputs.values))))
        self.tabs.offer(tabs)

    def _show_part(self, name: str) -> None:
        parts: dict[str, QWidget] = {"result": self.result, "params": self.params, "outputs": self.outputs}
        self._parts.setCurrentWidget(parts.get(name, self.facts))

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(16, 0, 12, 0)
        head.setSpacing(8)
        head.addWidget(Label(_("Attempts"), Role.SECTION))
        head.addWidget(self._count)
        head.addSpacing(4)
        head.addWidget(self._how, 1)
        holder = QWidget()
        holder.setFixedHeight(HEAD)
        holder.setLayout(head)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for part in (self.facts, self.result, self.params, self.outputs):
            self._parts.addWidget(part)
        for widget in (holder, line(), self.segments, self.attempts, self.tabs):
            layout.addWidget(widget)
        layout.addWidget(self._parts, 1)
        layout.addWidget(self.legend)


def _manner(run: Run, spec: JobSpec | None) -> Text | str:
    """What carries it out, where, and how often it is tried."""
    if spec is None:
        return ""
    what = spec.handler if run.host is None else _("{handler} on {host}", handler=spec.handler, host=run.host)
    if spec.retry.max_attempts == 1:
        return _("{what}, no retries", what=what)
    tries = plural("{n} attempt", "{n} attempts", spec.retry.max_attempts)
    return _("{what}, {tries}, {wait}", what=what, tries=tries, wait=_wait(spec.retry))


def _wait(retry: Retry) -> Text:
    if retry.factor == 1:
        return _("back-off {span}", span=about_words(retry.delay))
    return _("back-off {span} ×{factor}", span=about_words(retry.delay), factor=f"{retry.factor:g}")
