"""Tell what this machine has against a connection from what a network does to it."""

import errno
import ssl
from collections.abc import Iterator
from urllib.parse import urlsplit

from botocore.exceptions import SSLError

from reconciler.errors import Unconnectable

_FULL = (errno.EMFILE, errno.ENFILE)
_OF_A_FILE = (FileNotFoundError, IsADirectoryError, NotADirectoryError, PermissionError)


def unconnectable(call: str, error: Exception) -> Unconnectable | None:
    """The error to raise where trying again could not help; None for the network's own.

    All of these come before the request is sent: no socket, no certificates, no trust.
    """
    for cause in _causes(error):
        # botocore's own errors are OSErrors too, by descent, and have no number.
        if not isinstance(cause, OSError) or not isinstance(cause.errno, int):
            continue
        if why := _why(cause, error):
            return Unconnectable(f"{call}: {why}", code="connection", reason=why)
    return None


def _why(cause: OSError, error: Exception) -> str:
    if cause.errno in _FULL:
        return (
            f"this machine opens no more files for it ({cause.strerror}); raise the limit "
            "(`ulimit -n 1024`)"
        )
    if not isinstance(error, SSLError):
        return ""
    host = urlsplit(str(error.kwargs.get("endpoint_url", ""))).netloc
    if isinstance(cause, ssl.SSLCertVerificationError):
        return (
            f"the certificate of {host} cannot be verified: {cause.verify_message}; where a proxy "
            "makes its own, name its CA file in AWS_CA_BUNDLE (or ca_bundle in the AWS config)"
        )
    if isinstance(cause, _OF_A_FILE) or "NO_CERTIFICATE" in str(getattr(cause, "reason", "")):
        return (
            f"the file of CA certificates cannot be used: {cause.strerror}; correct or remove "
            "AWS_CA_BUNDLE, REQUESTS_CA_BUNDLE or ca_bundle in the AWS config"
        )
    return ""


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and all that it wraps, however it does."""
    todo, known = [error], set[int]()
    while todo:
        one = todo.pop(0)
        if id(one) in known:
            continue
        known.add(id(one))
        yield one
        wrapped = getattr(one, "kwargs", None)
        inner = wrapped.get("error") if isinstance(wrapped, dict) else None
        found = (one.__cause__, one.__context__, inner, getattr(one, "reason", None), *one.args)
        todo += [each for each in found if isinstance(each, BaseException)]
