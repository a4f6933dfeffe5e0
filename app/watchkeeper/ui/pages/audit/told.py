"""What an entry of the audit trail tells, as text: what it was like before, and after."""

from watchkeeper.model import codec


def told(value: object, indent: int = 0) -> str:
    """Nested values as indented lines; nothing is cut."""
    pad = "  " * indent
    if isinstance(value, dict):
        lines = (
            f"{pad}{name}:\n{told(each, indent + 1)}"
            if isinstance(each, dict | list) and each
            else f"{pad}{name}: {_flat(each)}"
            for name, each in value.items()
        )
        return "\n".join(lines)
    if isinstance(value, list):
        return "\n".join(f"{pad}- {told(each, indent + 1).strip()}" for each in value)
    return pad + _flat(value)


def _flat(value: object) -> str:
    return value if isinstance(value, str) else codec.encode(value).decode()
