"""What the help pages and samples say is what the program takes, and they name all that it has."""

import dataclasses
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.laws.sources import ROOT
from watchkeeper.action import ACTIONS, files
from watchkeeper.action.pools import PoolSpec
from watchkeeper.cli.commands import commands
from watchkeeper.cli.exits import Exit
from watchkeeper.cli.refusal import Usage
from watchkeeper.cli.usage import parsed
from watchkeeper.model.calendar import CalendarSpec, Country, Dates, Event, Include, Monthly, Weekly, Which
from watchkeeper.model.cron import expression
from watchkeeper.model.job import Concurrency, JobSpec, OnUnknown, Policy, Retry, Timeouts
from watchkeeper.model.job_filter import CLOSED, FIELDS, parse
from watchkeeper.model.run import NAMES, State
from watchkeeper.model.span import Span
from watchkeeper.model.text import say
from watchkeeper.model.trigger import (
    After,
    CatchUp,
    Cron,
    FileArrival,
    Fold,
    Gap,
    Interval,
    Misfire,
    On,
    Once,
    Pace,
    Startup,
    Window,
)
from watchkeeper.plugin.loader import Folder
from watchkeeper.plugin.registry import Registry
from watchkeeper.plugin.schema import params_of
from watchkeeper.settings import Settings, load

HELP = ROOT / "resources" / "help"
LANGUAGES = ("en", "zh_CN")


@pytest.fixture(scope="module")
def registry() -> Registry:
    made = Registry()
    made.load([Folder(ROOT / "plugins", is_bundled=True)])
    return made


def test_the_sample_workspace_is_taken(registry: Registry) -> None:
    first, second = (files.read(ROOT / "resources" / "samples" / language).jobs for language in ("en", "zh_CN"))
    assert [job.name for job in first] == [job.name for job in second]
    assert len(first) == 4
    for job in (*first, *second):
        params_of(registry.handler(job.handler), job.params)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", ["getting-started", "jobs-file", "triggers", "calendars", "credentials"])
def test_the_jobs_on_a_help_page_are_taken(page: str, language: str, tmp_path: Path, registry: Registry) -> None:
    blocks = re.findall(r"```\n((?:pools|jobs|calendars):.*?)```", _page(page, language), re.DOTALL)
    assert blocks
    for block in blocks:
        (tmp_path / "jobs.yaml").write_text(block)
        for job in files.read(tmp_path / "jobs.yaml").jobs:
            params_of(registry.handler(job.handler), job.params)


