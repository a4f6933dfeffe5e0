"""What `plugin new` writes: a handler or channel to begin with, and a test beside it that the loader leaves alone."""

import keyword
from pathlib import Path

from watchkeeper.model.errors import Conflict, Known
from watchkeeper.model.text import _
from watchkeeper.plugin.contract import KIND

_HANDLER = '''"""Greet somebody: this docstring is the help that people read, its first line what they see in lists.

    handler: KIND
    params: {name: world}
"""

from dataclasses import dataclass

from watchkeeper.plugin import Context, Fail, handler, param

__version__ = "1.0"
# What must be installed for it, like boto3>=1.30; without it the plugin is not used, and people are told why.
NEEDS: list[str] = []


@dataclass(frozen=True)
class Params:
    # The form of a job, and its check: str, int, float, bool, list, dict, timedelta, Secret; `| None` is optional.
    name: str = param("Name", placeholder="world")
    count: int = param("How often", default=1, help="1 to 10")


# A plain def runs in a process of its own. An async def runs inside the engine, when its folder is one of your own.
@handler("KIND", title="TITLE")
def FUNCTION(ctx: Context, p: Params) -> dict[str, object]:
    if not 1 <= p.count <= 10:
        raise Fail(f"count is {p.count}: give 1 to 10")  # the run's reason; Retry and Cancel are the other words
    ctx.log.info(f"greeting {p.name}")
    return {"greeting": " ".join([f"hello {p.name}"] * p.count)}  # the run's outputs
'''

_HANDLER_TEST = '''"""Tests of KIND: python -m pytest COMMAND"""

from pathlib import Path

from watchkeeper.plugin.outcome import Failed, Succeeded
from watchkeeper.plugin.testing import perform, spec_of

FUNCTION = spec_of(Path(__file__).PLACE)


def test_it_greets_as_often_as_it_is_asked_to() -> None:
    log: list[str] = []
    assert perform(FUNCTION, name="world", count=2, log=log) == Succeeded({"greeting": "hello world hello world"})
    assert log == ["greeting world"]


def test_a_count_that_makes_no_sense_fails() -> None:
    assert isinstance(perform(FUNCTION, name="world", count=0), Failed)
'''

_CHANNEL = '''"""Send notices to a web address: this docstring is the help that people read.

Its first line is what they see in lists.
"""

from dataclasses import dataclass

from watchkeeper.plugin import Context, Fail, channel, param

__version__ = "1.0"
# What must be installed for it, like boto3>=1.30; without it the plugin is not used, and people are told why.
NEEDS: list[str] = []


@dataclass(frozen=True)
class Params:
    # The form of a channel, and its check. A field of the type Secret holds the name of a secret: ctx.secret(p.token).
    url: str = param("Address", placeholder="https://...")
    prefix: str = param("Begins with", default="", help="Stands before each notice")


# Inside the engine, when its folder is one of your own: it awaits what it asks for, and never computes for long.
@channel("KIND", title="TITLE")
async def FUNCTION(ctx: Context, p: Params, notice: object) -> None:
    reply = await ctx.http.post(p.url, json={"text": f"{p.prefix}{notice}"})
    if reply.status_code >= 300:
        raise Fail(f"{p.url} answered {reply.status_code}")  # Retry(...) asks to be called again
'''

_CHANNEL_TEST = '''"""Tests of KIND: python -m pytest COMMAND"""

import json
from pathlib import Path

import httpx

from watchkeeper.plugin.outcome import Failed, Succeeded
from watchkeeper.plugin.testing import perform, spec_of

FUNCTION = spec_of(Path(__file__).PLACE)


def _client(status: int, bodies: list[bytes]) -> httpx.AsyncClient:
    def answer(request: httpx.Request) -> httpx.Response:
        bodies.append(request.content)
        return httpx.Response(status)

    return httpx.AsyncClient(transport=httpx.MockTransport(answer))


def test_a_notice_is_sent() -> None:
    bodies: list[bytes] = []
    assert perform(FUNCTION, notice="a run failed", url="https://x/", http=_client(200, bodies)) == Succeeded()
    assert json.loads(bodies[0]) == {"text": "a run failed"}


def test_a_refusal_is_a_failure() -> None:
    assert isinstance(perform(FUNCTION, notice="x", url="https://x/", http=_client(403, [])), Failed)
'''


def write(plugins: Path, kind: str, *, is_folder: bool, is_channel: bool) -> tuple[Path, Path]:
    """Write the plugin and its test; their paths. Known for a name that is no kind, Conflict where files are."""
    if not KIND.fullmatch(kind):
        raise Known(
            _("{name} can't be the name of a plugin: small letters, digits and _, as disk_check", name=repr(kind)[:60])
        )
    stem = kind.replace(".", "_")
    source = plugins / stem / "__init__.py" if is_folder else plugins / f"{stem}.py"
    test = plugins / stem / "tests" / f"test_{stem}.py" if is_folder else plugins / f"_test_{stem}.py"
    for place in (plugins / stem, plugins / f"{stem}.py", test):
        if place.exists():
            raise Conflict(_("{path} is there already: choose another name, or remove it", path=str(place)))
    place_of_plugin = "parents[1]" if is_folder else f'with_name("{source.name}")'
    bodies = (_CHANNEL, _CHANNEL_TEST) if is_channel else (_HANDLER, _HANDLER_TEST)
    for path, body in zip((source, test), bodies, strict=True):
        _write(path, body.replace("COMMAND", str(test)).replace("PLACE", place_of_plugin), kind)
    return source.parent if is_folder else source, test


def _write(path: Path, body: str, kind: str) -> None:
    stem = kind.replace(".", "_")
    function = f"{stem}_" if keyword.iskeyword(stem) else stem
    title = stem.replace("_", " ").capitalize()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8", newline="\n") as file:
        path.chmod(0o600)
        file.write(body.replace("KIND", kind).replace("TITLE", title).replace("FUNCTION", function))
