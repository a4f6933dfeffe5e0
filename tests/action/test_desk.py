"""The desk's promises, on the desk of this process and on the one behind a socket."""

import asyncio
import threading
from typing import Any

import pytest

from tests.action.conftest import job
from watchkeeper.access.actor import local_operator
from watchkeeper.action.apply import Change, What
from watchkeeper.action.desk import Desk, LocalDesk
from watchkeeper.action.door import Door
from watchkeeper.action.runs import Settled
from watchkeeper.model.errors import Conflict, Known, NotFound
from watchkeeper.model.events import JobSaved, RunQueued, RunStopRequested
from watchkeeper.model.job import Job
from watchkeeper.model.known_secrets import masker_of
from watchkeeper.model.run import Origin, State
from watchkeeper.model.span import Span


async def test_what_is_saved_is_shown_as_the_same_frozen_value(desk: Desk) -> None:
    saved = await desk.do("job.save", spec=job(triggers=[{"kind": "cron", "cron": "0 3 * * *"}]))
    assert isinstance(saved, Job)
    assert await desk.ask("job.show", job="nightly") == saved
    assert await desk.ask("job.list") == [saved]
    assert saved.spec.triggers[0].zone == "Europe/Berlin"  # type: ignore[union-attr]


async def test_an_error_arrives_as_the_same_class_with_words_that_can_be_translated(desk: Desk) -> None:
    await desk.do("job.save", spec=job())
    with pytest.raises(NotFound) as caught:
        await desk.ask("job.show", job="nighly")
    assert caught.value.text.values["near"] == "nightly"


async def test_an_unknown_action_is_told_with_the_nearest(desk: Desk) -> None:
    with pytest.raises(NotFound, match=r"run\.start"):
        await desk.do("run.strat", job="nightly")


async def test_an_action_is_not_asked_and_a_query_not_done(desk: Desk) -> None:
    with pytest.raises(NotFound):
        await desk.do("job.list")
    with pytest.raises(NotFound):
        await desk.ask("job.delete", job="nightly")


async def test_an_unknown_parameter_is_told_with_the_nearest(desk: Desk) -> None:
    with pytest.raises(Known, match="did you mean limit"):
        await desk.ask("job.list", limt=3)


async def test_a_missing_parameter_is_named(desk: Desk) -> None:
    with pytest.raises(Known, match="the field job is missing"):
        await desk.do("job.delete")


async def test_a_parameter_of_the_wrong_type_is_named(desk: Desk) -> None:
    with pytest.raises(Known, match="limit: expected int"):
        await desk.ask("job.list", limit="many")


async def test_many_deeds_get_an_answer_each(desk: Desk) -> None:
    await desk.do("job.save", spec=job())
    answers = await desk.do_many("job.disable", [{"job": "nightly"}, {"job": "gone"}])
    assert isinstance(answers[0], Job) and not answers[0].spec.is_enabled
    assert isinstance(answers[1], NotFound)


async def test_a_list_comes_in_pages_and_the_empty_one_is_the_last(desk: Desk) -> None:
    await desk.do("jobs.apply", jobs=[job(f"job {i:02}", description="x" * 9_000) for i in range(30)])
    found: list[str] = []
    while page := await desk.ask("job.list", after=found[-1] if found else "", limit=7):
        found += [each.name for each in page]
    assert found == [f"job {i:02}" for i in range(30)]


async def test_a_page_is_cut_at_a_mebibyte(desk: Desk) -> None:
    script = "#" * 400_000
    await desk.do("jobs.apply", jobs=[job(f"job {i}", params={"script": script}) for i in range(5)])
    assert len(await desk.ask("job.list")) == 2
    assert [len(part.jobs) async for part in desk.watch("jobs.export")] == [0, 2, 2, 1]


