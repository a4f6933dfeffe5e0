"""A secret that programs and plugins say comes out nowhere: in no log, output, reason, event, notice or file."""

import asyncio
import base64
import json
import os
import shlex
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from tests.engine.house import eventually
from tests.processes import keepers, payloads
from watchkeeper import boot
from watchkeeper.access.actor import local_operator
from watchkeeper.action.desk import LocalDesk
from watchkeeper.action.socket_server import SocketServer
from watchkeeper.boot.house import House, http_client, opened
from watchkeeper.cli import main
from watchkeeper.engine.masks import Masks, ValuesOf
from watchkeeper.model import codec, places
from watchkeeper.model.errors import Known
from watchkeeper.model.events import Event
from watchkeeper.model.ids import RunId
from watchkeeper.model.run import Run, State
from watchkeeper.model.text import _

SECRET = 'tr0ub4dor&3 "quo\'ted" <x>/päß%'
SECOND = "s3cond-in-a-url"
#: As they are looked for in what came out.
FORMS = (
    SECRET.encode(),
    json.dumps(SECRET)[1:-1].encode(),
    json.dumps(SECRET, ensure_ascii=False)[1:-1].encode(),
    repr(SECRET)[1:-1].encode(),
    base64.b64encode(SECRET.encode())[:-4],
    SECRET.encode().hex().encode(),
)

LOUD = """
S=$(cat {file})
printf 'plain %s and on\\n' "$S"
printf '%s' "$S" | base64
printf 'error: login with %s was refused\\n' "$S" >&2
printf 'token=%s\\n' "$S" >> "$WATCHKEEPER_OUTPUT"
exit {code}
"""
HALVES = """
printf 'password=tr0ub4'
until [ -e {go} ]; do sleep 0.02; done
printf '%s' {rest}
echo ' done'
"""
PLUGIN = """
from dataclasses import dataclass
from pathlib import Path
from watchkeeper.plugin import Context, Fail, Retry, handler, param

@dataclass(frozen=True)
class P:
    file: str = param("File")

def said(p):
    return Path(p.file).read_text("utf-8")

@handler("leak.fail", title="Fail with it, in a process")
def fail(ctx: Context, p: P) -> None:
    ctx.log.info(said(p))
    raise Fail(f"login with {said(p)} was refused")

@handler("leak.crash", title="Break with it")
async def crash(ctx: Context, p: P) -> None:
    ctx.log.info(said(p))
    raise RuntimeError(said(p))

@handler("leak.retry", title="Ask for another attempt with it")
async def retry(ctx: Context, p: P) -> None:
    raise Retry(said(p))

@handler("leak.give", title="Answer with it")
async def give(ctx: Context, p: P) -> dict[str, object]:
    return {"token": said(p), "deep": [{said(p): "x"}], "rows": 7}
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with a plugin that can't keep a secret."""
    monkeypatch.setenv("WATCHKEEPER_HOST_ROOT", str(tmp_path / "host"))
    monkeypatch.setenv("WATCHKEEPER_HOME", str(tmp_path / "ws"))
    home = tmp_path / "ws"
    boot.init_workspace(home)
    (home / "plugins" / "leak.py").write_text(PLUGIN)
    (home / "settings.toml").write_text('[plugins]\nown = "plugins"\n')
    (tmp_path / "secret").write_text(SECRET, encoding="utf-8")
    return home


@pytest.fixture(autouse=True)
async def threads_end() -> AsyncIterator[None]:
    yield
    await asyncio.get_running_loop().shutdown_default_executor()


class Site:
    """A workspace with its engine and what can be asked of it."""

    def __init__(self, house: House, desk: LocalDesk) -> None:
        self.house, self.desk = house, desk
        self.heard: list[Event] = []
        house.bus.listen(Event, self.heard.append)

    async def begun(self, name: str, handler: str, **params: str) -> Run:
        spec = {"name": name, "handler": handler, "params": params, "retry": {"max_attempts": 2, "delay": "0.01s"}}
        await self.desk.do("job.save", spec=spec)
        return (await self.desk.do("run.start", job=name)).run

    async def ended(self, run: Run) -> Run:
        async with asyncio.timeout(30):
            while (found := (await self.desk.ask("run.show", run=run.id)).run).is_live:
                await asyncio.sleep(0.02)
        return found


@asynccontextmanager
async def site_of(home: Path, values_of: ValuesOf | None = None) -> AsyncIterator[Site]:
    """Without `values_of` it is the vault that knows."""
    try:
        masks = None if values_of is None else Masks(values_of)
        async with opened(home, holds_lock=True, masks=masks) as house, http_client() as http:
            engine = house.engine("test", http, fires_schedule=False)
            running = asyncio.ensure_future(engine.run())
            desk = LocalDesk(house.door(None), local_operator())
            server = SocketServer(desk, places.socket_of(home, "engine"))
            await server.start()
            await engine.is_ready.wait()
            try:
                yield Site(house, desk)
            finally:
                engine.stop()
                await running
                await server.close()
                await desk.close()
                await house.host.close()
    finally:
        root = home.parent / "host"
        for pid in (*payloads(root), *keepers(root)):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def require_hidden(told: object, what: str) -> None:
    data = told if isinstance(told, bytes) else codec.encode(told) + repr(told).encode()
    assert not [form for form in FORMS if form in data], f"{what}: {data!r}"


