"""A workspace with many jobs and their runs, made by the store's own statements."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from random import Random

from bench.row_e4 import daily
from bench.workspace import BATCH
from watchkeeper.model.ids import run_id
from watchkeeper.model.instant import to_us
from watchkeeper.model.job import Job, JobSpec
from watchkeeper.store import jobs
from watchkeeper.store.moves import NewRun
from watchkeeper.store.store import Store

#: Jobs of one transaction.
SAVED = 5_000

OWNERS = ("chenyu", "dba", "liwei", "ops", "sunli", "zhangmin")
GROUPS = ("finance", "finance/daily", "growth", "platform", "platform/nightly")
TAGS = ("backup", "etl", "finance", "nightly", "report", "sync")
VERBS = ("archive", "backup", "check", "export", "import", "load", "reconcile", "report", "sync", "vacuum")
THINGS = ("accounts", "balances", "events", "fx_rates", "inventory", "invoices", "orders", "sessions", "stock", "users")


def specs(count: int) -> list[JobSpec]:
    """Jobs with owners, groups and tags, each due once a day."""
    random = Random(1)
    return [_spec(random, number) for number in range(count)]


async def fill(store: Store, count: int, each: int) -> None:
    """Save so many jobs, and give each so many past runs."""
    saved = []
    wanted = iter(specs(count))
    while some := list(islice(wanted, SAVED)):
        saved += await store.write(lambda tx, some=some: jobs.save_all(tx, some, "bench"))
    rows = past_runs(saved, each)
    while batch := list(islice(rows, BATCH)):
        await store.move(batch)


def _spec(random: Random, number: int) -> JobSpec:
    verb, thing = random.choice(VERBS), random.choice(THINGS)
    like = daily(number)
    return JobSpec(
        f"{verb}_{thing}_{number}",
        like.handler,
        f"{verb} of the {thing} that came in since the day before, for the closing of the books",
        tags=tuple(random.sample(TAGS, random.randint(0, 2))),
        owner=random.choice(OWNERS),
        group=random.choice(GROUPS),
        params=like.params,
        triggers=like.triggers,
    )


def past_runs(of: Sequence[Job], each: int) -> Iterator[NewRun]:
    """So many runs of every job, one a day, of which some have failed or were skipped."""
    random = Random(2)
    now = to_us(datetime.now(UTC))
    for day in range(each, 0, -1):
        for job in of:
            yield _run(random, job, now - day * 86_400_000_000 + random.randrange(3_600_000_000))


def _run(random: Random, job: Job, began: int) -> NewRun:
    (state,) = random.choices(("SUCCEEDED", "FAILED", "SKIPPED"), (95, 4, 1))
    return NewRun(
        run_id(), job.id, job.name, job.version, "fire", state, 5, began, began, "scheduler",
        started_at=None if state == "SKIPPED" else began,
        ended_at=began + random.randrange(1_000_000, 600_000_000),
        host="local",
    )  # fmt: skip
