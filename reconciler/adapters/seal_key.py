"""The key that sensitive values are sealed with: from the environment, or kept on this machine."""

import hashlib
import os
import secrets
from pathlib import Path

VARIABLE = "RECONCILE_SEAL_KEY"


def seal_key(folder: Path) -> bytes:
    """The key; made once and kept at mode 0600 when the environment has none.

    Jobs on different machines that compare plans with sensitive changes share the variable.
    """
    given = os.environ.get(VARIABLE)
    if given:
        return hashlib.sha256(given.encode()).digest()
    path = folder / "seal.key"
    try:
        return bytes.fromhex(path.read_text(encoding="ascii"))
    except FileNotFoundError:
        pass
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = secrets.token_bytes(32)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return bytes.fromhex(path.read_text(encoding="ascii"))
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(key.hex())
    return key
