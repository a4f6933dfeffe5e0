"""The program's own settings, one frozen dataclass per section; `settings.toml` in the workspace may change them."""

import json
import os
import tomllib
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from watchkeeper.model.codec import convert
from watchkeeper.model.errors import Known
from watchkeeper.model.span import Span
from watchkeeper.model.text import Text, _


def setting(label: Text, help: Text, default: Any) -> Any:
    """A field with what its form and its help page say."""
    return field(default=default, metadata={"label": label, "help": help})


@dataclass(frozen=True)
class EngineSettings:
    """How much runs at once, and for how long an engine holds its workspace."""

    local_slots: int = setting(
        _("Slots of this machine"),
        _("So many processes run at once; the rest waits in the queue."),
        max(8, 4 * (os.cpu_count() or 2)),
    )
    inside_slots: int = setting(_("Slots inside the engine"), _("So many handlers without a process run at once."), 64)
    lease: Span = setting(
        _("Lease"), _("An engine that is not heard of for so long may be replaced."), Span(seconds=15)
    )

    def slots(self) -> dict[str, int]:
        """The slots by place."""
        return {"local": self.local_slots, "inside": self.inside_slots}


@dataclass(frozen=True)
class RetentionSettings:
    """How long the past is kept."""

    runs: Span = setting(_("Runs"), _("A finished run is kept for so long."), Span(days=90))
    logs: Span = setting(_("Logs"), _("The log of a finished run is kept for so long."), Span(days=30))


@dataclass(frozen=True)
class BackupSettings:
    """Copies of the store that are made by themselves."""

    is_daily: bool = setting(_("Daily backup"), _("The running engine copies the store once a day."), True)
    keep: Span = setting(_("Backups"), _("A daily backup is kept for so long."), Span(days=7))


@dataclass(frozen=True)
class DiskSettings:
    """How much of the workspace's disk stays free."""

    floor_mib: int = setting(
        _("Floor of the disk"), _("No run starts while fewer MiB are free; those that run go on. 0 for none."), 256
    )
    ballast_mib: int = setting(
        _("Ballast"), _("So many MiB are held in reserve, to record endings on a full disk. 0 for none."), 16
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
    store: StoreSettings = field(default_factory=StoreSettings)


#: A caller's execution id stays known for so long (SEMANTICS: never below catch-up window + retry horizon + 1 day).
EXECUTION_ID_WINDOW = timedelta(days=30)


def keep_store(home: Path, url: str) -> None:
    """Write into the settings of a workspace that its store is at `url`; Known when it has another section for that."""
    file = home / "settings.toml"
    if load(home).store.url == url:
        return
    before = file.read_text(encoding="utf-8").rstrip() + "\n\n" if file.is_file() else ""
    line = f"url = {json.dumps(url, ensure_ascii=False)}"
    if "store" in tomllib.loads(before):
        raise Known(_("write {line} into the section [store] of {file}", line=line, file=file.name))
    whole = home / "settings.toml.new"
    whole.touch(0o600)
    whole.write_text(f"{before}[store]\n{line}\n", encoding="utf-8")
    whole.replace(file)


def load(home: Path) -> Settings:
    """The settings of a workspace; Known with the field's path when the file does not fit."""
    file = home / "settings.toml"
    if not file.is_file():
        return Settings()
    try:
        raw = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Known(_("{file} is not TOML: {error}", file=file.name, error=str(error)[:200])) from None
    _require_known(raw)
    return convert(raw, Settings, file.name)


def _require_known(raw: dict[str, Any]) -> None:
    from dataclasses import fields

    from watchkeeper.model.codec import unknown_field

    sections = {
        each.name: {part.name for part in fields(type(getattr(Settings(), each.name)))} for each in fields(Settings)
    }
    for section, values in raw.items():
        if section not in sections:
            raise Known(unknown_field(section, set(sections)))
        for name in values if isinstance(values, dict) else ():
            if name not in sections[section]:
                raise Known(_("{place}: {what}", place=section, what=unknown_field(name, sections[section])))
