"""What stands in a line of a form can be read unless it is a secret itself."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication, QLineEdit

from watchkeeper.model import places
from watchkeeper.model.form import Control, FormField
from watchkeeper.model.text import _
from watchkeeper.plugin.loader import Folder
from watchkeeper.plugin.registry import Registry
from watchkeeper.plugin.schema import form_of
from watchkeeper.ui.widgets.entries import LineEntry


@pytest.fixture
def lines(qapp: QApplication) -> Iterator[dict[str, LineEntry]]:
    """Of the sql handler's form."""
    registry = Registry()
    registry.load([Folder(places.plugins(), is_bundled=True)])
    made = {field.name: LineEntry(field) for field in form_of(registry.handler("sql"))}
    yield made
    for entry in made.values():
        entry.widget.deleteLater()


def test_the_name_of_a_secret_is_seen_by_whoever_writes_it(lines: dict[str, LineEntry]) -> None:
    assert lines["password"].line.echoMode() is QLineEdit.EchoMode.Normal


def test_a_secret_itself_is_not_seen(qapp: QApplication) -> None:
    entry = LineEntry(FormField(name="token", control=Control.TEXT, label=_("Token"), is_secret=True))
    assert entry.line.echoMode() is QLineEdit.EchoMode.PasswordEchoOnEdit
    entry.widget.deleteLater()