async def test_what_happens_is_told_as_events_after_the_commit(desk: Desk) -> None:
    heard: list[Any] = []
    stream = desk.events()
    listening = asyncio.ensure_future(anext(stream))
    while not listening.done():
        await desk.do("job.save", spec=job(description=str(len(heard))))
        await desk.do("run.start", job="nightly")
        heard.append(await asyncio.wait_for(asyncio.shield(listening), 10))
    heard.append(await asyncio.wait_for(anext(stream), 10))
    await stream.aclose()  # type: ignore[attr-defined]
    assert {type(event) for event in heard} <= {JobSaved, RunQueued}


async def test_a_run_is_started_cancelled_and_run_again_once_it_has_ended(desk: Desk) -> None:
    await desk.do("job.save", spec=job())
    started = await desk.do("run.start", job="nightly", params={"interpreter": "bash"})
    assert (started.run.state, started.run.params) == (State.QUEUED, {"interpreter": "bash"})
    with pytest.raises(Conflict):
        await desk.do("run.rerun", run=str(started.run.number))
    cancelled = await desk.do("run.cancel", run=started.run.id)
    assert cancelled.cancel_requested_by == local_operator().name
    assert [run.id for run in await desk.ask("run.list", job="nightly", states=["QUEUED"])] == [started.run.id]
    assert await desk.ask("run.list", states=["RUNNING"]) == []


async def test_a_run_again_has_the_parameters_of_the_first(desk: Desk, end_run: Any) -> None:
    await desk.do("job.save", spec=job())
    first = (await desk.do("run.start", job="nightly", params={"stdin": "x"})).run
    await end_run(first, State.FAILED)
    again = await desk.do("run.rerun", run=first.id)
    assert (again.origin, again.rerun_of, again.params) == (Origin.RERUN, first.id, {"stdin": "x"})


async def test_a_run_again_takes_changed_parameters_which_are_checked(desk: Desk, end_run: Any) -> None:
    await desk.do("job.save", spec=job())
    first = (await desk.do("run.start", job="nightly", params={"stdin": "x"})).run
    await end_run(first, State.FAILED)
    with pytest.raises(Known, match="warning"):
        await desk.do("run.rerun", run=first.id, params={"warning": "many"})
    again = await desk.do("run.rerun", run=first.id, params={"warning": "[24]"})
    assert (again.origin, again.params) == (Origin.RERUN, {"stdin": "x", "warning": [24]})


async def test_a_kill_is_told_also_when_it_was_asked_to_stop_before(local: LocalDesk, door: Door) -> None:
    heard: list[Any] = []
    door.listen(lambda event: heard.append(event) if isinstance(event, RunStopRequested) else None)
    await local.do("job.save", spec=job())
    run = (await local.do("run.start", job="nightly")).run
    for grace in (None, None, "0s"):
        await local.do("run.cancel", run=run.id, grace=grace)
    assert [event.grace for event in heard] == [None, Span()]


async def test_a_person_can_judge_an_ending_and_resolve_only_what_is_unknown(desk: Desk, end_run: Any) -> None:
    await desk.do("job.save", spec=job())
    run = (await desk.do("run.start", job="nightly")).run
    await end_run(run, State.FAILED)
    with pytest.raises(Conflict):
        await desk.do("run.resolve", run=run.id, state="SUCCEEDED", reason="seen on the host")
    judged = await desk.do("run.mark", run=run.id, state="SUCCEEDED", reason="repaired by hand")
    assert (judged.state, judged.verdict, judged.verdict_reason) == (
        State.FAILED,
        State.SUCCEEDED,
        "repaired by hand",
    )


