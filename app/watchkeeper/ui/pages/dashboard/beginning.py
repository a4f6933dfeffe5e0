"""What a newcomer has on the dashboard, the first steps and the sample jobs, and what their buttons do."""

from collections.abc import Callable

from watchkeeper.action.engine import Status
from watchkeeper.action.samples import TAG
from watchkeeper.model.ids import JobId
from watchkeeper.model.job import Job
from watchkeeper.model.job_table import JobRow, JobTable
from watchkeeper.model.text import _, plural
from watchkeeper.ui import milestones
from watchkeeper.ui.console import Console
from watchkeeper.ui.milestones import AWAY, HERE
from watchkeeper.ui.pages.dashboard.first_steps import FirstSteps
from watchkeeper.ui.pages.dashboard.samples import SamplesCard
from watchkeeper.ui.pages.dashboard.steps import Facts, failing, soonest, steps_of
from watchkeeper.ui.tasks import Tasks
from watchkeeper.ui.widgets.question import Question
from watchkeeper.ui.words import language

#: Samples that are looked at.
MOST = 20
_OURS = f"tag:{TAG}"


class Beginning:
    """`reread` lets the page read anew; what is shown, and whether, is for the page to lay out."""

    def __init__(self, console: Console, tasks: Tasks, reread: Callable[[], None]) -> None:
        self._console, self._tasks, self._reread = console, tasks, reread
        self._facts = Facts()
        self.steps = FirstSteps(self.do, self.put_away, self._read_guide)
        self.samples = SamplesCard(console.zone, self._run, self._open)
        #: Whether the first steps are shown.
        self.is_on = False

    @property
    def has_samples(self) -> bool:
        """Whether there are sample jobs."""
        return bool(self._facts.samples)

    async def refresh(self) -> None:
        """Read the samples, and how far somebody is."""
        ask, memory = self._console.desk.ask, self._console.memory
        chosen = memory.get(milestones.STEPS, "")
        if chosen == AWAY:
            self.is_on = False
            return
        table: JobTable = await ask("job.table", filter=_OURS, limit=MOST)
        jobs: list[Job] = await ask("job.list", filter=_OURS, limit=MOST) if table.rows else []
        status: Status = await ask("engine.status")
        has_read = memory.get(milestones.READ_A_FAILURE, False)
        self._facts = Facts(table.rows, table.total, has_read, has_engine=status.is_running)
        self.is_on = chosen == HERE or not table.total or table.matches > 0
        self.samples.take(table.rows, {job.name: job.spec.description for job in jobs})
        self.steps.take(steps_of(self._facts))

    def do(self, deed: str) -> None:
        """What a button of a step says."""
        sample = failing(self._facts.samples)
        match deed:
            case "add":
                self._tasks.start(self._add())
            case "run" if self._facts.samples:
                self._run(soonest(self._facts.samples).id)
            case "read" if sample is not None and sample.last is not None:
                self._console.go(f"run/{sample.last.id}")
            case "mend" if sample is not None:
                self._console.go(f"job/{sample.id}#command")
            case "again" if sample is not None:
                self._run(sample.id)
            case "new":
                self._console.go("job/new")
            case "crontab":
                self._console.go("help/imports")

    def put_away(self) -> None:
        """Show them no more."""
        self._console.memory.put(milestones.STEPS, AWAY)
        self._console.toast(_("The first steps are in the menu Help from now on"), undo=self.bring_back)
        self._reread()

    def bring_back(self) -> None:
        """Show them, whatever there is."""
        self._console.memory.put(milestones.STEPS, HERE)
        self._reread()

    def remove_samples(self) -> None:
        """Ask, then delete them."""
        title = _("Remove the sample jobs?")
        text = _(
            "What they have run stays in the history. A sample that you have changed goes too; Undo brings it back."
        )
        answers = ((_("Keep them"), lambda _is_remembered: None), (_("Remove them"), self._remove))
        self._console.lay_over(Question(title, text, answers))

    def _remove(self, _is_remembered: bool) -> None:
        self._tasks.start(self._removed(tuple(self._facts.samples)))

    async def _add(self) -> None:
        await self._console.act("samples.add", language=language())
        self._reread()

    async def _removed(self, samples: tuple[JobRow, ...]) -> None:
        title = plural("Remove {n} sample job", "Remove {n} sample jobs", len(samples))
        await self._console.act_many("job.delete", [{"job": sample.id} for sample in samples], title, is_asked=True)
        self._reread()

    def _run(self, job_id: JobId) -> None:
        self._tasks.start(self._started(job_id))

    async def _started(self, job_id: JobId) -> None:
        await self._console.act("run.start", job=job_id)
        self._reread()

    def _open(self, job_id: JobId) -> None:
        self._console.go(f"job/{job_id}")

    def _read_guide(self) -> None:
        self._console.go("help/getting-started")
