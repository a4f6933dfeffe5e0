"""Who may do what."""

import os
import pwd

import pytest

from watchkeeper.access.actor import Actor, local_operator
from watchkeeper.access.permission import Permission
from watchkeeper.model.errors import Refused


def test_the_local_operator_holds_all_and_is_called_as_the_system_calls_the_account(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LOGNAME", "somebody-else")
    monkeypatch.setenv("USER", "somebody-else")
    operator = local_operator()
    assert operator.permissions == frozenset(Permission)
    assert operator.name == pwd.getpwuid(os.getuid()).pw_name


@pytest.mark.parametrize("permission", Permission)
def test_what_is_not_held_is_refused_and_what_is_held_is_not(permission: Permission) -> None:
    Actor("ann", frozenset({permission})).require(permission, "nightly")
    for other in set(Permission) - {permission}:
        with pytest.raises(Refused, match=f"ann.*nightly.*{other}"):
            Actor("ann", frozenset({permission})).require(other, "nightly")
        with pytest.raises(Refused, match=f"ann.*{other}"):
            Actor("ann", frozenset({permission})).require(other)
