"""Fail while a disk is too full.

handler: disk.trend
params: {path: /srv, least: 0.2}
"""

import shutil
from dataclasses import dataclass

from watchkeeper.plugin import Context, Fail, handler, param

NAME = "Disk trend"
__version__ = "2.1"


@dataclass(frozen=True)
class Params:
    path: str = param("Folder", placeholder="/srv")
    least: float = param("Free at least", default=0.1, help="As a part of the whole")


@handler("disk.trend", title="Disk trend", is_repeatable=True)
def trend(ctx: Context, p: Params) -> dict[str, object]:
    usage = shutil.disk_usage(p.path)
    if usage.free < p.least * usage.total:
        raise Fail(f"{p.path} has {usage.free >> 30} GiB left")
    return {"free_gib": usage.free >> 30}
