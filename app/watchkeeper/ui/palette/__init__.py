"""Ctrl+K: finds jobs, runs, pages and commands by a few letters."""

from watchkeeper.ui.palette.panel import Palette

__all__ = ["Palette"]
