"""A person's first hour, by keyboard: a real window on a real screen, which gets keys and nothing else."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests import processes
from tests.screen import Screen, new_screen, running, until
from watchkeeper import boot
from watchkeeper.model.run import Run
from watchkeeper.model.text import Text, _, say

#: The sample that fails until its script is mended, and what it says then.
JOB, ERROR = "copy-orders", "cp: "
MENDED = "echo all is well"
#: Seconds after which people press a key again that nothing has answered.
IMPATIENCE = 3.0


class Person:
    """Has a keyboard and reads the window's title; what the engine knows is asked through its socket."""

    def __init__(self, screen: Screen, home: Path, language: str) -> None:
        self.screen, self._home, self._language = screen, home, language

    def sees(self, page: Text | str) -> None:
        """Wait until the title names a page."""
        until(lambda: self._is_on(page), self._title(page), self.screen.title)

    def presses(self, keys: str, page: Text | str) -> None:
        """Press keys, and see the page that they open."""
        self.screen.press(keys)
        self.sees(page)

    def insists(self, keys: str, page: Text | str) -> None:
        """Press keys, and again when nothing happens, until the title names a page."""
        until(lambda: self._is_answered(keys, page), f"{keys}: {self._title(page)}", self.screen.title)

    def searches(self, words: str, page: Text | str) -> None:
        """Open the best of what is found."""
        self.screen.press("ctrl+k")
        self.screen.type(words)
        self.presses("Return", page)

    def asks(self, query: str, **given: Any) -> Any:
        """What the engine answers."""

        async def there() -> Any:
            desk = await boot.running_engine(self._home)
            assert desk is not None, "the engine does not answer"
            try:
                return await desk.ask(query, **given)
            finally:
                await desk.close()

        return asyncio.run(there())

    def learns_of_run(self, state: str, *, rerun_of: str | None = None) -> Run:
        """A run of the job that has come to this state; `rerun_of`: the id of the one that it repeats."""
        found: list[Run] = []

        def is_there() -> bool:
            runs = self.asks("run.list", job=JOB)
            found[:] = [run for run in runs if (run.state, run.rerun_of) == (state, rerun_of)]
            return bool(found)

        until(is_there, f"a run that is {state}", lambda: self.asks("run.list", job=JOB))
        return found[0]

    def has_jobs(self) -> bool:
        """Whether there is any job."""
        return bool(self.asks("job.list", limit=1))

    def _is_answered(self, keys: str, page: Text | str) -> bool:
        self.screen.press(keys)
        try:
            until(lambda: self._is_on(page), keys, patience=IMPATIENCE)
        except AssertionError:
            return False
        return True

    def _is_on(self, page: Text | str) -> bool:
        return self.screen.title() == self._title(page)

    def _title(self, page: Text | str) -> str:
        return f"{say(page, self._language)} – Watchkeeper"


@pytest.mark.parametrize(("language", "jobs"), [("en", "jobs"), ("zh_CN", "zy")])
def test_a_job_that_fails_is_found_mended_and_run_again_by_keyboard(tmp_path: Path, language: str, jobs: str) -> None:
    with first_start(tmp_path, language) as person:
        person.sees(_("Dashboard"))
        until(lambda: start_with_samples(person), "the sample jobs")
        person.searches(jobs, _("Jobs"))
        open_in_list(person)
        person.presses("alt+Left", _("Jobs"))
        person.screen.press("r")
        failed = person.learns_of_run("FAILED")
        person.searches(f"#{failed.number}", _("Run #{number}", number=failed.number))
        until(lambda: ERROR in copied_error(person), "the line of the error on the clipboard", person.screen.clipboard)
        person.insists("ctrl+e", JOB)
        person.screen.press("ctrl+a")
        person.screen.type(MENDED)
        person.sees(f"{JOB}*")
        person.presses("ctrl+s", JOB)
        assert person.asks("job.show", job=JOB).spec.params == {"script": MENDED}
        person.presses("alt+Left", _("Run #{number}", number=failed.number))
        person.screen.press("r")
        mended = person.learns_of_run("SUCCEEDED", rerun_of=failed.id)
        person.sees(_("Run #{number}", number=mended.number))


def start_with_samples(person: Person) -> bool:
    """Press the button that has the keyboard as soon as there is one."""
    person.screen.press("Return")
    try:
        until(person.has_jobs, "the sample jobs", patience=IMPATIENCE)
    except AssertionError:
        return False
    return True


def open_in_list(person: Person) -> None:
    """Filter the list of jobs, walk up and down, and open the job; as fast as keys can be pressed."""
    person.screen.press("slash")
    person.screen.type(JOB)
    person.screen.press("Return", "j", "k")
    person.presses("Return", JOB)


def copied_error(person: Person) -> str:
    """Go to the first error of the log and copy its line."""
    person.screen.press("Escape", "e", "shift+Down", "ctrl+c")
    return person.screen.clipboard()


@contextmanager
def first_start(folder: Path, language: str) -> Iterator[Person]:
    """The console as it is started for the first time, over an empty workspace."""
    home, host = folder / "home", folder / "host"
    with new_screen(folder / "screen") as screen:
        env = {**screen.env, "LANG": f"{language}.UTF-8", "WATCHKEEPER_HOST_ROOT": str(host)}
        watchkeeper = [sys.executable, "-m", "watchkeeper", "--home", str(home)]
        subprocess.run([*watchkeeper, "workspace", "init"], env=env, check=True, capture_output=True)
        try:
            console = running([*watchkeeper, "console"], env, folder / "console.txt")
            with console, screen.looked_at(folder / "failed.png"):
                yield Person(screen, home, language)
        finally:
            for pid in (*processes.keepers(host), *processes.payloads(host)):
                os.kill(pid, signal.SIGKILL)
