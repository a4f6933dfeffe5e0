"""Files of jobs: what they may say, and a sentence with file and line for what they may not."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from watchkeeper.action import files, yaml_text
from watchkeeper.model.errors import Known
from watchkeeper.model.span import Span
from watchkeeper.model.text import _
from watchkeeper.model.trigger import Cron, Interval, Manual, Once

GOOD = """
pools:
  - {name: net, size: 2}
jobs:
  - name: nightly            # a comment
    handler: shell
    params:
      script: |
        echo 1
        echo on
    env: {ON: "on", YES: yes}
    triggers:
      - cron: "0 3 * * *"
      - every: 90s
      - at: 2026-03-29T02:30:00+01:00
      - kind: manual
    retry: {delay: 5m, retry_on: [3, timeout]}
    is_enabled: false
"""


def _read(folder: Path, text: str | bytes, name: str = "jobs.yaml") -> files.Content:
    file = folder / name
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return files.read(file)


def test_a_file_says_jobs_and_pools_in_yaml_1_2(tmp_path: Path) -> None:
    content = _read(tmp_path, GOOD)
    (spec,) = content.jobs
    assert [(pool.name, pool.size) for pool in content.pools] == [("net", 2)]
    assert spec.params == {"script": "echo 1\necho on\n"}
    assert spec.env == {"ON": "on", "YES": "yes"}
    assert [type(trigger) for trigger in spec.triggers] == [Cron, Interval, Once, Manual]
    assert spec.retry.delay == Span(minutes=5) and spec.retry.retry_on == (3, "timeout")
    assert not spec.is_enabled


def test_an_empty_file_says_nothing(tmp_path: Path) -> None:
    for text in ("", "# only a comment\n", "jobs:\n", "jobs: []\n", "\ufeffjobs: []\n"):
        assert _read(tmp_path, text).jobs == ()


def test_aliases_stand_for_what_they_name(tmp_path: Path) -> None:
    text = "jobs:\n- &a {name: a, handler: shell, retry: &r {delay: 9s}}\n- {name: b, handler: shell, retry: *r}\n"
    assert {spec.retry.delay for spec in _read(tmp_path, text).jobs} == {Span(seconds=9)}


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        ("jobs:\n- name: a\n  handler: shell\n  retri: {}\n", 2, "did you mean retry"),
        ("jobs:\n- name: a\n  handler: shell\n  retry:\n    delay: soon\n", 5, "span of time"),
        ("jobs:\n- name: a\n  handler: shell\n  triggers:\n  - every: 5m\n    pase: x\n", 5, "did you mean pace"),
        ("jobs:\n- handler: shell\n", 2, "the field name is missing"),
        ("jobs:\n- a\n", 2, "expected object"),
        ("jobs: 3\n", 1, "a list is wanted"),
        ("job:\n- a\n", 1, "did you mean jobs"),
        ("- a\n", 1, "a mapping with `jobs`"),
        ("jobs:\n- name: a\n  name: b\n", 3, "the key name is there twice"),
        ("jobs: []\njobs: []\n", 2, "twice"),
        ("jobs:\n- !!python/object/apply:os.system [true]\n", 2, "the tag"),
        ("jobs: !include other.yaml\n", 1, "the tag"),
        ("a: !!binary aGk=\n", 1, "the tag"),
        ("jobs:\n- <<: {name: a}\n", 2, "merge keys"),
        ("jobs: []\n---\njobs: []\n", 2, "a second document"),
        ("jobs: [&a [*a]]\n", 1, "for itself"),
        ("jobs: *nobody\n", 1, "stands for nothing"),
        ("? [a, b]\n: 1\n", 1, "only plain words can be keys"),
        ("jobs: [\n", 2, "this is not YAML"),
        ("jobs:\n\t- a\n", 2, "this is not YAML"),
        ("a: b: c\n", 1, "this is not YAML"),
        ('a: "\\q"\n', 1, "this is not YAML"),
        ("[" * 100_000, 1, "nested deeper"),
        ("".join(" " * i + "a:\n" for i in range(60)), 42, "nested deeper"),
        ("a: 1\n" * 300_000, 2, "twice"),
    ],
)
def test_what_is_wrong_is_told_with_file_and_line(tmp_path: Path, text: str, line: int, sentence: str) -> None:
    with pytest.raises(Known) as caught:
        _read(tmp_path, text)
    told = str(caught.value)
    assert sentence in told
    assert told.startswith(f"{tmp_path}/jobs.yaml, line {line}:")
    assert len(told) < 500


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"a: \xff\xfe\n", "byte 3 is not UTF-8"),
        (b"a: \0\n", "not YAML"),
        ("a: 1\n".encode("utf-16"), "not UTF-8"),
        (b"#" * (yaml_text.LARGEST_FILE + 1), "larger than 4 MiB"),
        (b'a: "\\UFFFFFFFF"\n', "not YAML"),
    ],
)
def test_bytes_that_are_no_text_are_refused(tmp_path: Path, data: bytes, sentence: str) -> None:
    with pytest.raises(Known, match=sentence):
        _read(tmp_path, data)


def test_an_alias_bomb_is_refused_before_it_goes_off(tmp_path: Path) -> None:
    layers = [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 12)]
    with pytest.raises(Known, match="line 6: this grows to more than"):
        _read(tmp_path, "\n".join(["a0: &a0 [1]", *layers]))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.sampled_from("[]{}:,-?&*!|>'\"%@#`~ \n\tab01.<=\\\0\x85\u2028\ufeffé"), max_size=60))
def test_no_text_leads_to_anything_but_jobs_or_a_sentence(tmp_path: Path, text: str) -> None:
    try:
        _read(tmp_path, text)
    except Known as refusal:
        assert "jobs.yaml" in str(refusal) and len(str(refusal)) < 1_000


def test_a_folder_is_read_file_by_file_in_the_order_of_their_names(tmp_path: Path) -> None:
    for name in ("b.yml", "a.yaml", "c.txt"):
        (tmp_path / name).write_text(f"jobs: [{{name: {name[0]}, handler: shell}}]")
    (tmp_path / "d.yaml").mkdir()
    assert [spec.name for spec in files.read(tmp_path).jobs] == ["a", "b"]


def test_what_is_found_wrong_later_is_told_with_its_own_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("jobs:\n- {name: a, handler: shell}\n")
    (tmp_path / "b.yaml").write_text("jobs:\n- {name: b, handler: shell}\n- name: c\n  handler: shel\n")
    content = files.read(tmp_path)
    located = content.located(Known(_("{place}: {what}", place="jobs[2].handler", what="there is none")))
    assert str(located) == f"{tmp_path}/b.yaml, line 4: jobs[2].handler: there is none"
    other = Known(_("the disk is full"))
    assert content.located(other) is other


@pytest.mark.parametrize("name", ["gone.yaml", "a\0b.yaml", "x" * 300])
def test_a_file_that_can_not_be_read_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(Known, match="can't be read"):
        files.read(tmp_path / name)


def test_a_folder_without_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Known, match=r"no \*\.yaml"):
        files.read(tmp_path)


def test_one_job_may_stand_alone_in_its_file(tmp_path: Path) -> None:
    file = tmp_path / "job.yaml"
    file.write_text("name: a\nhandler: shell\ntriggers: [{every: 5m}]\n")
    assert files.read_job(file).triggers == (Interval(Span(minutes=5)),)
    file.write_text("jobs: [{name: a, handler: shell}]\n")
    assert files.read_job(file).name == "a"
    file.write_text("name: a\nhandler: shell\nhandlr: x\n")
    with pytest.raises(Known, match="did you mean handler"):
        files.read_job(file)
    for several in ("jobs: []\n", "jobs: [{name: a, handler: b}, {name: b, handler: b}]\n"):
        file.write_text(several)
        with pytest.raises(Known, match="must hold one job"):
            files.read_job(file)


@pytest.mark.parametrize("text", ["[" * 1_000_000, "{a: " * 500_000, "- &a [*a, *a]\n" * 100_000, "!!a " * 500_000])
def test_a_hostile_file_is_refused_where_it_turns_bad(tmp_path: Path, text: str) -> None:
    """Read to its end each would cost minutes, or all memory."""
    with pytest.raises(Known, match="line 1: "):
        _read(tmp_path, text)
