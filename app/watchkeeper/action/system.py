"""What the operating system says no with, in words that exist in every language."""

import errno

from watchkeeper.model.text import Text, _

_REASONS = {
    errno.ENOENT: _("there is no such file or folder"),
    errno.EACCES: _("permission denied"),
    errno.EPERM: _("this is not permitted"),
    errno.EEXIST: _("it exists already"),
    errno.EISDIR: _("it is a folder"),
    errno.ENOTDIR: _("a part of its path is no folder"),
    errno.ENAMETOOLONG: _("its name is too long"),
    errno.ENOSPC: _("the disk is full"),
    errno.EDQUOT: _("your share of the disk is used up"),
    errno.EROFS: _("the disk can only be read"),
    errno.EIO: _("the disk reports an error"),
    errno.EMFILE: _("too many files are open"),
    errno.ECONNREFUSED: _("nobody answers there"),
}


def reason_of(error: OSError | ValueError) -> Text | str:
    """Why it was refused; as the system says it where we have no words of our own."""
    known = _REASONS.get(getattr(error, "errno", None) or 0)
    return known or getattr(error, "strerror", None) or str(error)[:300]
