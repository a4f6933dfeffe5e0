"""The published JSON Schema says what the structs say: what is taken validates, what is refused does not."""

import importlib.util
import json
import re
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft202012Validator

from tests.action.imports.machine import ANN
from tests.action.test_written import calendars, specs
from tests.laws.sources import ROOT
from watchkeeper.action import files, yaml_text
from watchkeeper.action.imports import crontab
from watchkeeper.action.written import written
from watchkeeper.cli.applying import SCHEMA_LINE
from watchkeeper.model.calendar import CalendarSpec
from watchkeeper.model.errors import Known
from watchkeeper.model.job import JobSpec

FILE = ROOT / "resources" / "schema" / "jobs.schema.json"
SCHEMA = json.loads(FILE.read_text("utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("job_schema", ROOT / "packaging" / "job_schema.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def faults(text: str) -> list[str]:
    value = yaml_text.read(text.encode()).value
    return [error.message for error in VALIDATOR.iter_errors(value)]


def test_the_published_schema_is_the_one_of_the_structs(tool: ModuleType) -> None:
    assert FILE.read_text("utf-8") == tool.written(), "run `python packaging/job_schema.py update`"


def test_it_is_a_schema_and_names_the_lists_of_a_file() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert set(SCHEMA["properties"]) == files._FIELDS


def test_what_stands_above_a_field_is_in_it() -> None:
    assert SCHEMA["$defs"]["JobSpec"]["properties"]["priority"]["description"] == "0 (last) to 9 (first)."
    assert "jitter" in SCHEMA["$defs"]["Cron"]["properties"]


@pytest.mark.parametrize(
    "sample", sorted((ROOT / "resources" / "samples").glob("*/*.yaml")), ids=lambda file: file.parent.name
)
def test_the_samples_are_valid(sample: Path) -> None:
    assert faults(sample.read_text("utf-8")) == []


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_jobs_on_the_help_pages_are_valid(language: str) -> None:
    blocks = [
        block
        for page in (ROOT / "resources" / "help" / language).glob("*.md")
        for block in re.findall(r"```\n((?:pools|jobs|calendars):.*?)```", page.read_text("utf-8"), re.DOTALL)
    ]
    assert len(blocks) >= 2 and [faults(block) for block in blocks] == [[]] * len(blocks)


def test_an_imported_crontab_is_valid_once_it_is_exported() -> None:
    text = (ROOT / "tests" / "action" / "imports" / "server.crontab").read_text("utf-8")
    assert faults(SCHEMA_LINE + written(crontab.read(text, "x", ANN).jobs, [])) == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(specs, calendars)
def test_whatever_is_exported_is_valid(spec: JobSpec, days: CalendarSpec) -> None:
    assert faults(written([spec], [], [days])) == []


@pytest.mark.parametrize(
    "text", ["", "jobs:\n", "pools: []\n", "jobs:\n- {name: a, handler: h, triggers: [{every: 5}]}\n"]
)
def test_what_a_file_may_leave_out_is_valid(text: str) -> None:
    assert faults(text) == []


HOSTILE: list[str] = [
    "jobs: 3",
    "job: []",
    "- a",
    "jobs: [{name: a}]",
    "jobs: [{handler: a}]",
    "jobs: [{name: '', handler: a}]",
    "jobs: [{name: a, handler: h, retri: {}}]",
    "jobs: [{name: a, handler: h, priority: 10}]",
    "jobs: [{name: a, handler: h, retry: {delay: soon}}]",
    "jobs: [{name: a, handler: h, retry: {delay: -1}}]",
    "jobs: [{name: a, handler: h, retry: {max_attempts: 0}}]",
    "jobs: [{name: a, handler: h, triggers: {every: 5m}}]",
    "jobs: [{name: a, handler: h, triggers: [{every: 5m, pase: x}]}]",
    "jobs: [{name: a, handler: h, triggers: [{kind: never}]}]",
    "jobs: [{name: a, handler: h, triggers: [{cron: '* * * * *', misfire: maybe}]}]",
    "jobs: [{name: a, handler: h, triggers: [{}]}]",
    "jobs: [{name: a, handler: h, concurrency: {policy: some}}]",
    "jobs: [{name: a, handler: h, env: {A: 1}}]",
    "jobs: [{name: a, handler: h, is_enabled: 1}]",
    "jobs: [{name: a, handler: h, params: [x]}]",
    "calendars: [{name: a, holds: [{}]}]",
    "calendars: [{name: a, holds: [{day: mon}]}]",
    "calendars: [{name: a, holds: {days: mon}}]",
    "calendars: [{name: a, holds: [{monthly: [40]}]}]",
    "calendars: [{name: a, but_not: [{country: china}]}]",
    "pools: [{name: a}]",
    "pools: [{name: a, size: -1}]",
    "pools: [{name: a, size: 1, colour: red}]",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_refused_is_not_valid_either(text: str, tmp_path: Path) -> None:
    (tmp_path / "jobs.yaml").write_text(text)
    with pytest.raises(Known):
        files.read(tmp_path / "jobs.yaml")
    assert faults(text)
