"""Findings about the engine: what it tells of its versions, its clock, its store and its secrets."""

from datetime import datetime, timedelta

from watchkeeper import __version__
from watchkeeper.action.settings import Setting
from watchkeeper.action.system import Facts
from watchkeeper.model.secret import VaultState
from watchkeeper.model.text import Text, _
from watchkeeper.ui.pages.diagnostics.findings import FACT, Finding, Group, warned
from watchkeeper.ui.spans import ago
from watchkeeper.ui.words import locale

#: Apart by more, two clocks tell different times.
_APART = timedelta(seconds=2)
#: Whoever waits longer for a loop notices.
NOTICED = timedelta(milliseconds=250)
#: A daily copy that is older was not made.
_OLD = timedelta(days=2)


def clock_group(facts: Facts, now: datetime) -> Group:
    """`now` is the window's time when the engine answered."""
    return Group(_("Clock"), (_difference(facts.now - now), _synchronised(facts), Finding(_("Time zone"), facts.zone)))


def store_group(facts: Facts, now: datetime, is_daily: bool) -> Group:
    """The store and its copies; `is_daily`: the engine makes one a day."""
    store = facts.store
    size = locale().formattedDataSize(store.size)
    kept = (Finding(_("Journal"), store.journal.upper()),) if store.journal == "wal" else _other_journal(store.journal)
    return Group(
        _("Store"),
        (
            _database(facts),
            Finding(_("Place"), facts.place),
            Finding(_("Schema"), store.schema),
            Finding(_("Size"), size),
            *(kept if store.journal else ()),
            _copy(facts, now, is_daily),
        ),
    )


def secrets_finding(facts: Facts) -> Finding:
    """What keeps secrets."""
    name, told = _("Keyring"), facts.vault.sentence
    if facts.vault.state is VaultState.NONE:
        return Finding(name, told, FACT)
    if facts.vault.state is VaultState.READY:
        return Finding(name, told)
    return warned(name, told, _("Runs that need a secret wait until the vault is ready; the others go on."))


def program_finding(facts: Facts) -> Finding:
    """The version of the window, and that of the engine where it is another."""
    if facts.version == __version__:
        return Finding(_("Watchkeeper"), __version__)
    told = _("{window}; the engine is {engine}", window=__version__, engine=facts.version)
    return warned(_("Watchkeeper"), told, _("Start the engine again, so that both are the same program."))


def lag_finding(name: Text, lag: timedelta | None) -> Finding:
    """How long a loop kept somebody waiting."""
    if lag is None:
        return Finding(name, _("not known: no engine runs behind this window"), FACT)
    told = _("{n} ms at most in the last ten seconds", n=round(lag.total_seconds() * 1000))
    if lag <= NOTICED:
        return Finding(name, told)
    return warned(name, told, _("Something keeps this machine busy: look at what runs there, and at its disk."))


def memory_finding(name: Text, size: int | None) -> Finding:
    """How much memory a process holds."""
    if size is None:
        return Finding(name, _("not known on this system"), FACT)
    return Finding(name, locale().formattedDataSize(size))


def _database(facts: Facts) -> Finding:
    store = facts.store
    told = f"{store.kind} {store.version}"
    if store.is_mended:
        return Finding(_("Database"), told)
    remedy = _("Install pysqlite3: SQLite before 3.51.3 can tear a database that two programs write at once.")
    return warned(_("Database"), told, remedy)


def _other_journal(journal: str) -> tuple[Finding, ...]:
    told = _("{journal} in place of WAL", journal=journal)
    remedy = _("Keep the workspace on a local disk: WAL does not work on a network's.")
    return (warned(_("Journal"), told, remedy),)


def _difference(apart: timedelta) -> Finding:
    if abs(apart) <= _APART:
        return Finding(_("Engine and window"), _("tell the same time"))
    told = _("are {n} s apart", n=round(abs(apart.total_seconds())))
    return warned(_("Engine and window"), told, _("Set the clocks of both machines by the same server (NTP)."))


def _synchronised(facts: Facts) -> Finding:
    name = _("Kept right")
    if facts.is_clock_synchronised is None:
        return Finding(name, _("not known on this system"), FACT)
    if facts.is_clock_synchronised:
        return Finding(name, _("The system keeps the engine's clock right."))
    remedy = _("Let something like systemd-timesyncd or chrony set it: jobs fire by it.")
    return warned(name, _("Nothing keeps the engine's clock right."), remedy)


def _copy(facts: Facts, now: datetime, is_daily: bool) -> Finding:
    name = _("Newest copy")
    if facts.store.kind != "SQLite":
        return Finding(name, _("The server has copies of its own: see pg_dump."), FACT)
    remedy = _("Make one by `watchkeeper workspace backup`.")
    if facts.copied_at is None:
        told = _("none yet")
        return Finding(name, told, FACT, remedy) if is_daily else warned(name, told, remedy)
    told = ago(facts.copied_at, now)
    return Finding(name, told) if now - facts.copied_at < _OLD else warned(name, told, remedy)


def is_copied_daily(settings: list[Setting]) -> bool:
    """Whether the engine copies the store by itself."""
    return any(each.name == "backup.is_daily" and each.value is True for each in settings)
