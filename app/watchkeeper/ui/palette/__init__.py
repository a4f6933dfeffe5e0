"""Ctrl+K: finds jobs, runs, pages, settings and commands by a few letters."""

from watchkeeper.ui.palette.offers import Ports, command_offers, setting_offers
from watchkeeper.ui.palette.panel import Palette

__all__ = ["Palette", "Ports", "command_offers", "setting_offers"]
