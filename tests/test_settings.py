"""The program's settings: defaults without a file, and a sentence with the place for what does not fit."""

from dataclasses import fields
from datetime import timedelta
from pathlib import Path

import pytest

from watchkeeper.model.errors import Known
from watchkeeper.model.text import Text
from watchkeeper.settings import Settings, load


def written(home: Path, text: str) -> Path:
    (home / "settings.toml").write_text(text, encoding="utf-8")
    return home


def test_without_a_file_everything_has_its_default(tmp_path: Path) -> None:
    assert load(tmp_path) == Settings()


def test_a_file_changes_what_it_names_and_nothing_else(tmp_path: Path) -> None:
    text = '[engine]\nlocal_slots = 3\nlease = "1m"\n[retention]\nruns = "2d"\n'
    found = load(written(tmp_path, text))
    assert found.engine.slots() == {"local": 3, "inside": Settings().engine.inside_slots}
    assert (found.engine.lease, found.retention.runs) == (timedelta(minutes=1), timedelta(days=2))
    assert found.retention.logs == Settings().retention.logs


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[engin]\n", "unknown field engin: did you mean engine"),
        ("[engine]\nlocal_slot = 1\n", "engine: unknown field local_slot: did you mean local_slots"),
        ('[engine]\nlocal_slots = "many"\n', "settings.toml.engine.local_slots: expected int, got str"),
        ('[engine]\nlease = "soon"\n', "settings.toml.engine.lease: 'soon' is not a span of time"),
        ("engine = 7\n", "settings.toml.engine"),
        ("[engine\n", "settings.toml is not TOML"),
        ("\x00", "settings.toml is not TOML"),
    ],
)
def test_what_does_not_fit_is_said_with_its_place(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(Known) as refused:
        load(written(tmp_path, text))
    assert str(refused.value).startswith(sentence)


def test_a_file_that_is_no_text_is_said(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(Known, match=r"settings\.toml is not TOML"):
        load(tmp_path)


def test_every_setting_has_a_label_and_a_help() -> None:
    for section in fields(Settings()):
        for setting in fields(getattr(Settings(), section.name)):
            assert {type(setting.metadata[word]) for word in ("label", "help")} == {Text}, setting.name
