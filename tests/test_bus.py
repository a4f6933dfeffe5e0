"""The bus: everybody who listens hears, in order, and nobody's error is another's."""

import logging

import pytest

from watchkeeper.bus import Bus
from watchkeeper.model.events import EngineStopped, Event, PoolsChanged, StoreRecovered


def test_a_listener_hears_its_own_kind_and_a_listener_of_all_hears_everything() -> None:
    bus, pools, everything = Bus(), list[Event](), list[Event]()
    bus.listen(PoolsChanged, pools.append)
    bus.listen(Event, everything.append)
    bus.publish_all([PoolsChanged(), EngineStopped(), PoolsChanged()])
    assert pools == [PoolsChanged()] * 2
    assert everything == [PoolsChanged(), EngineStopped(), PoolsChanged()]


def test_who_has_stopped_listening_hears_no_more(caplog: pytest.LogCaptureFixture) -> None:
    bus, heard = Bus(), list[Event]()
    stop = bus.listen(PoolsChanged, heard.append)
    assert bus.has_listeners(PoolsChanged)
    stop()
    stop()
    bus.publish(PoolsChanged())
    assert heard == [] and not bus.has_listeners(PoolsChanged)


def test_a_listener_of_all_is_a_listener_of_each() -> None:
    bus = Bus()
    bus.listen(Event, lambda event: None)
    assert bus.has_listeners(StoreRecovered)


def test_a_listener_that_breaks_is_logged_and_hurts_nobody(caplog: pytest.LogCaptureFixture) -> None:
    bus, heard = Bus(), list[Event]()

    def broken(event: PoolsChanged) -> None:
        raise LookupError("mine")

    bus.listen(PoolsChanged, broken)
    bus.listen(PoolsChanged, heard.append)
    with caplog.at_level(logging.ERROR):
        bus.publish(PoolsChanged())
    assert heard == [PoolsChanged()]
    assert "a listener of PoolsChanged failed" in caplog.text and "LookupError: mine" in caplog.text


def test_a_listener_may_stop_listening_while_it_listens() -> None:
    bus, heard = Bus(), list[Event]()

    def once(event: PoolsChanged) -> None:
        heard.append(event)
        stop()

    stop = bus.listen(PoolsChanged, once)
    bus.listen(PoolsChanged, heard.append)
    bus.publish(PoolsChanged())
    bus.publish(PoolsChanged())
    assert len(heard) == 3
