"""What goes into a wheel besides the package: the plugins and the resources, with the translations compiled."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Belongings(BuildHookInterface[Any]):
    """Hatchling calls this before it collects the files; an editable install finds them in the checkout."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """`version` is standard or editable."""
        root = Path(self.root)
        _compile_translations(root)
        if version == "standard":
            for name in ("plugins", "resources"):
                build_data["force_include"][str(root / name)] = f"watchkeeper/_data/{name}"


def _compile_translations(root: Path) -> None:
    sys.path.insert(0, str(root / "packaging"))
    try:
        from translations import compile_all
    finally:
        del sys.path[0]
    compile_all(root / "resources" / "translations")
