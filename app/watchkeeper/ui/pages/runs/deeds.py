"""What is done to many runs at once: they are stopped, or a person says what they were."""

from collections.abc import Callable, Sequence
from functools import partial

from watchkeeper.model.errors import Known
from watchkeeper.model.run import Run, State
from watchkeeper.model.text import _, plural
from watchkeeper.ui.console import Console
from watchkeeper.ui.pages.runs.settle import settle_dialog
from watchkeeper.ui.tasks import Tasks
from watchkeeper.ui.widgets.question import Question

#: Runs that are stopped without a question.
FEW = 10
#: Unknown runs that are looked at and settled at once.
MOST = 1_000


class Deeds:
    """`reread` reads anew what is on its way."""

    def __init__(self, console: Console, tasks: Tasks, reread: Callable[[], None]) -> None:
        self._console, self._tasks, self._reread = console, tasks, reread

    def stop(self, chosen: Sequence[Run]) -> None:
        """At once if they are a few; many only when somebody has said yes."""
        runs = [run for run in chosen if run.cancel_requested_at is None]
        if len(runs) <= FEW:
            self._tasks.start(self._stopped_each(runs))
            return
        title = plural("Stop {n} run?", "Stop {n} runs?", len(runs))
        text = _("Each is asked to end, and what is left of it after its grace is killed. This can't be taken back.")
        answers = ((_("Cancel"), _leave), (_("Stop them"), partial(self._stop_all, runs)))
        self._console.lay_over(Question(title, text, answers))

    def settle(self) -> None:
        """Ask what unknown runs were."""
        self._tasks.start(self._open_settle(), "settle")

    async def _stopped_each(self, runs: Sequence[Run]) -> None:
        for run in runs:
            await self._console.act("run.cancel", run=run.id)

    def _stop_all(self, runs: Sequence[Run], _box: bool) -> None:
        self._tasks.start(self._stopped_all(runs))

    async def _stopped_all(self, runs: Sequence[Run]) -> None:
        answers = await self._console.desk.do_many("run.cancel", [{"run": run.id} for run in runs])
        refused = [answer for answer in answers if isinstance(answer, Known)]
        done = plural("{n} run is asked to stop", "{n} runs are asked to stop", len(runs) - len(refused))
        if not refused:
            self._console.toast(done, glyph="status/success")
            return
        why = _("{done}; {n} not: {why}", done=done, n=len(refused), why=refused[0].text)
        self._console.toast(why, glyph="status/late")

    async def _open_settle(self) -> None:
        unknown = await self._console.desk.ask("run.list", states=[State.UNKNOWN], limit=MOST)
        if unknown:
            self._console.lay_over(settle_dialog(unknown, self._begin_settle))
        else:
            self._console.toast(_("No run is unknown"))

    def _begin_settle(self, state: State, reason: str, job: str | None) -> None:
        self._tasks.start(self._settled(state, reason, job))

    async def _settled(self, state: State, reason: str, job: str | None) -> None:
        settled = await self._console.act("run.settle", state=state, reason=reason, job=job)
        if settled is not None and settled.has_more:
            self._console.toast(_("{n} runs are settled; there are more", n=settled.count), glyph="status/late")
        self._reread()


def _leave(_box: bool) -> None:
    """Nothing is done."""
