"""The program's own settings, one frozen dataclass per section; `settings.toml` in the workspace may change them."""

import os
import tomllib
from collections.abc import Iterator
from dataclasses import Field, dataclass, field, fields
from datetime import timedelta
from pathlib import Path
from typing import Any

from watchkeeper.model import toml_text
from watchkeeper.model.codec import convert, plain, unknown_field
from watchkeeper.model.errors import Known
from watchkeeper.model.span import Span
from watchkeeper.model.text import Text, _

FILE = "settings.toml"


def setting(
    label: Text, help: Text, default: Any, *, least: Any = None, most: Any = None, is_live: bool = False, **more: Any
) -> Any:
    """A field with what its form and its help page say.

    `least` and `most` bound it. `is_live`: an engine that runs takes it at once; else it takes it at its next start.
    """
    told = {"label": label, "help": help, "least": least, "most": most, "is_live": is_live, **more}
    return field(default=default, metadata=told)


@dataclass(frozen=True)
class EngineSettings:
    """How much runs at once, and for how long an engine holds its workspace."""

    local_slots: int = setting(
        _("Slots of this machine"),
        _("So many processes run at once; the rest waits in the queue."),
        max(8, 4 * (os.cpu_count() or 2)),
        least=1,
        most=10_000,
    )
    inside_slots: int = setting(
        _("Slots inside the engine"), _("So many handlers without a process run at once."), 64, least=1, most=100_000
    )
    lease: Span = setting(
        _("Lease"),
        _("An engine that is not heard of for so long may be replaced."),
        Span(seconds=15),
        least=Span(seconds=1),
        most=Span(days=1),
    )

    def slots(self) -> dict[str, int]:
        """The slots by place."""
        return {"local": self.local_slots, "inside": self.inside_slots}


@dataclass(frozen=True)
class RetentionSettings:
    """How long the past is kept."""

    runs: Span = setting(
        _("Runs"), _("A finished run is kept for so long."), Span(days=90), least=Span(seconds=1), is_live=True
    )
    logs: Span = setting(
        _("Logs"),
        _("The log of a finished run is kept for so long."),
        Span(days=30),
        least=Span(seconds=1),
        is_live=True,
    )


@dataclass(frozen=True)
class BackupSettings:
    """Copies of the store that are made by themselves."""

    is_daily: bool = setting(
        _("Daily backup"), _("The running engine copies the store once a day."), True, is_live=True
    )
    keep: Span = setting(_("Backups"), _("A daily backup is kept for so long."), Span(days=7), is_live=True)


@dataclass(frozen=True)
class DiskSettings:
    """How much of the workspace's disk stays free."""

    floor_mib: int = setting(
        _("Floor of the disk"),
        _("No run starts while fewer MiB are free; those that run go on. 0 for none."),
        256,
        least=0,
        most=1 << 20,
        is_live=True,
    )
    ballast_mib: int = setting(
        _("Ballast"),
        _("So many MiB are held in reserve, to record endings on a full disk. 0 for none."),
        16,
        least=0,
        most=1 << 14,
    )


@dataclass(frozen=True)
class PluginSettings:
    """Where plugins come from, and what they may take."""

    folders: str = setting(
        _("More folders of plugins"),
        _("Beside `plugins` of the workspace and of your own settings; several with : between them."),
        "",
        is_live=True,
    )
    own: str = setting(
        _("Folders that I write"),
        _(
            "What is put into these is loaded at once, and may run inside the engine. In the others each change waits "
            "for somebody to allow it, and runs in processes of its own."
        ),
        "",
        is_live=True,
    )
    memory_mib: int = setting(
        _("Memory of a plugin"),
        _("So many MiB of data may the process of a handler have. 0 for no limit."),
        1024,
        least=0,
        most=1 << 20,
        is_live=True,
    )


@dataclass(frozen=True)
class StoreSettings:
    """Where jobs and history are."""

    url: str = setting(
        _("Store"),
        _("A PostgreSQL database for a team, as postgresql://user@host/database; a file in the workspace if empty."),
        "",
    )


