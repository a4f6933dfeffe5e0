"""How settings, and what an engine runs on, look to people."""

from watchkeeper.action.settings import Changed, Setting
from watchkeeper.action.system import Facts
from watchkeeper.cli.overview import span_in_words
from watchkeeper.cli.speech import Speech, local_time
from watchkeeper.model.text import Text, _

Row = tuple[str | Text, ...]

SETTING_HEADER: tuple[Text, ...] = (_("SETTING"), _("VALUE"), _("DEFAULT"), _("TAKES EFFECT"), _("MEANING"))


def setting_row(speech: Speech, setting: Setting) -> Row:
    """One line of `settings show`."""
    if setting.is_pending:
        effect: Text = _("when the engine starts again")
    else:
        effect = _("at once") if setting.is_live else _("at a start")
    default = _("yes") if not setting.is_in_file else _spelled(setting.default)
    return setting.name, _spelled(setting.value), default, effect, setting.help


def show_changed(speech: Speech, changed: Changed) -> None:
    """What it was, and what it is."""
    default = _("the default")
    before, after = (default if each is None else each or '""' for each in (changed.before, changed.after))
    speech.line(_("{name}: {before} → {after}", name=changed.name, before=before, after=after))


def facts_of_system(facts: Facts) -> list[tuple[Text, str | Text]]:
    """Each fact with its name; those that are empty are not shown."""
    return [
        (_("version"), facts.version),
        (Text("Python"), facts.python),
        (_("machine"), facts.machine),
        (_("process"), str(facts.pid)),
        (_("memory"), "" if facts.memory is None else f"{facts.memory >> 20} MiB"),
        (_("lag"), span_in_words(facts.lag)),
        (_("clock"), local_time(facts.now)),
        (_("kept right"), _KEPT[facts.is_clock_synchronised]),
        (_("time zone"), facts.zone),
        (_("workspace"), facts.home),
        (_("store"), facts.place),
        (_("database"), f"{facts.store.kind} {facts.store.version} {facts.store.journal}".rstrip()),
        (_("schema"), facts.store.schema),
        (_("size"), f"{facts.store.size >> 10} KiB"),
        (_("newest copy"), local_time(facts.copied_at)),
        (_("vault"), facts.vault.sentence),
    ]


_KEPT: dict[bool | None, Text] = {True: _("yes"), False: _("no"), None: _("not known")}


def _spelled(value: str | int | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value) or '""'
