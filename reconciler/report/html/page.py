"""A subject as one HTML file that needs nothing else: no network, no script, no fonts."""

import hashlib
from base64 import b64encode
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from reconciler.report.html.view import page
from reconciler.report.subject import Subject


def report(subject: Subject) -> str:
    """The whole page. Its policy lets run only the script and style that it came with."""
    environment = _environment()
    style, script = _asset(environment, "report.css"), _asset(environment, "report.js")
    return environment.get_template("report.html").render(
        page=page(subject),
        style=style,
        script=script,
        style_hash=_sha256(style),
        script_hash=_sha256(script),
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("reconciler.report.html"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _asset(environment: Environment, name: str) -> str:
    """One of our own files, as it stands: what a policy has the hash of must not be escaped."""
    assert environment.loader is not None
    return environment.loader.get_source(environment, name)[0]


def _sha256(text: str) -> str:
    return "sha256-" + b64encode(hashlib.sha256(text.encode()).digest()).decode()