async def test_what_programs_and_plugins_say_of_a_secret_comes_out_nowhere(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(tmp_path / "secret")
    async with site_of(home, lambda run_id: [SECRET]) as site:
        runs = [
            await site.begun(name, handler, **params)
            for name, handler, params in (
                ("good", "shell", {"script": LOUD.format(file=file, code=0)}),
                ("bad", "shell", {"script": LOUD.format(file=file, code=3)}),
                *((kind, f"leak.{kind}", {"file": file}) for kind in ("fail", "crash", "retry", "give")),
            )
        ]
        ended = {run.job_name: await site.ended(run) for run in runs}
        assert [ended[name].state for name in ended] == [State.SUCCEEDED, *[State.FAILED] * 4, State.SUCCEEDED]
        assert ended["good"].outputs == {"token": "***"}
        assert ended["give"].outputs == {"token": "***", "deep": [{"***": "x"}], "rows": 7}
        assert str(ended["fail"].reason) == "login with *** was refused"
        assert str(ended["crash"].reason) == "the plugin broke: RuntimeError: ***"
        assert str(ended["retry"].reason) == "***"
        for run in ended.values():
            for name in ("run.show", "run.log", "run.error"):
                require_hidden(await site.desk.ask(name, run=run.id), f"{name} of {run.job_name}")
        require_hidden(await site.desk.ask("run.log_diff", run=ended["bad"].id, other=ended["good"].id), "log_diff")
        for name in ("run.list", "run.live", "attention.list", "audit.list"):
            require_hidden(await site.desk.ask(name), name)
        require_hidden(site.heard, "events")
        await eventually(lambda: len(notices(home)) >= 4, "the notices")
        await require_same_windows(site, ended["bad"])
        for words in (["run", "log"], ["run", "show"], ["run", "error"], ["--json", "run", "show"]):
            assert await asyncio.to_thread(main, [*words, str(ended["bad"].number)]) == 0
        require_hidden(capsys.readouterr().out.encode(), "the command line")
    for kept in home.rglob("*"):
        if kept.is_file() and home / "logs" not in kept.parents:
            require_hidden(kept.read_bytes(), str(kept))


def notices(home: Path) -> list[dict[str, Any]]:
    file = home / "notices.jsonl"
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


async def require_same_windows(site: Site, run: Run) -> None:
    """A log read at any offset is the masked log cut there, as long as the log itself."""
    whole = (await site.desk.ask("run.log", run=run.id)).data
    raw = await site.house._read_log(run, run.attempt, 0, 1 << 20)
    assert len(whole) == len(raw) and whole.count(b"\n") == raw.count(b"\n")
    assert SECRET.encode() in raw and b"plain " + b"*" * len(SECRET.encode()) + b" and on\n" in whole
    for offset in range(len(whole)):
        assert (await site.desk.ask("run.log", run=run.id, offset=offset, length=9)).data == whole[offset : offset + 9]


async def test_a_log_that_grows_shows_no_beginning_of_a_secret_either(home: Path, tmp_path: Path) -> None:
    go = tmp_path / "go"
    script = HALVES.format(go=go, rest=shlex.quote(SECRET.removeprefix("tr0ub4")))
    async with site_of(home, lambda run_id: [SECRET]) as site:
        run = await site.begun("halves", "shell", script=script)

        async def shown() -> bytes:
            data: bytes = (await site.desk.ask("run.log", run=run.id)).data
            return data

        async with asyncio.timeout(30):
            while not (first := await shown()):
                await asyncio.sleep(0.02)
        assert first == b"password="
        go.touch()
        await site.ended(run)
        assert await shown() == b"password=" + b"*" * len(SECRET.encode()) + b" done\n"


async def test_without_its_secrets_nothing_that_a_run_has_said_is_kept_or_shown(home: Path, tmp_path: Path) -> None:
    def locked(run_id: RunId) -> list[str]:
        raise Known(_("the keyring is locked"))

    async with site_of(home, locked) as site:
        run = await site.ended(await site.begun("fail", "leak.fail", file=str(tmp_path / "secret")))
        assert run.state is State.FAILED
        assert str(run.reason).endswith("the keyring is locked") and "login" not in str(run.reason)
        with pytest.raises(Known, match="the keyring is locked"):
            await site.desk.ask("run.log", run=run.id)


async def test_what_the_vault_has_and_had_is_masked_also_after_a_restart(home: Path) -> None:
    words, url = "four good words here", f"postgresql://etl:{SECOND}@db-02/sales"
    script = 'S=$(cat "$WATCHKEEPER_SECRET_KEY_FILE"); printf %s "$S"; echo "token=$S" >> "$WATCHKEEPER_OUTPUT"'
    async with site_of(home) as site:
        await site.desk.do("vault.init", place="file", passphrase=words)
        await site.desk.do("secret.add", name="team/key", value=SECRET)
        await site.desk.do("secret.add", name="team/db", value=url, kind="connection")
        spec = {"name": "tells", "handler": "shell", "params": {"secrets": {"KEY": "team/key"}, "script": script}}
        await site.desk.do("job.save", spec=spec)
        first = await site.ended((await site.desk.do("run.start", job="tells")).run)
        assert (first.state, first.outputs) == (State.SUCCEEDED, {"token": "***"})
        await site.desk.do("secret.rotate", name="team/key", value="quite another value")
        second = await site.ended((await site.desk.do("run.start", job="tells")).run)
        neighbour = await site.ended(await site.begun("neighbour", "shell", script=f"echo {SECOND} {second.id}"))
        for run in (first, second):
            assert set((await site.desk.ask("run.log", run=run.id)).data) == set(b"*"), run
        assert (await site.desk.ask("run.log", run=neighbour.id)).data.startswith(b"*" * len(SECOND) + b" ")
    async with site_of(home) as site:
        with pytest.raises(Known, match="passphrase"):
            await site.desk.ask("run.log", run=first.id)
        assert await site.desk.ask("run.log", run=neighbour.id), "it names no secret"
        await site.desk.do("vault.unlock", passphrase=words)
        for run in (first, second):
            assert set((await site.desk.ask("run.log", run=run.id)).data) == set(b"*"), run
