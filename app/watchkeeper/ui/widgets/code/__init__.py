"""Scripts and files as a programmer reads them: numbered lines, coloured words, indentation by Tab."""

from watchkeeper.ui.widgets.code.editor import CodeEdit

__all__ = ["CodeEdit"]
