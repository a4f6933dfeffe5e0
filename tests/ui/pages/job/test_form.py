"""Long forms stay short: groups are folded, and a field that makes no sense with the others is left out."""

from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from watchkeeper.action.draft import Problem
from watchkeeper.model import places
from watchkeeper.model.form import FormField
from watchkeeper.model.text import _
from watchkeeper.plugin.loader import Folder
from watchkeeper.plugin.registry import Registry
from watchkeeper.plugin.schema import form_of
from watchkeeper.ui.pages.job.document import Document
from watchkeeper.ui.pages.job.form import Form
from watchkeeper.ui.words import shown


def form(qtbot: QtBot, fields: tuple[FormField, ...], **params: Any) -> Form:
    document = Document()
    document.load({"params": params}, {})
    made = Form(document, fields, prefix="params.")
    document.setParent(made)
    qtbot.addWidget(made)
    made.show()
    return made


def seen(made: Form) -> set[str]:
    return {name for name, row in made.rows.items() if row.isVisible()}


def folds(made: Form) -> dict[str, str]:
    """Of each group what is told behind its title."""
    return {shown(fold.head.text()): fold._told.text() for fold in made.folds}


@pytest.fixture(scope="module")
def registry() -> Registry:
    made = Registry()
    made.load([Folder(places.plugins(), is_bundled=True)])
    return made


@pytest.fixture
def http(registry: Registry) -> tuple[FormField, ...]:
    return form_of(registry.handler("http"))


@pytest.fixture
def sql(registry: Registry) -> tuple[FormField, ...]:
    return form_of(registry.handler("sql"))


def test_a_group_is_folded_until_something_in_it_is_set(qtbot: QtBot, http: tuple[FormField, ...]) -> None:
    made = form(qtbot, http, url="https://example.com")
    assert seen(made) == {"url", "method", "query", "headers"}
    assert set(folds(made).values()) == {"nothing is set"}
    made = form(qtbot, http, url="https://example.com", proxy="http://proxy:1", ca_file="/a")
    assert {"proxy", "ca_file", "allow"} <= seen(made)
    assert "connect_timeout" not in seen(made)


def test_a_folded_group_says_how_much_of_it_is_set(qtbot: QtBot, http: tuple[FormField, ...]) -> None:
    made = form(qtbot, http, url="https://example.com", proxy="http://proxy:1", ca_file="/a")
    fold = next(fold for fold in made.folds if shown(fold.head.text()) == "Connection")
    fold.head.click()
    assert "proxy" not in seen(made)
    assert folds(made)["Connection"] == "2 fields are set"
    fold.head.click()
    assert (folds(made)["Connection"], "proxy" in seen(made)) == ("", True)


def test_a_field_comes_with_the_choice_that_it_belongs_to(qtbot: QtBot, http: tuple[FormField, ...]) -> None:
    made = form(qtbot, http, url="https://example.com", auth="basic")
    assert {"user", "password", "certificate"} <= seen(made)
    assert not {"token", "token_header"} & seen(made)
    made._document.put("params.auth", "header")
    assert {"token", "token_header"} <= seen(made)
    assert not {"user", "password"} & seen(made)


def test_what_is_set_is_never_left_out(qtbot: QtBot, http: tuple[FormField, ...]) -> None:
    made = form(qtbot, http, url="https://example.com", auth="bearer", user="somebody")
    assert "user" in seen(made)


def test_a_field_may_hang_on_that_another_one_is_empty(qtbot: QtBot, sql: tuple[FormField, ...]) -> None:
    made = form(qtbot, sql)
    assert {"connection", "database"} <= seen(made)
    assert "host" not in seen(made)
    made._document.put("params.database", "sqlite")
    assert ("name" in seen(made), "host" in seen(made)) == (True, False)
    made._document.put("params.database", "mysql")
    assert {"name", "host", "password", "tls"} <= seen(made)
    made._document.load({"params": {"connection": "team/db"}}, {})
    assert not {"database", "name", "host"} & seen(made)


def test_what_is_wrong_is_shown_wherever_it_stands(qtbot: QtBot, http: tuple[FormField, ...]) -> None:
    made = form(qtbot, http, url="https://example.com")
    made.complain([Problem("params.token", _("it is missing"))])
    assert {"auth", "token"} <= seen(made)
    assert made.focus("params.poll_path")
    assert "poll_path" in seen(made)


def test_another_job_begins_with_its_own_groups_open(qtbot: QtBot, http: tuple[FormField, ...]) -> None:
    made = form(qtbot, http, url="https://example.com", proxy="http://proxy:1")
    made._document.load({"params": {"url": "https://example.com", "poll": "location"}}, {})
    assert "proxy" not in seen(made)
    assert {"poll", "poll_interval"} <= seen(made)


def test_choices_are_shown_in_words(sql: tuple[FormField, ...]) -> None:
    tls = next(field for field in sql if field.name == "tls")
    assert [(option.value, str(option.label)) for option in tls.options][:2] == [
        ("prefer", "Where the server can"),
        ("require", "Always"),
    ]


@pytest.mark.parametrize("kind", ["http", "sql", "shell", "python", "wait"])
def test_a_field_hangs_on_fields_that_there_are_and_values_that_they_can_have(registry: Registry, kind: str) -> None:
    fields = {field.name: field for field in form_of(registry.handler(kind))}
    for field in fields.values():
        for name, values in field.when.items():
            known = [option.value for option in fields[name].options] or [None]
            assert set(values) <= set(known), field.name