async def test_all_unknown_runs_of_a_job_or_of_all_are_settled_at_once(desk: Desk, lose_run: Any) -> None:
    for name, count in (("nightly", 3), ("hourly", 2)):
        await desk.do("job.save", spec=job(name, concurrency={"policy": "allow"}))
        for _run in range(count):
            await lose_run((await desk.do("run.start", job=name)).run)
    queued = (await desk.do("run.start", job="hourly")).run
    why = {"state": "FAILED", "reason": "the host was set up anew"}
    assert await desk.do("run.settle", **why, job="nightly", limit=2) == Settled(2, has_more=True)
    assert await desk.do("run.settle", **why, job="nightly") == Settled(1, has_more=False)
    with pytest.raises(Conflict, match="no run of nightly is unknown"):
        await desk.do("run.settle", **why, job="nightly")
    assert await desk.do("run.settle", **why) == Settled(2, has_more=False)
    found = await desk.ask("run.list")
    assert {(run.state, run.verdict_reason) for run in found if run.id != queued.id} == {
        (State.FAILED, "the host was set up anew")
    }
    assert next(run for run in found if run.id == queued.id).state is State.QUEUED


async def test_output_is_read_in_parts_as_bytes(desk: Desk, door: Door) -> None:
    await desk.do("job.save", spec=job())
    run = (await desk.do("run.start", job="nightly")).run
    (door.home / f"{run.id}.1").write_bytes(b"\xff\x00hello")
    part = await desk.ask("run.log", run=run.id, offset=1, length=4)
    assert (part.data, part.is_closed, part.last_attempt) == (b"\x00hel", False, 1)


async def test_files_are_compared_before_they_are_applied(desk: Desk) -> None:
    files = {"jobs": [job("a", pool="net"), job("b")], "pools": [{"name": "net", "size": 2}]}
    created = [Change("pool", "net", What.CREATED), Change("job", "a", What.CREATED), Change("job", "b", What.CREATED)]
    assert await desk.ask("jobs.compare", **files) == created
    assert await desk.ask("job.list") == []
    assert await desk.do("jobs.apply", **files) == created
    assert {change.what for change in await desk.do("jobs.apply", **files)} == {What.UNCHANGED}
    assert [(each.name, each.version) for each in await desk.ask("job.list")] == [("a", 1), ("b", 1)]


async def test_a_deed_is_done_although_its_caller_no_longer_waits(desk: Desk) -> None:
    deed = asyncio.ensure_future(desk.do("job.save", spec=job()))
    await asyncio.sleep(0)
    deed.cancel()
    await asyncio.wait([deed])
    if isinstance(desk, LocalDesk):
        await desk.close()
    deadline = asyncio.get_running_loop().time() + 10
    while not (found := await desk.ask("job.list")) and asyncio.get_running_loop().time() < deadline:
        await asyncio.sleep(0.01)
    assert [each.name for each in found] == ["nightly"]


async def test_a_local_desk_may_be_used_from_another_loop_in_another_thread(local: LocalDesk) -> None:
    answers: list[Any] = []

    async def elsewhere() -> None:
        await local.do("job.save", spec=job())
        answers.append(await local.ask("job.show", job="nightly"))
        answers.extend([part async for part in local.watch("jobs.export")])
        with pytest.raises(NotFound):
            await local.ask("job.show", job="gone")

    thread = threading.Thread(target=lambda: asyncio.run(elsewhere()))
    thread.start()
    await asyncio.to_thread(thread.join)
    assert answers[0].name == "nightly"
    assert [len(part.jobs) for part in answers[1:]] == [0, 1]


async def test_the_trail_keeps_no_secret_that_a_run_of_this_process_had(desk: Desk) -> None:
    secret = "hunter2-of-the-trail" * 12
    masker_of([secret])
    await desk.do("job.save", spec=job("nightly"))
    with pytest.raises(Known):
        await desk.do("run.start", job="nightly", params={"scrpt": f"login with {secret}"})
    run = (await desk.do("run.start", job="nightly", params={"script": f"login with {secret}"})).run
    told = [entry.detail for entry in await desk.ask("audit.list") if entry.action == "run.start"]
    assert [detail["params"] for detail in told] == [{"script": "login with ***"}, {"scrpt": "login with ***"}]
    assert run.params == {"script": f"login with {secret}"}, "what the job is to have, it has"
