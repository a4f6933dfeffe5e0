"""Laws for every test: nothing of the user's is touched, and no thread, task or process is left behind."""

import asyncio
import contextlib
import importlib.util
import inspect
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from pathlib import Path
from types import ModuleType
from typing import TypeVar

import hypothesis
import pytest

T = TypeVar("T")
Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)

#: Everything that a test starts inherits this, so that even a process with a new parent is found again.
COOKIE = f"WATCHKEEPER_TEST_SESSION={uuid.uuid4().hex}"

#: How long a thread, task or process that is already ending may take on a loaded machine.
PATIENCE = 10.0

#: A loaded machine is slow, which is no failure; CI asks the same questions every time.
hypothesis.settings.register_profile(
    "house",
    deadline=None,
    derandomize=bool(os.environ.get("CI")),
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("house")

_HOME = pytest.StashKey[Path]()


def pytest_configure(config: pytest.Config) -> None:
    """A home of its own for the session; short, because a socket's path has 107 bytes."""
    home = Path(tempfile.mkdtemp(prefix="wkt-"))
    config.stash[_HOME] = home
    name, value = COOKIE.split("=")
    os.environ[name] = value
    for variable in ("XDG_RUNTIME_DIR", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        folder = home / variable.lower()
        folder.mkdir(mode=0o700)
        os.environ[variable] = str(folder)
    for variable in ("WATCHKEEPER_HOME", "WATCHKEEPER_HOST_ROOT", "LANGUAGE", "LC_ALL", "LC_MESSAGES"):
        os.environ.pop(variable, None)
    os.environ["LANG"] = "C.UTF-8"
    translations().compile_all()


def translations() -> ModuleType:
    """The project's translation tool; loaded by its path, because `packaging` is also a package of others."""
    path = Path(__file__).parents[1] / "packaging" / "translations.py"
    spec = importlib.util.spec_from_file_location("watchkeeper_translations", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def pytest_asyncio_loop_factories(item: pytest.Item) -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Coroutines of the window's tests run on the loop that the window has."""
    here = Path(__file__).parent
    is_of_window = any(folder in item.path.parents for folder in (here / "ui", here / "laws" / "window"))
    return {"loop": _window_loop if is_of_window else asyncio.new_event_loop}


def _window_loop() -> asyncio.AbstractEventLoop:
    from watchkeeper.ui.app import WindowLoop, make_application

    loop: asyncio.AbstractEventLoop = WindowLoop(make_application())
    return loop


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(config.stash[_HOME], ignore_errors=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    return _skip_is_failure(report)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    return _skip_is_failure(report)


def _skip_is_failure(report: Report) -> Report:
    """With CI set, a test that did not run has not passed."""
    if report.skipped and os.environ.get("CI") and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, which fails here because CI is set: {report.longrepr}"
    return report


@pytest.fixture(autouse=True)
def nothing_left_behind(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails a test that leaves a thread, an asyncio task or a process."""
    if inspect.iscoroutinefunction(getattr(request.node, "obj", None)):
        request.getfixturevalue("no_task_left")
    threads, processes = set(threading.enumerate()), _processes()
    yield
    left = _remaining(lambda: {thread for thread in threading.enumerate() if thread not in threads})
    strays = _remaining(lambda: _processes() - processes)
    told = [f"thread {thread.name}" for thread in left] + [f"process {pid}: {_command(pid)}" for pid in strays]
    for pid in strays:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    assert not told, "left behind: " + "; ".join(told)


@pytest.fixture
async def no_task_left() -> AsyncIterator[None]:
    yield
    others = asyncio.all_tasks() - {asyncio.current_task()}
    if others:
        await asyncio.wait(others, timeout=PATIENCE)
    left = [task.get_coro() for task in others if not task.done()]
    assert not left, f"tasks left behind: {left}"


def _remaining(look: Callable[[], set[T]]) -> set[T]:
    """What `look` still finds after PATIENCE; at once when it finds nothing."""
    deadline = time.monotonic() + PATIENCE
    while (found := look()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return found


def _processes() -> set[int]:
    """The live processes of this session besides ourselves; a zombie is dead."""
    if sys.platform != "linux":
        return set()
    return {int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal() and _is_ours(entry)}


def _is_ours(entry: Path) -> bool:
    try:
        is_cookied = COOKIE.encode() in (entry / "environ").read_bytes()
    except OSError:
        return False
    return is_cookied and int(entry.name) != os.getpid()


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")[:200]
    except OSError:
        return "gone"
