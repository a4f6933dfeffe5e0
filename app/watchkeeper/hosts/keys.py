"""The key of an attempt on a host."""

import hashlib


def attempt_key(workspace_id: str, execution_id: str, attempt: int) -> str:
    """First 32 hex of SHA-256(workspace id, NUL, ExecutionId), a dot, and the attempt from 1."""
    digest = hashlib.sha256(f"{workspace_id}\0{execution_id}".encode("utf-8", "surrogatepass")).hexdigest()
    return f"{digest[:32]}.{attempt}"
