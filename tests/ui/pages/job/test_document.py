"""The job on the screen: values by path, every change one step of undo."""

import time

import pytest

from watchkeeper.model.form import ABSENT
from watchkeeper.ui.pages.job.document import BREATH, Document


@pytest.fixture
def document(qapp: object) -> Document:
    made = Document()
    values = {"name": "nightly", "retry": {"delay": "5s"}, "triggers": [{"kind": "cron", "cron": "@daily"}]}
    made.load(values, values)
    return made


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("name", "other"),
        ("retry.delay", "9s"),
        ("timeouts.soft", "25m"),
        ("triggers[0].cron", "0 3 * * *"),
        ("triggers[0].zone", "Asia/Shanghai"),
        ("params.script", "true"),
        ("triggers", []),
    ],
)
def test_a_value_is_put_at_its_path_and_undo_takes_it_back(document: Document, path: str, value: object) -> None:
    before = document.values
    document.put(path, value)
    assert document.get(path) == value and document.is_dirty
    document.stack.undo()
    assert document.values == before and not document.is_dirty
    document.stack.redo()
    assert document.get(path) == value


def test_what_undo_goes_back_to_is_never_changed_in_place(document: Document) -> None:
    before = document.values["triggers"]
    document.put("triggers[0].cron", "0 3 * * *")
    assert before == [{"kind": "cron", "cron": "@daily"}]


def test_a_part_of_which_nothing_is_said_any_more_is_gone(document: Document) -> None:
    document.put("retry.delay", ABSENT)
    assert "retry" not in document.values


def test_what_is_typed_in_one_breath_is_one_step(document: Document, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: moment)
    for text in ("n", "ni", "nig"):
        document.put("name", text)
    moment += BREATH + 1
    document.put("name", "night")
    assert document.stack.count() == 2
    document.stack.undo()
    assert document.get("name") == "nig"
    document.stack.undo()
    assert document.get("name") == "nightly"


def test_two_fields_are_two_steps(document: Document) -> None:
    document.put("name", "a")
    document.put("description", "b")
    assert document.stack.count() == 2


def test_the_same_value_is_no_step(document: Document) -> None:
    document.put("name", "nightly")
    assert document.stack.count() == 0


def test_only_the_fields_that_differ_count_as_changed(document: Document) -> None:
    document.put("timeouts.soft", "25m")
    document.put("name", "other")
    document.put("name", "nightly")
    assert document.changed_fields() == {"timeouts.soft"}


def test_what_is_not_there_is_absent(document: Document) -> None:
    for path in ("gone", "retry.gone", "triggers[7].cron", "name.first"):
        assert document.get(path) is ABSENT