def test_every_parameter_of_an_action_says_what_it_is_for() -> None:
    """On the command line now, on forms and in the description of the HTTP interface later."""
    parameters = [(action.name, each) for action in ACTIONS.values() for each in action.parameters]
    assert len(parameters) > 30
    assert [(name, each.name) for name, each in parameters if not each.help.message] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_field_of_a_job_is_on_a_help_page(language: str) -> None:
    told = _page("jobs-file", language) + _page("retries", language)
    fields = [name for shape in (JobSpec, Retry, Timeouts, Concurrency) for name in shape.__struct_fields__]
    words = [*fields, *PoolSpec.__struct_fields__, *Policy, *OnUnknown]
    assert [word for word in words if f"`{word}`" not in told] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_holds_if_a_field_is_not_given_is_told_as_it_is(language: str) -> None:
    told = dict(_defaults(_page("jobs-file", language)) + _defaults(_page("retries", language)))
    for given in (JobSpec("a", "shell"), Retry()):
        for name in ("priority", "on_unknown", "is_idempotent", "is_enabled", *Retry.__struct_fields__):
            default = getattr(given, name, None)
            if isinstance(default, bool | int | float | str | Span):
                assert told[name].strip("`") == _spelled(default), name
    assert told["concurrency"].startswith(f"`{Concurrency().policy}`") and "100" in told["concurrency"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_field_of_a_trigger_is_on_a_help_page(language: str) -> None:
    told = " ".join(re.findall("`[^`]*`", _page("triggers", language)))
    kinds = (Cron, Interval, Once, Window, After, Startup, FileArrival)
    fields = {name for shape in (*kinds, CatchUp) for name in shape.__struct_fields__}
    words = [*fields, *Misfire, *Pace, *Gap, *Fold, *On, "kind"]
    assert [word for word in words if not re.search(rf"\b{word}\b", told)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_field_of_a_calendar_is_on_its_help_page(language: str) -> None:
    told = " ".join(re.findall("`[^`]*`", _page("calendars", language)))
    shapes = (CalendarSpec, Weekly, Dates, Monthly, Country, Include, Event)
    words = {*(name for shape in shapes for name in shape.__struct_fields__), *Which}
    assert [word for word in words if not re.search(rf"\b{word}\b", told)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_holds_of_a_trigger_if_a_field_is_not_given_is_told_as_it_is(language: str) -> None:
    page, given = _page("triggers", language), Cron("@daily")
    assert re.search(rf"`grace`[ （(]+{given.grace}[)）]", page)
    assert re.search(rf"`most`[ （(]+{given.catch_up.most}[)）]", page)
    assert re.search(rf"`window`[ （(]+{given.catch_up.window}[)）]", page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_cron_expressions_on_a_help_page_are_known(language: str) -> None:
    found = re.findall(r"`(@\w+)`|--?cron:? \"([^\"]*)\"|`(0 0 [^`]*)`", _page("triggers", language))
    assert len(found) >= 9
    for texts in found:
        expression("".join(texts))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_is_on_the_help_page_about_the_command_line(language: str) -> None:
    told = " ".join(cell for cell, _row in _command_rows(language))
    assert [words for words in commands() if not re.search(rf"`{' '.join(words)}\b", told)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_commands_on_the_help_page_can_be_typed_as_they_stand(language: str) -> None:
    for cell, does in _command_rows(language):
        typed = [shlex.split(text.replace("[", "").replace("]", "")) for text in re.findall("`([^`]*)`", cell)]
        options = [shlex.split(text) for text in re.findall("`(-[^`]*)`", does)]
        assert typed
        for words in typed:
            assert _is_taken(words), words
        for option in options:
            assert any(_is_taken([*words, *option]) for words in typed), option


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_commands_within_the_help_pages_exist(language: str) -> None:
    known = {" ".join(words) for words in commands()}
    for page in (HELP / language).glob("*.md"):
        for text in re.findall(r"`watchkeeper ([a-z][^`]*)`", page.read_text("utf-8")):
            assert any(f"{text} ".startswith(f"{words} ") for words in known), (page.name, text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_a_filter_is_on_the_help_page_and_what_stands_there_can_be_read(language: str) -> None:
    (part,) = re.findall(r"^- `status:failed`.*?(?=^## )", _page("command-line", language), re.MULTILINE | re.DOTALL)
    told = [text.removeprefix("--filter=") for text in re.findall("`([^`]+)`", part) if text != "-"]
    assert [(text, parse(text).faults) for text in told if parse(text).faults] == []
    words = [f"{field}:" for field in FIELDS] + [f"{field}:{value}" for field in CLOSED for value in CLOSED[field]]
    assert [word for word in words if not any(word in text for text in told)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_exit_code_is_on_the_help_page_about_the_command_line(language: str) -> None:
    told = re.findall(r"^\| (\d+) \|", _page("command-line", language), re.MULTILINE)
    assert [int(code) for code in told] == sorted(Exit)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_setting_is_on_the_help_page_about_the_workspace(language: str, tmp_path: Path) -> None:
    page = _page("workspace", language)
    assert re.findall(r"^\| `(\w+\.\w+)` \|", page, re.MULTILINE) == list(_settings())
    (block,) = re.findall(r"```\n(\[engine\].*?)```", page, re.DOTALL)
    assert re.findall(r"^(\w+) =", block, re.MULTILINE) == [name.split(".")[1] for name in _settings()]
    (tmp_path / "settings.toml").write_text(block)
    told = load(tmp_path)
    assert told == dataclasses.replace(Settings(), engine=dataclasses.replace(Settings().engine, local_slots=8))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_is_on_the_help_page_about_states(language: str) -> None:
    told = re.findall(r"^\| ([A-Z_]+) \|", _page("states", language), re.MULTILINE)
    assert sorted(told) == sorted(State)


def test_a_state_is_called_in_chinese_as_the_program_calls_it() -> None:
    page = _page("states", "zh_CN")
    assert [state for state in State if f"| {state} | {say(NAMES[state], 'zh_CN')}" not in page] == []


def _page(name: str, language: str) -> str:
    return (HELP / language / f"{name}.md").read_text("utf-8")


def _defaults(page: str) -> list[tuple[str, str]]:
    """Fields, and the last cell of their rows."""
    return re.findall(r"^\| `(\w+)` \|.*\| ([^|]+) \|$", page, re.MULTILINE)


def _spelled(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else f"{value:g}" if isinstance(value, float) else str(value)


def _command_rows(language: str) -> list[tuple[str, str]]:
    """The commands and what they do, from the first table of the page."""
    return re.findall(r"^\| (`[a-z].*?) \| (.*) \|$", _page("command-line", language), re.MULTILINE)


def _is_taken(words: list[str]) -> bool:
    known = commands()
    begun = next((count for count in (2, 1) if tuple(words[:count]) in known), None)
    if begun is None:
        return False
    try:
        parsed(words[:begun], known[tuple(words[:begun])].arguments, words[begun:])
    except Usage:
        return False
    return True


def _settings() -> Iterator[str]:
    for section in dataclasses.fields(Settings):
        for field in dataclasses.fields(getattr(Settings(), section.name)):
            yield f"{section.name}.{field.name}"
