"""What the help pages and samples say is what the program takes."""

import re
from pathlib import Path

import pytest

from tests.laws.sources import ROOT
from watchkeeper.action import files
from watchkeeper.model.job import Concurrency, JobSpec, OnUnknown, Policy, Retry, Timeouts
from watchkeeper.model.run import State
from watchkeeper.plugin.loader import Folder
from watchkeeper.plugin.registry import Registry
from watchkeeper.plugin.schema import params_of

HELP = ROOT / "resources" / "help"
LANGUAGES = ("en", "zh_CN")


@pytest.fixture(scope="module")
def registry() -> Registry:
    made = Registry()
    made.load([Folder(ROOT / "plugins", is_bundled=True)])
    return made


def test_the_sample_workspace_is_taken(registry: Registry) -> None:
    jobs = files.read(ROOT / "resources" / "samples").jobs
    assert len(jobs) >= 4
    for job in jobs:
        params_of(registry.handler(job.handler), job.params)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", ["getting-started", "jobs-file"])
def test_the_jobs_on_a_help_page_are_taken(page: str, language: str, tmp_path: Path, registry: Registry) -> None:
    blocks = re.findall(r"```\n((?:pools|jobs):.*?)```", _page(page, language), re.DOTALL)
    assert blocks
    for block in blocks:
        (tmp_path / "jobs.yaml").write_text(block)
        for job in files.read(tmp_path / "jobs.yaml").jobs:
            params_of(registry.handler(job.handler), job.params)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_field_of_a_job_is_on_a_help_page(language: str) -> None:
    told = _page("jobs-file", language) + _page("retries", language)
    fields = [name for shape in (JobSpec, Retry, Timeouts, Concurrency) for name in shape.__struct_fields__]
    words = [*fields, *Policy, *OnUnknown]
    assert [word for word in words if f"`{word}`" not in told] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_is_on_the_help_page_about_states(language: str) -> None:
    told = re.findall(r"^\| ([A-Z_]+) \|", _page("states", language), re.MULTILINE)
    assert sorted(told) == sorted(State)


def _page(name: str, language: str) -> str:
    return (HELP / language / f"{name}.md").read_text("utf-8")
