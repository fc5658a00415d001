"""The key that values and files are sealed with: from the environment, or kept on this machine."""

import hashlib
import hmac
import os
import re
import secrets
import stat
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

from reconciler.errors import ReconcilerError
from reconciler.files.given_file import open_given
from reconciler.secrets.stored_key import looked_up

VARIABLE = "RECONCILE_SEAL_KEY"
_HEX = re.compile("[0-9a-f]{64}")


class Use(StrEnum):
    """What a key is for; keys for different uses tell nothing about one another."""

    VALUES = "reconcile: sensitive values"
    FILES = "reconcile: plans and receipts"


def shared_key(use: Use, environment: Mapping[str, str] | None = None) -> bytes | None:
    """The key of all who share the variable; None where it is not set, or empty.

    Without an environment, in that of the process.
    """
    variables = os.environ if environment is None else environment
    given = variables.get(VARIABLE, "").strip()  # a secret out of a file ends with a line break
    if not given:
        return None
    key = looked_up(given, VARIABLE, environment)
    return _derived(hashlib.sha256(key.encode()).digest(), use)


def seal_key(
    folder: Path, use: Use = Use.VALUES, environment: Mapping[str, str] | None = None
) -> bytes:
    """The shared key, else this machine's own: made once, and kept at mode 0600.

    Jobs on different machines that compare plans with sensitive changes share the variable.
    """
    return shared_key(use, environment) or _derived(_kept(folder) or _made(folder), use)


def kept_key(folder: Path, use: Use) -> bytes | None:
    """This machine's own key, if it has one."""
    key = _kept(folder)
    return None if key is None else _derived(key, use)


def _derived(key: bytes, use: Use) -> bytes:
    return hmac.digest(key, use.encode(), "sha256")


def _kept(folder: Path) -> bytes | None:
    path = folder / "seal.key"
    try:
        with open_given(path) as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            text = file.read(100).decode(errors="replace").strip()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ReconcilerError(f"{path}: cannot be read: {error.strerror}; {_help(path)}") from error
    if mode & 0o077:  # such as one that a pull request brought along
        raise ReconcilerError(
            f"{path}: found a key that others may read (mode {mode:04o}), and a key that others "
            f"know seals nothing; if it is yours alone: chmod 600 {path}; else {_help(path)}"
        )
    if not _HEX.fullmatch(text):
        raise ReconcilerError(f"{path}: found no key of ours, 64 hex digits; {_help(path)}")
    return bytes.fromhex(text)


def _help(path: Path) -> str:
    return f"remove {path}, and a new key is made; or set {VARIABLE}"


def _made(folder: Path) -> bytes:
    """A new key; that of another process, if one was faster."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = secrets.token_bytes(32)
    path, draft = folder / "seal.key", folder / f".seal.key.{secrets.token_hex(8)}"
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(key.hex())
        os.link(draft, path)  # whole from the first moment, and never over another
    except FileExistsError:
        found = _kept(folder)
        if found is None:
            raise ReconcilerError(f"{path}: a link that leads nowhere; {_help(path)}") from None
        return found
    finally:
        draft.unlink()
    return key
