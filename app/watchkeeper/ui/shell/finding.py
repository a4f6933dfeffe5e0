"""Opens the palette over a window, with all that the window offers; imported when it is first wanted."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from watchkeeper.ui.palette.found import Section
    from watchkeeper.ui.shell.window import Window


def open_palette(window: "Window", section: "Section | None" = None) -> None:
    """Search in everything, or in a section to begin with."""
    from watchkeeper.ui.pages.settings.own import own_sections
    from watchkeeper.ui.pages.settings.program import program_sections
    from watchkeeper.ui.palette import Palette, Ports, command_offers, setting_offers

    sections = (*own_sections(window.console), *program_sections(window.console))
    fields = [item.field for section in sections for item in section.items]
    ports = Ports(window.go, window.deeds.begin, window.copy_link, window.zone)
    offers = (*command_offers(window.commands, window.carry_out), *setting_offers(fields, window.go))
    palette = Palette(window.console.desk, window.console.memory, offers, ports, window.toast)
    if section is not None:
        palette.show_section(section)
    window.lay_over(palette)


def open_jobs(window: "Window") -> None:
    """Search for a job, or for a run by its number."""
    from watchkeeper.ui.palette.found import Section

    open_palette(window, Section.JOBS)
