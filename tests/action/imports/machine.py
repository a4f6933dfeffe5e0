"""The machine that reads in these tests: its user is ann, root and backup are accounts, backup is a program too."""

from watchkeeper.action.imports.found import Found, Machine

ANN = Machine(
    user="ann",
    is_account=lambda word: word in ("root", "ann", "backup"),
    is_program=lambda word: word in ("backup", "echo"),
)


def told(found: Found) -> list[tuple[int | None, str]]:
    """The refusals: line and sentence."""
    return [(each.line, str(each.text)) for each in found.refusals]
