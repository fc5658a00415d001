"""Save and open a domain's catalog: what validate checks names, types and options against."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reconciler.errors import ReconcilerError
from reconciler.files.given_file import read_given
from reconciler.files.schema_check import schema_errors
from reconciler.files.strict_json import strict_json
from reconciler.files.whole_file import replace_file


def save_catalog(data: Mapping[str, Any], path: Path) -> None:
    """Write the catalog; it holds definitions and no case data, so it may be committed."""
    replace_file(path, rendered(data), mode=0o666, keeps=True)


def rendered(data: Mapping[str, Any]) -> bytes:
    """The bytes of a catalog file."""
    text = json.dumps(data, ensure_ascii=False, indent=1)
    return text.encode("utf-8", "backslashreplace") + b"\n"


def open_catalog(path: Path) -> dict[str, Any]:
    """The catalog's data, when it is a whole catalog of this program."""
    try:
        data = strict_json(read_given(path))
    except OSError as error:
        raise ReconcilerError(f"{path}: cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise ReconcilerError(f"{path}: is not a catalog: {error}") from error
    wrong = schema_errors("catalog", data)
    if wrong:
        raise ReconcilerError(
            f"{path}: is not a catalog of this program; make one with "
            "`reconcile catalog --out FILE`",
            *(f"  {line}" for line in wrong),
        )
    found: dict[str, Any] = data
    return found
