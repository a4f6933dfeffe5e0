"""Carries actions out on the engine's loop: check, run, audit, commit, in one transaction."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, suppress
from typing import Any

from watchkeeper.access.actor import Actor
from watchkeeper.action import trail
from watchkeeper.action.door import Door
from watchkeeper.action.pages import page
from watchkeeper.action.spec import Action, Kind, Values, found
from watchkeeper.model import codec
from watchkeeper.model.errors import Known, LeaseLost, Refused, StoreDown
from watchkeeper.model.events import Event
from watchkeeper.model.known_secrets import hidden
from watchkeeper.model.text import _
from watchkeeper.store import audit
from watchkeeper.store.tx import Tx

#: A listener that lets so many events wait is told to look anew.
MOST_EVENTS = 10_000


async def do(door: Door, actor: Actor, name: str, given: Values) -> Any:
    """The answer of an action, once its transaction is on disk. A refusal or error is audited by itself."""
    action = found(name, Kind.DO)
    values: Values = {}
    try:
        actor.require(action.permission)
        values = action.read(given)
        if action.prepare is not None:
            values = await asyncio.to_thread(action.prepare, door, values)
        return await door.write(lambda tx: _carried_out(tx, door, actor, action, values))
    except Known as error:
        await _audit_failure(door, actor, action, values or given, error)
        raise


async def ask(door: Door, actor: Actor, name: str, given: Values) -> Any:
    """The answer of a query; a list is cut to a page, of which an empty one is the last. A refusal is audited."""
    action = found(name, Kind.ASK)
    try:
        actor.require(action.permission)
        values = action.read(given)
        if action.is_in_transaction:
            return page(await door.read(lambda tx: _called(action, door, actor, action.load(tx, actor, values), tx)))
        return page(await _called(action, door, actor, await _loaded(door, actor, action, values)))
    except Refused as error:
        await _audit_failure(door, actor, action, given, error)
        raise


async def watch(door: Door, actor: Actor, name: str, given: Values) -> AsyncIterator[Any]:
    """The steps of a query that goes on. A refusal is audited."""
    action = found(name, Kind.WATCH)
    try:
        actor.require(action.permission)
        values = await _loaded(door, actor, action, action.read(given))
    except Refused as error:
        await _audit_failure(door, actor, action, given, error)
        raise
    async with aclosing(_called(action, door, actor, values)) as steps:
        async for step in steps:
            yield step


async def events(door: Door) -> AsyncIterator[Event]:
    """Every event from the first step on; ends with Known when too many wait."""
    waiting: asyncio.Queue[Event | None] = asyncio.Queue()

    def heard(event: Event) -> None:
        if waiting.qsize() < MOST_EVENTS:
            waiting.put_nowait(event)
        elif waiting.qsize() == MOST_EVENTS:
            waiting.put_nowait(None)

    stop = door.listen(heard)
    try:
        while (event := await waiting.get()) is not None:
            yield event
        raise Known(_("more than {most} events are waiting to be read: ask for the state anew", most=MOST_EVENTS))
    finally:
        stop()


def _carried_out(tx: Tx, door: Door, actor: Actor, action: Action, values: Values) -> Any:
    loaded = action.load(tx, actor, values)
    result = _called(action, door, actor, loaded, tx)
    audit.record(tx, actor.name, action.name, action.label(loaded), "ok", trail.detail(action, loaded, result))
    return result


def _called(action: Action, door: Door, actor: Actor, values: Values, tx: Tx | None = None) -> Any:
    ports = {"tx": tx, "actor": actor, "door": door}
    return action.fn(*(ports[name] for name in action.ports), **values)


async def _loaded(door: Door, actor: Actor, action: Action, values: Values) -> Values:
    if not any(parameter.noun for parameter in action.parameters):
        return values
    return await door.read(lambda tx: action.load(tx, actor, values))


async def _audit_failure(door: Door, actor: Actor, action: Action, values: Values, error: Known) -> None:
    """What can't be written for the same reason as the action itself stays unwritten."""
    if isinstance(error, (StoreDown, LeaseLost)):
        return
    outcome = "refused" if isinstance(error, Refused) else "failed"
    detail = {**trail.detail(action, values), "error": hidden(codec.plain(error.text))}
    with suppress(Known):
        await door.write(lambda tx: audit.record(tx, actor.name, action.name, action.label(values), outcome, detail))
