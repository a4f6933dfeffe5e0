"""Where a page lies in a window: the page, the inspector beside it, and what comes over them for a while."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from watchkeeper.model.text import Text
from watchkeeper.ui.console import Console
from watchkeeper.ui.pages.page import Page
from watchkeeper.ui.shell.deeds import Deeds
from watchkeeper.ui.shell.toasts import Toasts
from watchkeeper.ui.theme.pale import pale
from watchkeeper.ui.widgets.banner import Banner
from watchkeeper.ui.widgets.veil import Veil
from watchkeeper.ui.widgets.words import plain

#: Milliseconds between two looks at how old something is.
BEAT = 1_000


class Berth(QWidget):
    """One in each window. `below`: px at the lower edge of the window that toasts leave free."""

    def __init__(self, window: QWidget, *, below: int = 0) -> None:
        super().__init__(window)
        self._window = window
        self.stack, self.inspector = QStackedWidget(), QStackedWidget()
        self._beside = Beside(self.inspector)
        self._is_inspecting, self._has_room_beside = False, True
        self.toasts = Toasts(window, below)
        self.banner = Banner()
        self._aging = QTimer(self)
        self._aging.setInterval(BEAT)
        self._aging.timeout.connect(self.show_age)
        across = QSplitter(Qt.Orientation.Horizontal)
        across.addWidget(self._column())
        across.addWidget(self._beside)
        across.setStretchFactor(0, 1)
        across.setCollapsible(0, False)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(across)

    @property
    def page(self) -> Page | None:
        """The page that is shown."""
        page = self.stack.currentWidget()
        return page if isinstance(page, Page) else None

    def inspect(self, widget: QWidget | None) -> None:
        """Show a widget in the inspector, or close it."""
        self._is_inspecting = widget is not None
        if widget is not None:
            if self.inspector.indexOf(widget) < 0:
                self.inspector.addWidget(widget)
            self.inspector.setCurrentWidget(widget)
        self._beside.setVisible(self._is_inspecting and self._has_room_beside)

    def toggle_inspector(self) -> None:
        """Give the inspector's room to the page, or give it back."""
        self._has_room_beside = not self._has_room_beside
        self._beside.setVisible(self._is_inspecting and self._has_room_beside)

    def toast(self, text: Text | str, /, *, glyph: str = "", undo: Callable[[], None] | None = None) -> None:
        """Say something for a few seconds."""
        self.toasts.show_toast(text, glyph, undo)

    def show_age(self) -> None:
        """Say how old it is what the page shows, if it may be no longer so; its values are pale then."""
        page = self.page
        is_stale = page is not None and page.freshness.is_stale
        self.banner.say(page.freshness.words if page is not None and is_stale else None, glyph="status/lost")
        for each in self.stack.findChildren(Page, options=Qt.FindChildOption.FindDirectChildrenOnly):
            pale().set_pale(each, is_stale and each is page)
        pale().set_pale(self.inspector, is_stale)
        self._aging.start() if is_stale else self._aging.stop()

    def _column(self) -> QWidget:
        made = QWidget()
        layout = QVBoxLayout(made)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.banner)
        layout.addWidget(self.stack, 1)
        return made

    def lay_over(self, panel: QWidget) -> Veil:
        """Lay a panel over the window; Escape takes it away."""
        veil = Veil(self._window, panel)
        done = getattr(panel, "done", None)
        if done is not None:
            done.connect(veil.close_veil)
        veil.open()
        return veil


class Beside(QScrollArea):
    """Room for the inspector; what is higher than the window scrolls."""

    def __init__(self, inspector: QStackedWidget) -> None:
        super().__init__()
        plain(self, 1)
        self._inspector = inspector
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(inspector)
        self.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The scroll area watches what it holds."""
        if event.type() is QEvent.Type.LayoutRequest:
            self._fit()
        return super().eventFilter(watched, event)

    def _fit(self) -> None:
        wanted = self._inspector.minimumSizeHint()
        bar = self.verticalScrollBar().sizeHint().width() if wanted.height() > self.height() else 0
        self.setMinimumWidth(wanted.width() + bar)


class Mooring:
    """Ties one page to the berth where it lies now: the ports of its console lead there."""

    def __init__(self, berth: Berth) -> None:
        self.berth = berth
        self.page: Page | None = None
        self._inspected: QWidget | None = None
        self._shown: list[QWidget] = []

    def console(self, console: Console, deeds: Deeds) -> Console:
        """The window's console, with ports of this page's own."""
        mine = deeds.elsewhere(self.toast, self.lay_over)
        return replace(
            console,
            inspect=self.inspect,
            toast=self.toast,
            lay_over=self.lay_over,
            act=mine.act,
            act_many=mine.act_many,
        )

    def tie(self, page: Page) -> None:
        """The page that was made with this console."""
        self.page = page
        self.berth.stack.addWidget(page)
        page.freshness.changed.connect(self._show_age)

    def show(self) -> None:
        """Let the page be the one that is seen, with the inspector as it was left."""
        assert self.page is not None
        self.berth.stack.setCurrentWidget(self.page)
        self.berth.inspect(self._inspected)
        self.berth.show_age()

    def move(self, berth: Berth) -> None:
        """To another window, with all that belongs to the page."""
        self._take_out()
        self.berth = berth
        if self.page is not None:
            berth.stack.addWidget(self.page)
        self.show()

    def let_go(self) -> None:
        """The page is closed."""
        self._take_out()
        for widget in (*self._shown, self.page):
            if widget is not None:
                widget.deleteLater()

    def inspect(self, widget: QWidget | None) -> None:
        """Port: a page that is not seen gets its inspector when it is seen again."""
        self._inspected = widget
        if widget is not None and widget not in self._shown:
            self._shown.append(widget)
        if self.berth.page is self.page:
            self.berth.inspect(widget)

    def toast(self, text: Text | str, /, *, glyph: str = "", undo: Callable[[], None] | None = None) -> None:
        """Port."""
        self.berth.toast(text, glyph=glyph, undo=undo)

    def lay_over(self, panel: QWidget) -> Veil:
        """Port."""
        return self.berth.lay_over(panel)

    def _show_age(self) -> None:
        if self.berth.page is self.page:
            self.berth.show_age()

    def _take_out(self) -> None:
        if self.berth.page is self.page:
            self.berth.inspect(None)
        for widget in self._shown:
            # The page keeps it, else it would end with the window that is left.
            widget.setParent(self.page)
        if self.page is not None:
            self.berth.stack.removeWidget(self.page)
