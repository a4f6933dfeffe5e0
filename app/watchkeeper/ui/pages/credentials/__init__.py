"""Credentials: every secret without its value, the vault that keeps them, and what can be done with both."""

from watchkeeper.ui.console import Console
from watchkeeper.ui.pages.credentials.page import CredentialsPage


def page(console: Console, rest: str) -> CredentialsPage:
    return CredentialsPage(console, rest)
