"""What stands in Activity can be typed, and does the same."""

import shlex
from typing import Any

import pytest

from watchkeeper.action import ACTIONS
from watchkeeper.cli.commands import commands
from watchkeeper.cli.usage import option_of, parsed, values_of
from watchkeeper.model.job import JobSpec
from watchkeeper.model.run import State
from watchkeeper.model.span import Span
from watchkeeper.ui.activity import cli_form


@pytest.mark.parametrize(
    ("action", "given"),
    [
        ("job.disable", {"job": "nightly etl"}),
        ("job.restore", {"job": "etl", "version": 2}),
        ("run.start", {"job": "etl", "params": {"day": "2026-11-27 morning", "mode": "full"}}),
        ("run.cancel", {"run": "8123"}),
        ("run.resolve", {"run": "8123", "state": State.SUCCEEDED, "reason": "I have looked; it's there"}),
        ("schedule.pause", {"reason": "upgrade", "span": Span(minutes=15)}),
        ("schedule.resume", {}),
        ("missed.settle", {"job": "etl", "choice": "once"}),
        ("pool.save", {"name": "net", "size": 4}),
    ],
)
def test_a_deed_can_be_typed_and_does_the_same(action: str, given: dict[str, Any]) -> None:
    program, *words = shlex.split(cli_form(action, given))
    assert program == "watchkeeper"
    known = ACTIONS[action]
    assert tuple(words[:2]) in commands()
    read = parsed(words[:2], [option_of(parameter) for parameter in known.parameters], words[2:])
    assert known.read(values_of(read, known.parameters)) == known.read(given)


def test_a_job_that_is_saved_is_a_file_there() -> None:
    spec = JobSpec("etl", "shell")
    assert cli_form("job.save", {"spec": spec, "job": None, "base": 4}) == "watchkeeper job save FILE --base 4"
