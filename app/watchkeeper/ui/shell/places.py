"""Where somebody has been: back and forward."""

#: Places that are remembered.
MOST = 100


class Places:
    """Like the history of a browser: a visit after going back forgets what lay ahead."""

    def __init__(self) -> None:
        self._visited: list[str] = []
        self._at = -1

    def visit(self, place: str) -> None:
        """Somebody is there now."""
        if self._at >= 0 and self._visited[self._at] == place:
            return
        self._visited = [*self._visited[: self._at + 1], place][-MOST:]
        self._at = len(self._visited) - 1

    def back(self) -> str | None:
        """The place before; None at the first."""
        return self._step(-1)

    def forward(self) -> str | None:
        """The place after; None at the last."""
        return self._step(1)

    def _step(self, by: int) -> str | None:
        if not 0 <= self._at + by < len(self._visited):
            return None
        self._at += by
        return self._visited[self._at]
