"""Where a request may go: every address of a name is judged, and the connection goes to the one that was judged."""

import asyncio
import threading
from ipaddress import ip_address

import pytest

from tests.plugins.http.conftest import Ask, Part, Start
from tests.plugins.http.server import Server, reply
from watchkeeper.plugin.contract import Fail
from watchkeeper.plugin.outcome import Failed, Succeeded

Names = dict[str, list[str]]

REFUSED = {
    "127.0.0.1": "loopback",
    "127.255.0.9": "loopback",
    "::1": "loopback",
    "10.1.2.3": "private",
    "172.16.0.1": "private",
    "192.168.1.1": "private",
    "100.64.0.1": "private",
    "fd12:3456::1": "private",
    "fec0::1": "private",
    "198.18.0.1": "private",
    "169.254.1.1": "link-local",
    "fe80::1": "link-local",
    "169.254.169.254": "cloud metadata",
    "fd00:ec2::254": "cloud metadata",
    "100.100.100.200": "cloud metadata",
    "168.63.129.16": "cloud metadata",
    "0.0.0.0": "reserved",
    "0.1.2.3": "reserved",
    "::": "reserved",
    "224.0.0.1": "reserved",
    "ff02::1": "reserved",
    "240.0.0.1": "reserved",
    "255.255.255.255": "reserved",
    "::ffff:127.0.0.1": "loopback",
    "::ffff:169.254.169.254": "cloud metadata",
    "::ffff:10.0.0.1": "private",
    "2002:7f00:1::": "loopback",
    "2002:a00:1::1": "private",
    "64:ff9b::7f00:1": "loopback",
    "64:ff9b::a9fe:a9fe": "cloud metadata",
    "64:ff9b:1::1": "private",
    "::127.0.0.1": "loopback",
    "2001:0:4136:e378:8000:63bf:80ff:fffe": "loopback",
}


@pytest.mark.parametrize("address", REFUSED)
async def test_an_address_that_is_not_of_the_public_net_is_refused(ask: Ask, names: Names, address: str) -> None:
    names["evil.test"] = [address]
    for host in ("evil.test", f"[{address}]" if ":" in address else address):
        outcome = await ask(f"https://{host}/", allow=[])
        assert isinstance(outcome, Failed)
        assert f"a {REFUSED[address]} address: add it to allow if it is meant" in str(outcome.text)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "64:ff9b::5db8:d822", "2002:5db8:d822::1"])
async def test_an_address_of_the_public_net_is_allowed(part: Part, address: str) -> None:
    part("addresses").require_allowed("a.test", address, ())
    assert part("addresses").kind_of(ip_address("93.184.216.34")) is None


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "127.1", "localhost", "LOCALHOST"])
async def test_spellings_of_this_machine_are_refused_by_where_they_lead(ask: Ask, host: str) -> None:
    """By the system's own look-up."""
    outcome = await ask(f"https://{host}/", allow=[])
    assert isinstance(outcome, Failed)
    assert "a loopback address" in str(outcome.text)


@pytest.mark.parametrize("host", ["metadata.google.internal", "metadata.google.internal.", "METADATA", "instance-data"])
async def test_names_of_metadata_are_refused_wherever_they_lead(ask: Ask, names: Names, host: str) -> None:
    names[host] = names[host.lower()] = ["93.184.216.34"]
    outcome = await ask(f"https://{host}/", allow=[])
    assert isinstance(outcome, Failed)
    assert "cloud metadata" in str(outcome.text)


async def test_one_bad_address_among_good_ones_refuses_the_name(ask: Ask, names: Names) -> None:
    names["mixed.test"] = ["93.184.216.34", "2606:2800:220:1::1", "10.0.0.1"]
    outcome = await ask("https://mixed.test/", allow=[])
    assert isinstance(outcome, Failed)
    assert "mixed.test is at 10.0.0.1, a private address" in str(outcome.text)


