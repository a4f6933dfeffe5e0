"""Watchkeeper keeps the time and keeps the watch: a job scheduler with its operations console."""

__version__ = "0.1.0"
