"""The panels at the right: the next times, the dry run, a version's changes, the job as YAML."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from watchkeeper.action.differences import Difference
from watchkeeper.action.draft import Fix
from watchkeeper.action.dry_run import DryRun, Variable
from watchkeeper.action.preview import Clash, Preview
from watchkeeper.model import codec
from watchkeeper.model.text import Text, _, plural
from watchkeeper.ui.pages.job.facts import Fact, Facts
from watchkeeper.ui.pages.job.schedule.ahead import Ahead
from watchkeeper.ui.pages.job.versions import label_of
from watchkeeper.ui.theme import Role
from watchkeeper.ui.widgets.code import CodeEdit
from watchkeeper.ui.widgets.diff import Changed, DiffView, lines_of
from watchkeeper.ui.widgets.form import WARNING
from watchkeeper.ui.widgets.glyph import Glyph
from watchkeeper.ui.widgets.words import Button, Label, plain
from watchkeeper.ui.words import Spoken


class Panel(QWidget):
    """A title, something small at its right, and below what is told."""

    def __init__(self, title: Text) -> None:
        super().__init__()
        self.title = Label(title, Role.SECTION)
        self.aside = Label("", Role.SMALL, ink=2)
        head = QHBoxLayout()
        head.setContentsMargins(16, 0, 16, 0)
        head.addWidget(self.title)
        head.addStretch(1)
        head.addWidget(self.aside)
        self.inner = QVBoxLayout(self)
        self.inner.setContentsMargins(0, 18, 0, 16)
        self.inner.setSpacing(10)
        self.inner.addLayout(head)
        self.setMinimumWidth(300)


class AheadPanel(Panel):
    """The next ten times; below them the first meeting with another job, with the way out of it."""

    mended = Signal(Fix)

    def __init__(self) -> None:
        super().__init__(_("The next 10 times"))
        self.ahead = Ahead()
        self.remarks = Label("", ink=2)
        self.remarks.setWordWrap(True)
        self.remarks.setContentsMargins(16, 0, 16, 0)
        self.clash = ClashCard()
        self.clash.mended.connect(self.mended)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        body = plain(QWidget(), 1)
        inner = QVBoxLayout(body)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(14)
        inner.addWidget(self.ahead)
        inner.addWidget(self.remarks)
        around = QVBoxLayout()
        around.setContentsMargins(16, 0, 16, 0)
        around.addWidget(self.clash)
        inner.addLayout(around)
        inner.addStretch(1)
        area.setWidget(body)
        self.inner.addWidget(area, 1)

    def show_preview(self, preview: Preview | None, why: Text | None, fix: Fix | None) -> None:
        """What is expected; without a preview why it can't be told."""
        self.ahead.show_fires(*((preview.fires, preview.zone) if preview is not None else ((), "UTC")))
        self.aside.say(preview.zone if preview is not None and preview.fires else "")
        remarks = list(preview.remarks) if preview is not None else [why] if why is not None else []
        if preview is not None and not preview.fires and not remarks:
            remarks = [_("There are no times to tell: nothing starts it by the clock.")]
        self.remarks.say(_joined(remarks) if remarks else "")
        self.remarks.setVisible(bool(remarks))
        self.clash.show_clash(preview.clash if preview is not None else None, fix)


class ClashCard(Spoken, QFrame):
    """Two jobs that want the same."""

    mended = Signal(Fix)

    def __init__(self) -> None:
        super().__init__()
        self._fix: Fix | None = None
        self.setProperty("kind", "card")
        self.glyph = Glyph(WARNING)
        self.title, self.told = Label("", Role.SECTION), Label("", Role.SMALL, ink=2)
        self.title.setWordWrap(True)
        self.told.setWordWrap(True)
        self.shift = Button("", self._mend)
        grid = QHBoxLayout(self)
        grid.setContentsMargins(14, 12, 14, 12)
        grid.setSpacing(10)
        column = QVBoxLayout()
        column.setSpacing(4)
        for part in (self.title, self.told):
            column.addWidget(part)
        column.addSpacing(8)
        column.addWidget(self.shift, alignment=Qt.AlignmentFlag.AlignLeft)
        grid.addWidget(self.glyph, alignment=Qt.AlignmentFlag.AlignTop)
        grid.addLayout(column, 1)
        self.hide()

    def show_clash(self, clash: Clash | None, fix: Fix | None) -> None:
        """Show it, or nothing."""
        self.setVisible(clash is not None)
        self._fix = fix
        self.shift.setVisible(fix is not None)
        if fix is not None:
            self.shift.say(fix.label)
        if clash is None:
            return
        at, until = clash.local[11:16], clash.until_local[11:16]
        self.title.say(
            _("At {time} it meets {jobs} at {shared}", time=at, jobs=", ".join(clash.jobs), shared=clash.shared)
        )
        how_often = plural("once in the next {all}", "{n} times in the next {all}", clash.count, all=clash.looked_at)
        self.told.say(_("It will wait until about {until}; {how_often}.", until=until, how_often=how_often))

    def _mend(self) -> None:
        if self._fix is not None:
            self.mended.emit(self._fix)


