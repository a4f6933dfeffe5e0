"""What the page asks the engine, and where on the page the answers go."""

from contextlib import suppress
from typing import Any

from watchkeeper.action.desk import Desk
from watchkeeper.action.draft import Problem, problem_of, read_through
from watchkeeper.action.preview import Preview
from watchkeeper.model.errors import Known, NotFound
from watchkeeper.model.job import Job
from watchkeeper.model.text import Text, _
from watchkeeper.ui.pages.job.copied import yaml_of
from watchkeeper.ui.pages.job.outlook import clash_problem, timing, way_out
from watchkeeper.ui.pages.job.view import JobView


class Asking:
    """`job` is the saved one, None while there is none."""

    def __init__(self, desk: Desk, view: JobView) -> None:
        self._desk, self._view = desk, view

    async def world(self, job: Job | None) -> None:
        """What a job may name."""
        ask = self._desk.ask
        handlers, pools = await ask("handler.list"), await ask("pool.list")
        calendars, jobs = await ask("calendar.list", limit=1_000), await ask("job.list", limit=1_000)
        names = [each.name for each in jobs if job is None or each.id != job.id]
        sizes = [(pool.name, pool.size) for pool in pools]
        self._view.command.offer_secrets([secret.name for secret in await ask("secret.list")])
        self._view.offer(handlers, sizes, [calendar.spec.name for calendar in calendars], names)

    async def verdict(self, values: dict[str, Any], job: Job | None) -> list[Problem]:
        """What the engine thinks of the draft; what becomes of it is shown."""
        try:
            told = list((await self._desk.ask("job.check", spec=values, job=_id(job))).problems)
        except Known as refusal:
            told = [problem_of(refusal)]
        why: Text | None = None
        preview: Preview | None = None
        try:
            preview = await self._desk.ask("schedule.preview", spec=timing(values), job=_id(job))
        except Known as refusal:
            what = problem_of(refusal).text
            why = _("The next times can't be told before this is right: {what}", what=what)
        fix = way_out(preview, values.get("triggers"))
        self._view.schedule.show_preview(preview)
        self._view.ahead.show_preview(preview, why, fix)
        if preview is not None and preview.clash is not None:
            told.append(clash_problem(preview.clash, fix))
        await self._show_doubts(values)
        return told

    async def _show_doubts(self, values: dict[str, Any]) -> None:
        """What is not known of the calendars that the draft follows, like make-up days that nobody has announced."""
        found: dict[str, Text] = {}
        for name in _calendars(values.get("triggers")):
            with suppress(NotFound):
                detail = await self._desk.ask("calendar.show", name=name)
                found |= {str(doubt): _("{place}: {what}", place=name, what=doubt) for doubt in detail.doubts}
        self._view.schedule.show_doubts(list(found.values()))

    async def beside(self, values: dict[str, Any], job: Job | None) -> None:
        """What the panel at the right shows, if it has to be asked for."""
        view = self._view
        current = view.beside.currentWidget()
        if current is view.dry_run:
            try:
                view.dry_run.show_run(await self._desk.ask("job.dry_run", spec=values))
            except Known as refusal:
                view.dry_run.show_refusal(problem_of(refusal).text)
        elif current is view.version and job is not None:
            view.versions.show_versions(await self._desk.ask("job.versions", job=job.id))
            await self.version(job, view.versions.current)
        elif current is view.yaml:
            spec, _problems = read_through({"name": "-", **values})
            if spec is not None:
                view.yaml.code.show_text(yaml_of(spec))

    async def version(self, job: Job, number: int) -> None:
        """What one version changed."""
        if not number:
            return
        changed = []
        if number > 1:
            changed = await self._desk.ask("job.diff", job=job.id, from_=number - 1, to=number)
        self._view.version.show_version(number, job.version, changed)


def _calendars(triggers: Any) -> list[str]:
    """The names that triggers follow, each once; a draft may hold anything."""
    each = [trigger for trigger in triggers if isinstance(trigger, dict)] if isinstance(triggers, list) else []
    lists = [trigger.get(field) for trigger in each for field in ("only_on", "not_on")]
    return list(dict.fromkeys(str(name) for names in lists if isinstance(names, list) for name in names))


def _id(job: Job | None) -> str | None:
    return job.id if job is not None else None
