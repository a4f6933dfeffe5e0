"""Runs as people see them: found, listed, stopped, resolved, judged."""

import pytest

from tests.store.making import START, brought_to, new, saved
from watchkeeper.model.errors import Conflict, NotFound
from watchkeeper.model.events import Event, RunResolved, RunStopRequested
from watchkeeper.model.ids import JobId, RunId, run_id
from watchkeeper.model.run import ENDINGS, LIVE, Run, State
from watchkeeper.model.text import _
from watchkeeper.store import runs
from watchkeeper.store.rows import new_row
from watchkeeper.store.store import Store

S = State
BROUGHT = sorted(set(S) - {S.UPSTREAM_FAILED})


async def test_a_run_comes_back_as_it_was_put_in(store: Store) -> None:
    job = await saved(store)
    wanted = Run(
        id=run_id(),
        job_id=job.id,
        job_name=job.name,
        job_version=1,
        caller_execution_id="order-7",
        state=S.QUEUED,
        reason=_("it waits for {what}", what="room"),
        params={"n": [1, {"a": None}]},
        concurrency_key="k",
        created_at=START,
        due_at=START,
        actor="me",
    )
    kept = await store.write(lambda tx: runs.insert(tx, wanted))
    assert kept == Run(**{**{f: getattr(wanted, f) for f in wanted.__struct_fields__}, "number": kept.number})
    assert str(kept.reason) == "it waits for room"


def test_a_new_row_of_which_nothing_more_is_said_is_a_run_of_which_nothing_more_is_said() -> None:
    run = Run(id=run_id(), job_id=JobId("j1"), job_version=1, state=S.QUEUED, created_at=START, due_at=START)
    assert new_row(run) == new(id=run.id, job_name=run.job_name, actor=run.actor)


async def test_a_run_is_found_by_number_id_and_beginning(store: Store) -> None:
    run = await brought_to(store, S.QUEUED)
    number = (await store.read(lambda tx: runs.get(tx, run.id))).number
    for ref in (str(number), f"#{number}", run.id, run.id.upper(), f" {run.id[:20]} "):
        assert (await store.read(lambda tx, ref=ref: runs.find(tx, ref))).id == run.id


@pytest.mark.parametrize("ref", ["", "#", "999", "0199", "%", "zzzzzzzz", "9" * 30, "²", "x' OR '1'='1"])
async def test_what_is_no_run_is_refused_in_a_sentence(store: Store, ref: str) -> None:
    await brought_to(store, S.QUEUED)
    with pytest.raises(NotFound, match="run list"):
        await store.read(lambda tx: runs.find(tx, ref))


async def test_an_ambiguous_beginning_is_refused(store: Store) -> None:
    await store.move([new(id="0123456789ab01"), new(id="0123456789ab02")])
    with pytest.raises(NotFound, match="several"):
        await store.read(lambda tx: runs.find(tx, "0123456789"))


async def test_runs_come_in_pages_newest_first_and_filtered(store: Store) -> None:
    mine = [await brought_to(store, S.QUEUED, job_id="mine") for _ in range(3)]
    done = await brought_to(store, S.SUCCEEDED, job_id="mine")
    await brought_to(store, S.QUEUED, job_id="other")
    first = await store.read(lambda tx: runs.page(tx, job_id=JobId("mine"), limit=2))
    rest = await store.read(lambda tx: runs.page(tx, job_id=JobId("mine"), before=first[-1].number))
    assert [run.id for run in (*first, *rest)] == [done.id, *reversed([run.id for run in mine])]
    ended = await store.read(lambda tx: runs.page(tx, states=(S.SUCCEEDED, S.FAILED)))
    assert [run.id for run in ended] == [done.id]


async def test_live_are_exactly_those_without_an_ending_oldest_first(store: Store) -> None:
    made = {state: (await brought_to(store, state)).id for state in BROUGHT}
    expected = [made[state] for state in BROUGHT if state in LIVE]
    assert [run.id for run in await store.read(runs.live)] == expected


@pytest.mark.parametrize("state", BROUGHT)
async def test_a_stop_can_be_wished_of_every_live_run_and_of_no_other(
    store: Store, told: list[Event], state: State
) -> None:
    run = await brought_to(store, state)
    if state in ENDINGS:
        with pytest.raises(Conflict, match=f"has ended already: {state}"):
            await store.write(lambda tx: runs.request_cancel(tx, RunId(run.id), "me"))
        return
    wished = await store.write(lambda tx: runs.request_cancel(tx, RunId(run.id), "me"))
    assert (wished.state, wished.cancel_requested_by, wished.cancel_requested_at) == (state, "me", START)
    again = await store.write(lambda tx: runs.request_cancel(tx, RunId(run.id), "somebody else"))
    assert again == wished
    assert told == [RunStopRequested(RunId(run.id))]


@pytest.mark.parametrize("state", BROUGHT)
async def test_only_an_unknown_run_is_resolved(store: Store, told: list[Event], state: State) -> None:
    run = await brought_to(store, state)
    before = await store.read(lambda tx: runs.get(tx, run.id))
    if state is not S.UNKNOWN:
        with pytest.raises(Conflict, match="only an UNKNOWN one"):
            await store.write(lambda tx: runs.resolve(tx, before.id, S.FAILED, "me", "I looked"))
        assert await store.read(lambda tx: runs.get(tx, run.id)) == before
        assert told == []
        return
    resolved = await store.write(lambda tx: runs.resolve(tx, before.id, S.SUCCEEDED, "me", "I looked"))
    assert (resolved.state, resolved.ended_at, resolved.verdict_by) == (S.SUCCEEDED, START, "me")
    assert resolved.verdict_reason == "I looked" and not resolved.holds_key
    assert told == [RunResolved(before.id, "nightly", S.SUCCEEDED)]


@pytest.mark.parametrize("state", BROUGHT)
async def test_a_verdict_stands_beside_an_ending_which_stays(store: Store, state: State) -> None:
    run = await brought_to(store, state)
    before = await store.read(lambda tx: runs.get(tx, run.id))
    if state in LIVE:
        with pytest.raises(Conflict, match="has not ended yet"):
            await store.write(lambda tx: runs.give_verdict(tx, before.id, S.SUCCEEDED, "me", "fine"))
        return
    judged = await store.write(lambda tx: runs.give_verdict(tx, before.id, S.SUCCEEDED, "me", "fine"))
    assert (judged.state, judged.ended_at) == (before.state, before.ended_at)
    assert (judged.verdict, judged.verdict_by, judged.verdict_reason) == (S.SUCCEEDED, "me", "fine")


@pytest.mark.parametrize("word", sorted(set(S) - {S.SUCCEEDED, S.FAILED}))
async def test_a_person_says_succeeded_or_failed_and_nothing_else(store: Store, word: State) -> None:
    run = await brought_to(store, S.UNKNOWN)
    with pytest.raises(Conflict, match="SUCCEEDED or FAILED"):
        await store.write(lambda tx: runs.resolve(tx, RunId(run.id), word, "me", "x"))
    assert (await store.read(lambda tx: runs.get(tx, run.id))).state is S.UNKNOWN
