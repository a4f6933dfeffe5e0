"""The outbox: what has failed is told at least once, and a receiver that is away delays no run."""

from datetime import timedelta

from tests.engine.house import House, eventually
from watchkeeper.model.run import State
from watchkeeper.store import outbox


async def test_a_failure_is_told_and_then_forgotten(house: House) -> None:
    await house.start()
    run = await house.submit(await house.save("act.fail"))
    await eventually(lambda: house.parcels, "the notice")
    (parcel,) = house.parcels
    assert (parcel.id, parcel.topic, parcel.run_id) == (f"{run.id}.ended", "run.ended", run.id)
    await house.stop()
    house.clock.move(timedelta(days=1))
    assert await house.store.read(lambda tx: outbox.due(tx, 10)) == []


async def test_what_went_well_or_was_stopped_is_not_told(house: House) -> None:
    await house.start()
    fine = await house.submit(await house.save())
    cancelled = await house.submit(await house.save("act.cancel", "other"))
    await house.becomes(fine, State.SUCCEEDED)
    await house.becomes(cancelled, State.CANCELLED)
    assert await house.store.read(lambda tx: outbox.due(tx, 10)) == []


async def test_a_receiver_that_is_away_is_tried_again_later_and_delays_no_run(house: House) -> None:
    house.deliver_error = ConnectionRefusedError("away")
    await house.start()
    job = await house.save("act.fail")
    first = await house.submit(job)
    await eventually(lambda: house.parcels, "the first try")
    second = await house.submit(job)
    await house.becomes(second, State.FAILED)
    await eventually(lambda: len(house.parcels) >= 2, "the second notice")
    house.deliver_error = None
    house.clock.move(timedelta(seconds=10))
    told = [parcel.run_id for parcel in house.parcels]
    await eventually(lambda: len(house.parcels) >= len(told) + 2, "both are tried again")
    assert {parcel.run_id for parcel in house.parcels[len(told) :]} == {first.id, second.id}
    assert {parcel.attempts for parcel in house.parcels[len(told) :]} == {1}