@pytest.mark.parametrize(
    ("address", "allow", "is_free"),
    [
        ("10.1.2.3", ["10.0.0.0/8"], True),
        ("10.1.2.3", ["10.1.2.3"], True),
        ("10.1.2.3", ["a.test"], True),
        ("10.1.2.3", ["A.TEST."], True),
        ("10.1.2.3", ["*.test"], True),
        ("127.0.0.1", ["a.test"], True),
        ("::ffff:10.1.2.3", ["10.0.0.0/8"], True),
        ("fd12::1", ["fd12::/16"], True),
        ("::1", ["[::1]"], True),
        ("169.254.169.254", ["169.254.169.254"], True),
        ("169.254.169.254", ["a.test"], False),
        ("169.254.1.1", ["a.test"], False),
        ("0.0.0.0", ["a.test"], False),
        ("10.1.2.3", ["10.2.0.0/16"], False),
        ("10.1.2.3", ["b.test"], False),
        ("10.1.2.3", ["*.a.test"], False),
        ("10.1.2.3", ["est"], False),
        ("fd12::1", ["10.0.0.0/8"], False),
    ],
)
async def test_the_list_frees_what_it_names_and_nothing_else(
    part: Part, address: str, allow: list[str], is_free: bool
) -> None:
    addresses = part("addresses")
    try:
        addresses.require_allowed("a.test", address, allow)
    except Fail:
        assert not is_free
    else:
        assert is_free


async def test_a_name_is_looked_up_once_and_stays_in_host_and_tls(
    server: Server, ask: Ask, part: Part, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that changes its address between the look and the connection gains nothing."""
    turns = [["127.0.0.1"], ["10.9.9.9"], ["169.254.169.254"]]
    monkeypatch.setattr(part("addresses"), "look_up", lambda host, port: turns.pop(0))
    server.on("/", reply())
    outcome = await ask(server.url("/", host="api.test"))
    assert isinstance(outcome, Succeeded), outcome
    assert len(turns) == 2
    assert server.asked[0].headers["host"] == f"api.test:{server.port}"
    assert server.names == ["api.test"]


async def test_a_name_that_moved_between_two_runs_is_judged_anew(
    server: Server, ask: Ask, part: Part, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns = [["127.0.0.1"], ["10.9.9.9"]]
    monkeypatch.setattr(part("addresses"), "look_up", lambda host, port: turns.pop(0))
    server.on("/", reply())
    assert isinstance(await ask(server.url("/", host="api.test")), Succeeded)
    outcome = await ask(server.url("/", host="api.test"))
    assert isinstance(outcome, Failed)
    assert "api.test is at 10.9.9.9, a private address" in str(outcome.text)


async def test_the_next_address_is_tried_when_nobody_listens_at_the_first(
    server: Server, ask: Ask, names: Names
) -> None:
    names["api.test"] = ["127.0.0.2", "127.0.0.1"]
    server.on("/", reply())
    assert isinstance(await ask(server.url("/", host="api.test")), Succeeded)


async def test_a_wrong_certificate_at_the_first_address_does_not_lead_to_the_next(
    start: Start, ask: Ask, names: Names
) -> None:
    server = await start()
    names["wrong.test"] = ["127.0.0.1", "127.0.0.1"]
    outcome = await ask(server.url("/", host="wrong.test"))
    assert isinstance(outcome, Failed)
    assert "is for another name" in str(outcome.text)
    assert len(server.names) == 1


async def test_a_name_that_nobody_knows_is_told(ask: Ask, names: Names) -> None:
    outcome = await ask("https://no.test/")
    assert isinstance(outcome, Failed)
    assert str(outcome.text) == "the name no.test is not known: Name or service not known"


async def test_a_look_up_that_hangs_is_given_up(ask: Ask, part: Part, monkeypatch: pytest.MonkeyPatch) -> None:
    done = threading.Event()
    monkeypatch.setattr(part("addresses"), "look_up", lambda host, port: done.wait(30) and [])
    try:
        outcome = await ask("https://slow.test/", connect_timeout="200ms")
    finally:
        done.set()
    await asyncio.sleep(0)
    assert isinstance(outcome, Failed)
    assert "looking up the name in https://slow.test/ took longer than connect_timeout" in str(outcome.text)
