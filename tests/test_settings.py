"""The program's settings: defaults without a file, and a sentence with the place for what does not fit."""

from dataclasses import fields
from datetime import timedelta
from pathlib import Path

import pytest

from watchkeeper.model.errors import Known
from watchkeeper.model.span import Span
from watchkeeper.model.text import Text
from watchkeeper.settings import Settings, keep, load, named


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


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("engine.local_slots = 0", "settings.toml.engine.local_slots: 0 is too little: at least 1 is wanted"),
        ("disk.ballast_mib = 16385", "settings.toml.disk.ballast_mib: 16385 is too much: at most 16384 is allowed"),
        ('engine.lease = "10ms"', "settings.toml.engine.lease: 10ms is too little: at least 1s is wanted"),
    ],
)
def test_a_value_out_of_bounds_is_said_with_its_place(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(Known) as refused:
        load(written(tmp_path, text))
    assert str(refused.value) == sentence


def test_a_setting_is_kept_and_taken_out_again(tmp_path: Path) -> None:
    home = written(tmp_path, "# ours\n[retention]\nruns = '2d' # short\n")
    keep(home, "engine.lease", Span(minutes=1))
    keep(home, "backup.is_daily", False)
    keep(home, "retention.runs", Span(days=3))
    found = load(home)
    assert (found.engine.lease, found.backup.is_daily, found.retention.runs) == (
        timedelta(minutes=1),
        False,
        timedelta(days=3),
    )
    assert named(home) == {"retention.runs", "engine.lease", "backup.is_daily"}
    text = (home / "settings.toml").read_text()
    assert text.startswith('# ours\n[retention]\nruns = "3d" # short\n')
    assert (home / "settings.toml").stat().st_mode & 0o777 == 0o600
    for name in named(home):
        keep(home, name, None)
    assert load(home) == Settings()
    assert "# ours" in (home / "settings.toml").read_text()


@pytest.mark.parametrize(("name", "value"), [("engine.local_slots", 0), ("engine.lease", "soon"), ("engine.x", 1)])
def test_a_value_that_does_not_fit_changes_nothing(tmp_path: Path, name: str, value: object) -> None:
    with pytest.raises(Known, match=r"^engine"):
        keep(written(tmp_path, "# ours\n"), name, value)
    assert (tmp_path / "settings.toml").read_text() == "# ours\n"


def test_a_file_that_is_not_understood_is_left_alone(tmp_path: Path) -> None:
    text = 'engine."local\\u005fslots" = 3\n'
    with pytest.raises(Known, match=r"\[engine\] have the line local_slots = 4$"):
        keep(written(tmp_path, text), "engine.local_slots", 4)
    assert (tmp_path / "settings.toml").read_text() == text
