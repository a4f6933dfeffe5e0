"""The person's own folder, which is nobody else's business."""

import re
from pathlib import Path


def without_home(words: str, home: Path | None = None) -> str:
    """The words with ~ in place of the home folder."""
    folder = str(home or Path.home())
    return re.sub(rf"{re.escape(folder)}(?![\w.-])", "~", words) if len(folder) > 1 else words
