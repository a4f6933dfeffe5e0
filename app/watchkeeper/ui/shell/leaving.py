"""What closing and quitting mean: the first close asks once, quitting says what becomes of what runs."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from watchkeeper.model.text import _, plural
from watchkeeper.ui.widgets.question import Question

if TYPE_CHECKING:
    from watchkeeper.ui.shell.window import Window

#: Remembered: hide or quit.
CLOSING = "window.closing"


class Leaving:
    """`quit` ends the program; with True it lets an engine go on without it. `has_engine`: there is one inside."""

    def __init__(self, window: "Window", *, has_tray: bool, quit: Callable[[bool], None], has_engine: bool) -> None:
        self._window, self._has_tray, self._quit, self._has_engine = window, has_tray, quit, has_engine

    def close(self) -> bool:
        """The window is to be closed; whether it may close now."""
        if not self._has_tray:
            self._window.showMinimized()
            return False
        chosen = self._window.console.memory.get(CLOSING, "")
        if chosen == "hide":
            self._window.hide()
        elif chosen == "quit":
            self.quit()
        else:
            self._ask()
        return False

    def quit(self) -> None:
        """End the program, after asking what becomes of the engine if anything runs."""
        status = self._window.status.status
        running = 0 if status is None else status.running
        if not self._has_engine or not running:
            return self._quit(False)
        text = plural(
            "{n} run is under way. It goes on in any case; only an engine that continues notices its end and starts "
            "what comes next.",
            "{n} runs are under way. They go on in any case; only an engine that continues notices their ends and "
            "starts what comes next.",
            running,
        )
        answers = (
            (_("Cancel"), lambda _box: None),
            (_("Stop the engine"), lambda _box: self._quit(False)),
            (_("Engine continues"), lambda _box: self._quit(True)),
        )
        self._window.come_back()
        self._window.lay_over(Question(_("Quit Watchkeeper?"), text, answers))

    def _ask(self) -> None:
        def hide(is_remembered: bool) -> None:
            self._remember("hide", is_remembered)
            self._window.hide()

        def quit_now(is_remembered: bool) -> None:
            self._remember("quit", is_remembered)
            self.quit()

        answers = ((_("Quit"), quit_now), (_("Hide in the tray"), hide))
        text = _("Hidden, it goes on: jobs fire, and the icon in the tray shows how things are.")
        self._window.lay_over(Question(_("Close the window?"), text, answers, _("Remember this")))

    def _remember(self, choice: str, is_remembered: bool) -> None:
        if is_remembered:
            self._window.console.memory.put(CLOSING, choice)