class DryRunPanel(Panel):
    """What a run would start."""

    def __init__(self) -> None:
        super().__init__(_("Dry run"))
        self.aside.say(_("nothing is started"))
        self.state = Label("", ink=2)
        self.state.setWordWrap(True)
        self.facts = Facts()
        self.script = CodeEdit(_("Script"))
        self.script.setReadOnly(True)
        self.script.setTabChangesFocus(True)
        self.env_title = Label(_("Environment"), Role.SMALL_TITLE)
        self.env = Facts(200)
        body = plain(QWidget(), 1)
        inner = QVBoxLayout(body)
        inner.setContentsMargins(16, 0, 16, 0)
        inner.setSpacing(10)
        for part in (self.state, self.facts, self.script, self.env_title, self.env):
            inner.addWidget(part)
        inner.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(body)
        self.inner.addWidget(area, 1)

    def show_refusal(self, why: Text) -> None:
        """Why it can't be told."""
        self.state.say(why)
        self.state.show()
        for part in (self.facts, self.script, self.env_title, self.env):
            part.hide()

    def show_run(self, run: DryRun) -> None:
        """Show what would be started."""
        self.state.say(_joined(run.notes))
        self.state.setVisible(bool(run.notes))
        self.facts.show_facts(list(_facts_of(run)))
        self.facts.show()
        self.script.setVisible(run.script is not None)
        if run.script is not None:
            self.script.set_language(run.interpreter)
            self.script.show_text(run.script)
            lines = min(max(run.script.count("\n") + 1, 3), 14)
            self.script.setFixedHeight(lines * self.script.fontMetrics().lineSpacing() + 24)
        for part in (self.env_title, self.env):
            part.setVisible(bool(run.env))
        self.env.show_facts([Fact(each.name, each.value, _origin(each)) for each in run.env])


class VersionPanel(Panel):
    """What a version changed, and the way back to it."""

    restored = Signal(int)

    def __init__(self) -> None:
        super().__init__(_("Changes"))
        self._number = 0
        self.diff = DiffView()
        self.state = Label("", ink=2)
        self.restore = Button("", self._restore, icon="ui/undo")
        row = QHBoxLayout()
        row.setContentsMargins(16, 0, 16, 0)
        row.addWidget(self.restore)
        row.addStretch(1)
        inset = QVBoxLayout()
        inset.setContentsMargins(16, 0, 16, 0)
        inset.addWidget(self.state)
        inset.addWidget(self.diff, 1)
        self.inner.addLayout(row)
        self.inner.addLayout(inset, 1)

    def show_version(self, number: int, newest: int, differences: Sequence[Difference]) -> None:
        """Show what one of them changed."""
        self._number = number
        self.title.say(_("What v{number} changed", number=number) if number else _("Changes"))
        self.restore.setVisible(0 < number < newest)
        self.restore.say(_("Take v{number} back", number=number))
        self.diff.show_fields(changed_fields(differences))
        self.diff.setVisible(bool(differences))
        self.state.setVisible(not differences)
        self.state.say(_("the first version") if number == 1 else _("It changed nothing."))

    def _restore(self) -> None:
        self.restored.emit(self._number)


class YamlPanel(Panel):
    """The job as a file says it."""

    def __init__(self) -> None:
        super().__init__(_("As YAML"))
        self.code = CodeEdit(_("As YAML"), "yaml")
        self.code.setReadOnly(True)
        self.code.setTabChangesFocus(True)
        self.code.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        inset = QVBoxLayout()
        inset.setContentsMargins(16, 0, 16, 0)
        inset.addWidget(self.code)
        self.inner.addLayout(inset, 1)


def changed_fields(differences: Iterable[Difference]) -> list[Changed]:
    """Differences with the words of their fields."""
    return [
        Changed(label_of(each.field), each.field, lines_of(each.before, each.after, each.lines)) for each in differences
    ]


def _facts_of(run: DryRun) -> Iterable[Fact]:
    yield Fact(_("handler"), run.handler)
    if run.argv and not run.is_isolated:
        yield Fact(_("command"), " ".join(run.argv))
    if run.is_process:
        yield Fact(_("folder"), run.cwd or "~")
    for name in run.secrets:
        yield Fact(_("secret file"), name)
    for name, span in run.limits.items():
        yield Fact(label_of(f"timeouts.{name}"), span)
    if run.is_isolated or not run.is_process:
        for name, value in run.params.items():
            yield Fact(name, value if isinstance(value, str) else codec.encode(value).decode())


def _origin(variable: Variable) -> Text:
    return {"job": _("job"), "handler": _("handler")}.get(variable.origin, _("Watchkeeper"))


def _joined(texts: Sequence[Text]) -> Text | str:
    said: Text | str = texts[0] if texts else ""
    for text in texts[1:]:
        said = _("{first}; {rest}", first=said, rest=text)
    return said
