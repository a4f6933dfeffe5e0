"""A dry run tells what would be started, starts nothing, and shows no secret."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.action.conftest import job
from watchkeeper.access.actor import local_operator
from watchkeeper.action.desk import Desk, LocalDesk
from watchkeeper.action.door import Door
from watchkeeper.action.dry_run import HIDDEN, DryRun
from watchkeeper.model import places
from watchkeeper.model.errors import Known
from watchkeeper.model.form import Control
from watchkeeper.plugin.loader import Folder
from watchkeeper.plugin.registry import Registry

_PLUGIN = '''
"""Handlers of every kind."""
from dataclasses import dataclass
from watchkeeper.plugin import Command, Context, handler, param

@dataclass(frozen=True)
class Params:
    word: str = param("Word", default="hello")
    password: str = param("Password", default="", is_secret=True)

@handler("odd.inside", title="Inside")
async def inside(ctx: Context, p: Params) -> dict:
    raise AssertionError("a dry run calls no handler that does something")

@handler("odd.own", title="In its own process")
def own(ctx: Context, p: Params) -> dict:
    raise AssertionError("a dry run calls no handler that does something")

@handler("odd.broken", title="Broken")
def broken(ctx: Context, p: Params) -> Command:
    raise RuntimeError("no")

@handler("odd.placed", title="Placed")
def placed(ctx: Context, p: Params) -> Command:
    return Command(argv=["say", p.word, p.password], env={"LANG": "C"}, secrets={"TOKEN": "vault-name"})
'''


async def dry_run(desk: Desk, params: dict[str, str] | None = None, **more: Any) -> DryRun:
    spec = {**job(**more), **({"params": {}} if "handler" in more else {})}
    answer: DryRun = await desk.ask("job.dry_run", spec=spec, params=params or {})
    return answer


async def test_the_command_is_told_as_the_host_would_get_it(desk: Desk, rows: Any) -> None:
    before = await rows()
    answer = await dry_run(
        desk,
        cwd="/srv",
        env={"LANG": "C.UTF-8"},
        timeouts={"soft": "5m"},
    )
    assert answer.argv == ("sh", "<script>") and answer.script == "true"
    assert answer.cwd == "/srv" and answer.limits == {"soft": "5m"}
    given = {each.name: (each.value, each.origin) for each in answer.env}
    assert given["LANG"] == ("C.UTF-8", "job")
    assert given["WATCHKEEPER_ATTEMPT"] == ("1", "watchkeeper")
    assert await rows() == before


async def test_a_parameter_of_this_run_takes_the_place_of_the_jobs(desk: Desk) -> None:
    assert (await dry_run(desk, params={"interpreter": "bash"})).argv[0] == "bash"


async def test_what_is_secret_is_hidden_wherever_it_turns_up(desk: Desk) -> None:
    spec = job(params={"script": "echo hunter22"}, env={"DB_PASSWORD": "hunter22", "NOTE": "it is hunter22!"})
    answer: DryRun = await desk.ask("job.dry_run", spec=spec)
    assert "hunter22" not in repr(answer)
    assert answer.script == f"echo {HIDDEN}"
    assert {each.name for each in answer.env if each.is_hidden} == {"DB_PASSWORD"}


@pytest.fixture
async def odd(door: Door, tmp_path: Path) -> LocalDesk:
    """A desk with a plugin of somebody's."""
    folder = tmp_path / "plugins"
    folder.mkdir(mode=0o700)
    (folder / "odd.py").write_text(_PLUGIN)
    registry = Registry()
    registry.load([Folder(places.plugins(), is_bundled=True), Folder(folder)])
    return LocalDesk(replace(door, registry=registry), local_operator())


async def test_a_handler_that_acts_is_not_called(odd: LocalDesk) -> None:
    inside = await dry_run(odd, handler="odd.inside", params={"password": "hunter22"})
    assert not inside.is_process and inside.argv == () and inside.notes
    assert inside.params == {"word": "hello", "password": HIDDEN}
    own = await dry_run(odd, handler="odd.own", params={})
    assert own.is_process and own.stdin is None and own.notes


async def test_a_command_of_a_plugin_is_told_without_its_secrets(odd: LocalDesk) -> None:
    answer = await dry_run(odd, handler="odd.placed", params={"password": "hunter22"})
    assert answer.argv == ("say", "hello", HIDDEN)
    assert answer.secrets == ("WATCHKEEPER_SECRET_TOKEN_FILE",)
    assert ("LANG", "C", "handler") in {(each.name, each.value, each.origin) for each in answer.env}


async def test_handlers_are_listed_with_their_forms(odd: LocalDesk) -> None:
    rows = {row.kind: row for row in await odd.ask("handler.list")}
    assert [field.name for field in rows["odd.placed"].fields] == ["word", "password"]
    assert rows["odd.placed"].fields[1].is_secret
    assert rows["odd.placed"].is_process and rows["odd.own"].is_process and not rows["odd.inside"].is_process
    assert rows["shell"].fields[0].control is Control.LINES


@pytest.mark.parametrize(
    ("place", "wrong"),
    [("params", {"params": {"script": "a", "argv": ["b"]}}), ("handler", {"handler": "shel"}), ("name", {"name": 3})],
)
async def test_what_is_no_job_is_refused_with_its_place(desk: Desk, place: str, wrong: dict[str, Any]) -> None:
    with pytest.raises(Known, match=place):
        await desk.ask("job.dry_run", spec={**job(), **wrong})


async def test_a_handler_whose_word_is_broken_says_why(odd: LocalDesk) -> None:
    with pytest.raises(Known, match="nothing"):
        await odd.ask("job.dry_run", spec={"name": "a", "handler": "odd.broken"})
