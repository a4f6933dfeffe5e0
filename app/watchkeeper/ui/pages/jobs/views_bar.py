"""Views where they are reached: as chips beside the title, and in the menu of the button beside the query bar."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QWidget

from watchkeeper.model.text import Text, _
from watchkeeper.ui.commands import Command
from watchkeeper.ui.console import Console
from watchkeeper.ui.pages.jobs.views import View, Views
from watchkeeper.ui.widgets.menu_button import MenuButton
from watchkeeper.ui.widgets.name_dialog import NameDialog
from watchkeeper.ui.widgets.segmented import Segmented

#: Views that have keys of their own.
_WITH_KEYS = 9


class ViewsBar(QWidget):
    """`now` tells the view as the table stands. It holds the chips; `button` is put elsewhere."""

    #: The table is to be as a view says.
    chosen = Signal(object)

    def __init__(self, console: Console, views: Views, now: Callable[[], View]) -> None:
        super().__init__()
        self._console, self.views, self._now = console, views, now
        #: The view that was chosen last; what is changed since can be saved in it.
        self.current: View | None = None
        self.chips = Segmented(
            self._choices(len(views.all)), self._take_chip, name=_("View"), is_chips=True, parent=self
        )
        self.button = MenuButton(_("Views"), self.open_menu, kind="menu-field", icon="ui/star")
        self.follow()

    def follow(self) -> None:
        """Tell which view the table shows, if it is one."""
        now = self._now()
        fitting = [view for view in self.views.all if _is_shown(view, now)]
        shown = self.current if self.current in fitting else next(reversed(fitting), None)
        self.current = shown or self.current
        self._fit()
        self.button.say(shown.name if shown is not None else _("Views"))

    def show_view(self, view: View) -> None:
        """Let the table be as a view says."""
        self.current = view
        self.chosen.emit(view)
        self.follow()

    def commands(self) -> list[Command]:
        """The first nine, by their keys."""
        return [
            Command(f"jobs.view.{n}", _("View: {name}", name=view.name), partial(self.show_view, view), (f"Alt+{n}",))
            for n, view in enumerate(self.views.all[:_WITH_KEYS], 1)
        ]

    def open_menu(self) -> None:
        """All views, and what can be done with them."""
        below = self.button.mapToGlobal(self.button.rect().bottomLeft())
        self._console.menu([*self._of_views(), *self._deeds()], below)

    def save_as(self) -> None:
        """Save the table as it stands under a name."""
        self._ask(_("Save the view"), "", None, self._save)

    def sizeHint(self) -> QSize:
        return self.chips.sizeHint()

    def resizeEvent(self, event: object) -> None:
        self._fit()

    def _of_views(self) -> list[Command]:
        now = self._now()
        return [
            Command(
                f"jobs.view.{n}",
                Text("{name}", {"name": view.name}),
                partial(self.show_view, view),
                (f"Alt+{n}",) if n <= _WITH_KEYS else (),
                "ui/check" if _is_shown(view, now) else "",
            )
            for n, view in enumerate(self.views.all, 1)
        ]

    def _deeds(self) -> list[Command]:
        deeds = [Command("jobs.view.save", _("Save as…"), self.save_as, icon="ui/save")]
        view = self.current
        if view is not None and view.is_own:
            if not _is_shown(view, self._now()):
                title = _("Save in {name}", name=view.name)
                deeds.append(Command("jobs.view.keep", title, partial(self._save, str(view.name)), icon="ui/save"))
            deeds += [
                Command("jobs.view.rename", _("Rename {name}…", name=view.name), self._rename, icon="ui/edit"),
                Command("jobs.view.delete", _("Delete {name}", name=view.name), self._delete, icon="ui/trash"),
            ]
        return deeds

    def _ask(self, title: Text, value: str, view: View | None, carry_out: Callable[[str], object]) -> None:
        def refuse(name: str) -> Text | None:
            return self.views.refusal(name, view)

        self._console.lay_over(NameDialog(title, _("Name of the view"), value, refuse, carry_out))

    def _save(self, name: str) -> None:
        view = self._now().named(name)
        self.views.save(view)
        self._changed(view)

    def _rename(self) -> None:
        view = self.current
        if view is not None and view.is_own:
            self._ask(_("Rename the view"), str(view.name), view, self._take_name)

    def _take_name(self, name: str) -> None:
        if self.current is not None:
            self._changed(self.views.rename(self.current, name))

    def _delete(self) -> None:
        view = self.current
        if view is not None and view.is_own:
            number = self.views.delete(view)
            self._changed(None)
            undo = partial(self._put_back, view, number)
            self._console.toast(_("The view {name} is deleted", name=view.name), glyph="status/success", undo=undo)

    def _put_back(self, view: View, number: int) -> None:
        self.views.put_back(view, number)
        self._changed(view)

    def _changed(self, current: View | None) -> None:
        self.current = current
        self.follow()
        self._console.commands.set_page([*self._others(), *self.commands()])

    def _others(self) -> list[Command]:
        return [each for each in self._console.commands.of_page() if not each.id.startswith("jobs.view.")]

    # Chips.

    def _choices(self, most: int) -> list[tuple[str, Text | str]]:
        return [(str(number), view.name) for number, view in enumerate(self.views.all[:most])]

    def _fit(self) -> None:
        """As many as there is room for."""
        most, now = len(self.views.all), self._now()
        self.chips.offer(self._choices(most))
        while most > 1 and self.chips.sizeHint().width() > self.width():
            most -= 1
            self.chips.offer(self._choices(most))
        fitting = [n for n, view in enumerate(self.views.all[:most]) if _is_shown(view, now)]
        mine = [n for n in fitting if self.views.all[n] == self.current]
        self.chips.show_choice(str((mine or fitting)[-1]) if fitting else None)

    def _take_chip(self) -> None:
        self.show_view(self.views.all[int(self.chips.chosen)])


def _is_shown(view: View, now: View) -> bool:
    """Whether the table stands as the view says, as far as that says something."""
    asked = ((view.query, now.query), (view.sort, now.sort), (view.is_grouped, now.is_grouped))
    return all(said in (None, stands) for said, stands in (*asked, (view.columns, now.columns)))
