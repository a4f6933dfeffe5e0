"""Ask every host whether it answers; replaced by the handler http."""

from watchkeeper.plugin import Context, handler

NAME = "Old probe"
__version__ = "0.1"


@handler("old.probe", title="Probe all hosts")
def probe(ctx: Context) -> None: ...
