"""The formats a report can have, each in a module that is loaded when it is asked for."""

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # `validate` must not load plans and events
    from collections.abc import Callable

    from reconciler.report.subject import Subject

# Each module has `report(subject) -> str`, pure, whole file content with a newline at its end.
FORMATS = {
    "text": "text.whole",
    "json": "as_json",
    "markdown": "markdown.whole",
    "html": "html.page",
    "junit": "junit",
    "sarif": "scanners.sarif",
    "codequality": "scanners.codequality",
    "terraform": "gitlab",
    "annotations": "github.annotations",
}


def report(name: str, subject: "Subject") -> str:
    """The subject in one of FORMATS."""
    if subject.plan is not None:
        from reconciler.report.option_names import with_names

        subject = with_names(subject)
    module = importlib.import_module(f"reconciler.report.{FORMATS[name]}")
    make: Callable[[Subject], str] = module.report
    return make(subject)
