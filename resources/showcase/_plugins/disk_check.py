"""Tell how full a disk is, and fail beyond a share."""

import shutil
from dataclasses import dataclass

from watchkeeper.plugin import Context, Fail, handler, param

NAME = "Disk check"
__version__ = "2.0"


@dataclass(frozen=True)
class Params:
    path: str = param("Path", default="/")
    most: float = param("At most", default=0.9, help="A share between 0 and 1")


@handler("disk.check", title="Check a disk")
def check(ctx: Context, p: Params) -> dict[str, object]:
    disk = shutil.disk_usage(p.path)
    used = disk.used / disk.total
    if used > p.most:
        raise Fail(f"{p.path} is {used:.0%} full, at most {p.most:.0%} are wanted")
    return {"used": round(used, 3)}
