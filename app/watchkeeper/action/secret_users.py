"""Which jobs name a secret in their parameters."""

from collections.abc import Mapping
from typing import Any

import msgspec

from watchkeeper.model.errors import Known
from watchkeeper.model.ids import JobId
from watchkeeper.model.secret import PART
from watchkeeper.plugin.registry import Registry
from watchkeeper.plugin.schema import params_of, secrets_of
from watchkeeper.store import jobs
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
    found: list[SecretUser] = []
    after = ""
    while page := jobs.page(tx, after=after, limit=_PAGE):
        found += [
            SecretUser(job.id, job.name, job.spec.handler, job.spec.is_enabled)
            for job in page
            if _could_name(job.spec.params, name) and name in _named(registry, job.spec.handler, job.spec.params)
        ]
        after = page[-1].name
    return found


def _named(registry: Registry, handler: str, params: Mapping[str, Any]) -> set[str]:
    try:
        named = secrets_of(params_of(registry.handler(handler), params))
    except Known:
        return set()
    return {each.partition(PART)[0] for each in named}


def _could_name(params: Any, name: str) -> bool:
    """Whether the words stand anywhere in it; parameters are read only where they do."""
    if isinstance(params, str):
        return params.partition(PART)[0] == name
    if isinstance(params, Mapping):
        return any(_could_name(each, name) for each in params.values())
    return isinstance(params, (list, tuple)) and any(_could_name(each, name) for each in params)
