"""The bundled handlers, each loaded as the engine loads it."""

import functools

from watchkeeper.model import places
from watchkeeper.plugin.contract import Spec
from watchkeeper.plugin.loader import load


@functools.cache
def bundled(name: str) -> Spec:
    """The one handler of a bundled file or folder."""
    loaded = load(places.plugins() / name, is_bundled=True)
    assert loaded.file.error is None, loaded.file.traceback
    (spec,) = loaded.specs
    return spec
