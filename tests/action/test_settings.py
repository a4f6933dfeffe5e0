"""Settings through the desk: shown with their origin, changed in the file, refused with their place, taken back."""

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from watchkeeper.access.actor import Actor
from watchkeeper.access.permission import Permission
from watchkeeper.action import ACTIONS
from watchkeeper.action.desk import Desk, LocalDesk
from watchkeeper.action.door import Door
from watchkeeper.action.settings import Changed, Setting
from watchkeeper.model.address import without_password
from watchkeeper.model.errors import Known, Refused
from watchkeeper.model.events import Event, SettingsChanged
from watchkeeper.model.text import say
from watchkeeper.settings import EngineSettings, Settings, load, names

OURS = "# ours\n[engine]\nlocal_slots = 3 # small\n"


async def setting(desk: Desk, name: str) -> Setting:
    found: Setting = next(each for each in await desk.ask("settings.show") if each.name == name)
    return found


async def test_every_setting_is_shown_with_its_value_and_its_origin(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text(OURS)
    shown = await desk.ask("settings.show")
    assert [each.name for each in shown] == [name for name, _field in names()]
    assert [(each.name, each.value) for each in shown if each.is_in_file] == [("engine.local_slots", 3)]
    assert {each.name: each.default for each in shown}["retention.runs"] == "90d"
    assert not any(each.is_pending for each in shown)


async def test_a_change_is_written_audited_told_and_taken_back(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text(OURS)
    for value, before, after in (("5", "3", "5"), (None, "5", None), ("0x5", "", "")):
        if value == "0x5":
            with pytest.raises(Known, match=r"engine\.local_slots: 0x5 is no whole number"):
                await desk.do("settings.change", name="engine.local_slots", value=value)
            continue
        changed = await desk.do("settings.change", name="engine.local_slots", value=value)
        assert changed == Changed("engine.local_slots", before, after)
    assert (tmp_path / "settings.toml").read_text() == "# ours\n[engine]\n# small\n"
    back = await desk.do(ACTIONS["settings.change"].undo or "", **changed.undo)
    assert (back.before, back.after, load(tmp_path).engine.local_slots) == (None, "5", 5)
    entries = await desk.ask("audit.list")
    assert [(entry.outcome, entry.detail.get("before"), entry.detail.get("value")) for entry in entries] == [
        ("ok", None, 5),
        ("failed", None, "0x5"),
        ("ok", "5", None),
        ("ok", "3", 5),
    ]
    assert {entry.object for entry in entries} == {"engine.local_slots"}


async def test_a_default_comes_back_and_that_can_be_taken_back(desk: Desk, tmp_path: Path) -> None:
    await desk.do("settings.change", name="backup.is_daily", value="no")
    changed = await desk.do("settings.reset", name="backup.is_daily")
    assert not (await setting(desk, "backup.is_daily")).is_in_file
    await desk.do("settings.change", **changed.undo)
    assert load(tmp_path).backup.is_daily is False


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("engine.local_slots", "0", "engine.local_slots: 0 is too little: at least 1 is wanted"),
        ("engine.lease", "soon", "engine.lease: 'soon' is not a span of time"),
        ("engine.lease", "2d", "engine.lease: 2d is too much: at most 1d is allowed"),
        ("backup.is_daily", "maybe", "backup.is_daily: maybe is neither true nor false"),
        ("disk.floor_mib", "1e3", "disk.floor_mib: 1e3 is no whole number"),
        ("store.url", "mysql://db/x", "store.url: a store can't be at mysql"),
        ("store.url", "a\nb", "store.url: "),
        ("engine.slots", "1", "unknown field engine.slots: did you mean engine.local_slots?"),
    ],
)
async def test_a_bad_value_changes_nothing_and_is_said_in_both_languages(
    desk: Desk, tmp_path: Path, name: str, value: str, sentence: str
) -> None:
    (tmp_path / "settings.toml").write_text(OURS)
    with pytest.raises(Known) as refused:
        await desk.do("settings.change", name=name, value=value)
    assert str(refused.value).startswith(sentence)
    assert say(refused.value.text, "zh_CN") != str(refused.value)
    assert (tmp_path / "settings.toml").read_text() == OURS


async def test_a_password_is_refused_and_stands_nowhere(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(Known, match="leave the password out") as refused:
        await desk.do("settings.change", name="store.url", value="postgresql://li:ge@heim@db/x?password=geheim")
    assert "heim" not in str(refused.value)
    (entry,) = await desk.ask("audit.list")
    assert "heim" not in str(entry)
    (tmp_path / "settings.toml").write_text('store.url = "postgresql://li:geheim@db/x"\n')
    assert (await setting(desk, "store.url")).value == "postgresql://li:…@db/x"


def test_words_without_an_address_stay_as_they_are() -> None:
    assert without_password("a:b@c ?password=x") == "a:b@c ?password=x"
    assert without_password("see https://host/a?b=c") == "see https://host/a?b=c"


async def test_only_an_administrator_changes_settings(as_actor: Callable[[Actor], LocalDesk], tmp_path: Path) -> None:
    desk = as_actor(Actor("li", frozenset(Permission) - {Permission.ADMIN}))
    with pytest.raises(Refused):
        await desk.do("settings.change", name="engine.local_slots", value="5")
    with pytest.raises(Refused):
        await desk.do("settings.reset", name="engine.local_slots")
    assert not (tmp_path / "settings.toml").exists()
    await desk.close()


async def test_what_an_engine_takes_at_its_start_only_is_pending_until_then(door: Door, as_actor: Any) -> None:
    class Engine:
        """Behind the door, and asked for nothing here."""

    behind: Any = Engine()
    started = Settings(engine=EngineSettings(local_slots=2))
    desk = LocalDesk(dataclasses.replace(door, engine=behind, settings=started), Actor("li", frozenset(Permission)))
    await desk.do("settings.change", name="retention.runs", value="1d")
    await desk.do("settings.change", name="engine.local_slots", value="4")
    assert [each.name for each in await desk.ask("settings.show") if each.is_pending] == ["engine.local_slots"]
    await desk.do("settings.change", name="engine.local_slots", value="2")
    assert [each.name for each in await desk.ask("settings.show") if each.is_pending] == []
    await desk.close()


async def test_a_change_is_told(door: Door, local: LocalDesk) -> None:
    heard: list[Event] = []
    stop = door.listen(heard.append)
    await local.do("settings.change", name="retention.logs", value="1d")
    with pytest.raises(Known):
        await local.do("settings.change", name="retention.logs", value="0")
    stop()
    assert heard == [SettingsChanged("retention.logs")]
