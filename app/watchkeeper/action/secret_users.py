"""Which jobs name a secret in their parameters."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import msgspec

from watchkeeper.model.errors import Known
from watchkeeper.model.ids import JobId
from watchkeeper.model.secret import PART
from watchkeeper.plugin.registry import Registry
from watchkeeper.plugin.schema import params_of, secrets_of
from watchkeeper.store import jobs, secrets
from watchkeeper.store.tx import Tx

#: Jobs that are read at a time.
_PAGE = 500


class SecretUser(msgspec.Struct, frozen=True):
    """A job that names a secret."""

    job_id: JobId
    job: str
    handler: str
    is_enabled: bool


def users_of(tx: Tx, registry: Registry, name: str) -> list[SecretUser]:
    """The jobs that name it, by name; a part of it counts as well."""
    return [user for user, _names in _users(tx, registry, {name})]


def users_by_secret(tx: Tx, registry: Registry) -> dict[str, list[SecretUser]]:
    """The jobs that name each of the secrets that there are, by name."""
    found: dict[str, list[SecretUser]] = {}
    for user, named in _users(tx, registry, {each.name for each in secrets.all(tx)}):
        for name in named:
            found.setdefault(name, []).append(user)
    return found


def _users(tx: Tx, registry: Registry, names: Collection[str]) -> Iterator[tuple[SecretUser, set[str]]]:
    """The jobs that name any of these, each with those that it names."""
    after = ""
    while names and (page := jobs.page(tx, after=after, limit=_PAGE)):
        for job in page:
            if not _could_name(job.spec.params, names):
                continue
            if named := _named(registry, job.spec.handler, job.spec.params).intersection(names):
                yield SecretUser(job.id, job.name, job.spec.handler, job.spec.is_enabled), named
        after = page[-1].name


def _named(registry: Registry, handler: str, params: Mapping[str, Any]) -> set[str]:
    try:
        named = secrets_of(params_of(registry.handler(handler), params))
    except Known:
        return set()
    return {each.partition(PART)[0] for each in named}


def _could_name(params: Any, names: Collection[str]) -> bool:
    """Whether one of the words stands anywhere in it; parameters are read only where it does."""
    if isinstance(params, str):
        return params.partition(PART)[0] in names
    if isinstance(params, Mapping):
        return any(_could_name(each, names) for each in params.values())
    return isinstance(params, (list, tuple)) and any(_could_name(each, names) for each in params)
