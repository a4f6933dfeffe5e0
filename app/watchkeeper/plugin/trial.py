"""One plugin file tried in a process of its own, so that it hurts nobody: loaded, and one of its kinds performed.

The caller's side: `try_out`. The process: `main` reads what is asked from a folder and leaves there what it found.
"""

import asyncio
import contextlib
import faulthandler
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import msgspec

from watchkeeper.model import codec
from watchkeeper.model.errors import Known
from watchkeeper.model.form import FormField
from watchkeeper.model.text import Text, _
from watchkeeper.plugin.contract import Role, Spec
from watchkeeper.plugin.loader import Loaded, PluginFile, load
from watchkeeper.plugin.outcome import Outcome, worded
from watchkeeper.plugin.schema import form_of, params_of
from watchkeeper.plugin.testing import carried_out

_PACKAGE_ROOT = str(Path(__file__).resolve().parents[2])
_BOOT = "import sys; sys.path.append(sys.argv[1]); from watchkeeper.plugin.trial import main; main(sys.argv[2])"


class Asked(msgspec.Struct, frozen=True):
    """What is to be tried."""

    path: str
    #: None: it is only loaded.
    words: Mapping[str, str] | None = None
    #: Which of several is meant.
    kind: str = ""
    secrets: Mapping[str, str] = {}


class TriedKind(msgspec.Struct, frozen=True):
    """One handler or channel of the file."""

    kind: str
    role: Role
    title: Text
    #: It runs as a process of its own.
    is_process: bool
    fields: tuple[FormField, ...]


class Tried(msgspec.Struct, frozen=True):
    """What was found."""

    file: PluginFile
    kinds: tuple[TriedKind, ...] = ()
    #: Why nothing was performed: the parameters do not fit, or several kinds could be meant.
    refusal: Text | None = None
    outcome: Outcome | None = None


def try_out(asked: Asked, on_line: Callable[[str], None]) -> Tried:
    """Try it; `on_line` is given its log and whatever it prints. Known when the process died of it."""
    with tempfile.TemporaryDirectory(prefix="watchkeeper-trial-") as name:
        folder = Path(name)
        (folder / "asked").write_bytes(codec.encode(asked))
        command = [sys.executable, "-P", "-c", _BOOT, _PACKAGE_ROOT, name]
        code = _run(command, on_line)
        if not (folder / "told").exists():
            raise Known(
                _("{path} ended the process in which it was tried, with exit code {code}", path=asked.path, code=code)
            )
        return codec.decode((folder / "told").read_bytes(), Tried)


def _run(command: list[str], on_line: Callable[[str], None]) -> int:
    """The exit code, as a shell tells it; what it started ends with it as far as it listens to us."""
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    ) as process:
        try:
            assert process.stdout is not None
            for line in process.stdout:
                on_line(line.rstrip("\r\n"))
        except BaseException:
            process.kill()
            raise
    return process.returncode if process.returncode >= 0 else 128 - process.returncode


def main(folder: str) -> None:
    """The process: what is asked in, its log on stdout, what was found out."""
    faulthandler.enable()
    with contextlib.suppress(AttributeError):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace", line_buffering=True)  # type: ignore[union-attr]  # a text file here
    asked = codec.decode((Path(folder) / "asked").read_bytes(), Asked)
    (Path(folder) / "told.part").write_bytes(codec.encode(_tried(asked)))
    (Path(folder) / "told.part").rename(Path(folder) / "told")


def _tried(asked: Asked) -> Tried:
    loaded = load(Path(asked.path), is_bundled=False)
    kinds = tuple(_described(spec) for spec in loaded.specs)
    if loaded.file.error is not None or asked.words is None:
        return Tried(loaded.file, kinds)
    try:
        spec = _chosen(loaded, asked.kind)
        params = params_of(spec, asked.words, is_text=True)
    except Known as refusal:
        return Tried(loaded.file, kinds, refusal=refusal.text)
    return Tried(loaded.file, kinds, outcome=asyncio.run(_performed(spec, params, asked.secrets)))


async def _performed(spec: Spec, params: object, secrets: Mapping[str, str]) -> Outcome:
    lines = _Printed()
    if not spec.is_async:
        return await carried_out(spec, params, None, secrets, {}, lines)
    import httpx

    async with httpx.AsyncClient() as client:
        return await carried_out(spec, params, client, secrets, {}, lines, notice=_("a trial"))


def _described(spec: Spec) -> TriedKind:
    is_process = spec.places_process or spec.is_isolated
    return TriedKind(spec.kind, spec.role, worded(spec.title), is_process, form_of(spec))


def _chosen(loaded: Loaded, kind: str) -> Spec:
    found = [spec for spec in loaded.specs if kind in ("", spec.kind)]
    kinds = ", ".join(loaded.file.kinds)
    if not found:
        raise Known(_("this file has no {kind}; it has {kinds}", kind=kind[:60], kinds=kinds))
    if len(found) > 1:
        raise Known(_("this file has {kinds}: name the one that is meant with --kind", kinds=kinds))
    return found[0]


class _Printed(list[str]):
    """A log whose lines are printed as they come."""

    def append(self, line: str) -> None:
        print(line, flush=True)

    def extend(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.append(line)
