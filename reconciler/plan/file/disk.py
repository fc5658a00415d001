"""Save and open plan files: format number, digest, schema, mode 0600."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reconciler.errors import PlanMisfit
from reconciler.files.canonical import laid_out
from reconciler.files.given_file import read_given
from reconciler.files.strict_json import strict_json
from reconciler.files.whole_file import replace_file
from reconciler.model.plan import FORMAT_VERSION

_HELP = "make a new one with `reconcile plan --out FILE`"


def save_plan(data: Mapping[str, Any], path: Path) -> None:
    """Write the plan's data for programs and people: sorted keys, a case a line, mode 0600."""
    replace_file(path, laid_out(data))


def open_plan(path: Path) -> dict[str, Any]:
    """The file's data, when it is JSON of a plan format we know; else PlanMisfit says why.

    Whether it is whole and unedited is for the caller to find out: the digest and the shape are
    the engine's.
    """
    try:
        raw = read_given(path)
    except OSError as error:
        raise PlanMisfit(f"{path}: cannot be read: {error.strerror}") from error
    try:
        data = strict_json(raw)
    except (ValueError, RecursionError) as error:
        raise PlanMisfit(f"{path}: is not a whole plan file: {error}; {_HELP}") from error
    if not isinstance(data, dict) or "format_version" not in data:
        raise PlanMisfit(f"{path}: is JSON, but not a plan of this program; {_HELP}")
    if "run" in data:
        raise PlanMisfit(
            f"{path}: is the receipt of an apply, expected a plan; to try again what is not done: "
            f"reconcile apply --retry {path}; to roll it back: reconcile rollback {path}"
        )
    _check_format(path, data["format_version"])
    data.pop("conflicts", None)  # what a JSON report says about it; the changes say what is so
    return data


def _check_format(path: Path, version: object) -> None:
    if misfit := wrong_format("plan", version, FORMAT_VERSION):
        raise PlanMisfit(f"{path}: {misfit}, or plan again")


def _few(version: object) -> str:
    """A version for a sentence, whatever stands in its place."""
    if not isinstance(version, str | int):
        return "that is no text"
    return ascii(str(version)[:20])[1:-1]


def wrong_format(what: str, version: object, ours: str) -> str:
    """Why a file of this format cannot be read, and by what it can; empty when it can be."""
    known = ours.split(".")[0]
    if isinstance(version, str) and version.split(".")[0] == known:
        return ""
    never = ", which was never released" if _few(version).split(".")[0] == "1" else ""
    return (
        f"has the {what} format {_few(version)}{never}, and this version reads {known}.x; "
        "use the version of reconcile that made it"
    )