@dataclass(frozen=True)
class Settings:
    """Every section."""

    engine: EngineSettings = field(default_factory=EngineSettings)
    retention: RetentionSettings = field(default_factory=RetentionSettings)
    backup: BackupSettings = field(default_factory=BackupSettings)
    disk: DiskSettings = field(default_factory=DiskSettings)
    plugins: PluginSettings = field(default_factory=PluginSettings)
    store: StoreSettings = field(default_factory=StoreSettings)


#: A caller's execution id stays known for so long (SEMANTICS: never below catch-up window + retry horizon + 1 day).
EXECUTION_ID_WINDOW = timedelta(days=30)


def names() -> Iterator[tuple[str, Field[Any]]]:
    """Every setting as `section.field`, with its field."""
    for section in fields(Settings):
        for each in fields(getattr(Settings(), section.name)):
            yield f"{section.name}.{each.name}", each


def value_of(settings: Settings, name: str) -> Any:
    """The value of `section.field`."""
    section, _dot, key = name.partition(".")
    return getattr(getattr(settings, section), key)


def load(home: Path) -> Settings:
    """The settings of a workspace; Known with the field's path when the file does not fit."""
    return _settings_of(_raw(_text(home)), FILE)


def named(home: Path) -> set[str]:
    """The settings that the file of a workspace names itself."""
    raw = _raw(_text(home))
    return {f"{section}.{key}" for section, values in raw.items() if isinstance(values, dict) for key in values}


def keep(home: Path, name: str, value: Any) -> None:
    """Write a setting into the workspace's file, or with None take it out; whatever else stands there stays.

    Known, and nothing is changed, when the value does not fit or when the file is written in a way that is not
    understood well enough.
    """
    before = _text(home)
    section, _dot, key = name.partition(".")
    kept = None if value is None else plain(value)
    if value is not None:
        require_fitting(name, value)
    _settings_of(_raw(before), FILE)
    try:
        after = toml_text.put(before, section, key, kept)
    except ValueError:
        line = "" if kept is None else f"{key} = {toml_text.written(kept)}"
        raise Known(
            _(
                "{file} is written in a way that can't be changed from here: open it and let the section [{section}] "
                "have the line {line}",
                file=FILE,
                section=section,
                line=line or f"# {key}",
            )
        ) from None
    if after != before:
        _write(home / FILE, after)


def require_fitting(name: str, value: Any) -> None:
    """Known, with the name, unless a setting can have this value."""
    section, _dot, key = name.partition(".")
    _settings_of({section: {key: plain(value)}}, "")


def _write(file: Path, text: str) -> None:
    """All of it or nothing, and for the owner's eyes only."""
    new = file.with_name(f"{file.name}.new")
    new.touch(0o600)
    new.chmod(0o600)
    with new.open("w", encoding="utf-8", newline="") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    new.replace(file)


def _text(home: Path) -> str:
    try:
        with (home / FILE).open(encoding="utf-8", newline="") as file:
            return file.read()
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError as error:
        raise _no_toml(error) from None


def _raw(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _no_toml(error) from None


def _no_toml(error: Exception) -> Known:
    return Known(_("{file} is not TOML: {error}", file=FILE, error=str(error)[:200]))


def _settings_of(raw: dict[str, Any], place: str) -> Settings:
    _require_known(raw)
    read = convert(raw, Settings, place)
    for name, each in names():
        _require_bounds(f"{place}.{name}".lstrip("."), value_of(read, name), each.metadata)
    return read


def _require_bounds(place: str, value: Any, told: Any) -> None:
    least, most = told["least"], told["most"]
    if least is not None and value < least:
        what = _("{value} is too little: at least {least} is wanted", value=str(value), least=str(least))
        raise Known(_("{place}: {what}", place=place, what=what))
    if most is not None and value > most:
        what = _("{value} is too much: at most {most} is allowed", value=str(value), most=str(most))
        raise Known(_("{place}: {what}", place=place, what=what))


def _require_known(raw: dict[str, Any]) -> None:
    sections = {each.name: {part.name for part in fields(getattr(Settings(), each.name))} for each in fields(Settings)}
    for section, values in raw.items():
        if section not in sections:
            raise Known(unknown_field(section, set(sections)))
        for name in values if isinstance(values, dict) else ():
            if name not in sections[section]:
                raise Known(_("{place}: {what}", place=section, what=unknown_field(name, sections[section])))
