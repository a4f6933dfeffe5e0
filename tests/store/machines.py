"""A store on a server as several machines have it, one of them behind a proxy that cuts its line."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import timedelta

import pytest

from tests.postgresql import Server
from tests.proxy import Proxy, running_proxy
from watchkeeper.store import leases, pools
from watchkeeper.store.leases import Lease
from watchkeeper.store.store import Store
from watchkeeper.store.tx import Tx

PATIENCE = 30.0
SPAN = timedelta(seconds=15)


@pytest.fixture
def proxy(server: Server) -> Iterator[Proxy]:
    with running_proxy(server) as proxy:
        yield proxy


@pytest.fixture
async def open_at() -> AsyncIterator[Callable[[str], Awaitable[Store]]]:
    """Opens stores, each as a process of its own would."""
    stores: list[Store] = []

    async def open_one(url: str) -> Store:
        stores.append(await Store.open(url))
        return stores[-1]

    yield open_one
    for store in stores:
        await store.close()
    await asyncio.get_running_loop().shutdown_default_executor()


@pytest.fixture
def elsewhere(
    open_at: Callable[[str], Awaitable[Store]], server: Server, server_database: str
) -> Callable[[], Awaitable[Store]]:
    """The store as another machine has it."""
    return lambda: open_at(server.url(server_database))


@pytest.fixture
async def behind(open_at: Callable[[str], Awaitable[Store]], proxy: Proxy, server_database: str) -> Store:
    """The store of an engine, behind the proxy."""
    store = await open_at(proxy.url(server_database))
    store.epoch = (await taken(store, "here")).epoch
    return store


async def taken(store: Store, holder: str, span: timedelta = SPAN) -> Lease:
    return await store.write(lambda tx: leases.take(tx, holder, {}, span))


def grown(tx: Tx) -> int:
    """Something that shows how often it was done."""
    tx.run("INSERT INTO pools (name, size) VALUES ('p', 0) ON CONFLICT DO NOTHING")
    tx.run("UPDATE pools SET size = size + 1 WHERE name = 'p'")
    return int(tx.value("SELECT size FROM pools WHERE name = 'p'"))


async def size(store: Store) -> int:
    return sum(pool.size for pool in await store.read(pools.all))
