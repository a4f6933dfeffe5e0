"""Whoever does something, and what they may do."""

import getpass
import os
from dataclasses import dataclass

from watchkeeper.access.permission import Permission
from watchkeeper.model.errors import Refused
from watchkeeper.model.text import _


@dataclass(frozen=True)
class Actor:
    """A person or program by name, with its permissions."""

    name: str
    permissions: frozenset[Permission]

    def require(self, permission: Permission, scope: str = "") -> None:
        """Refused unless the actor has `permission` over `scope`, the name of a job or empty for the workspace."""
        if permission in self.permissions:
            return
        if scope:
            raise Refused(
                _(
                    "{actor} may not do this with {scope}: the permission {permission} is missing",
                    actor=self.name,
                    scope=scope,
                    permission=permission,
                )
            )
        raise Refused(
            _("{actor} may not do this: the permission {permission} is missing", actor=self.name, permission=permission)
        )


def local_operator() -> Actor:
    """The owner of this process, who holds all permissions."""
    return Actor(_account(), frozenset(Permission))


def _account() -> str:
    """The account's name as the system knows it, not as the environment claims it."""
    if not hasattr(os, "getuid"):
        return getpass.getuser()
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"uid {os.getuid()}"
