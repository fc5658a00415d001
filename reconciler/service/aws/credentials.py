"""Credentials whose every way of failing is told in words.

They come from files, processes and services of the user's, and botocore lets through whatever
these raise: a folder where a token file is due, half a JSON text, a refused role.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from botocore import exceptions as aws

from reconciler.errors import ReconcilerError, Transient, Unauthenticated
from reconciler.service.aws.errors import passes, unauthenticated


@contextmanager
def careful(about: str) -> Iterator[None]:
    """Whatever is raised while credentials are read is one of our errors.

    What may pass is worth trying again: nothing has been sent to the service yet.
    """
    try:
        yield
    except ReconcilerError:
        raise
    except Exception as error:  # see above: anything may come
        if passes(error):
            raise Transient(f"credentials of {about}: {_line(error)}", code="connection") from error
        raise unauthenticated(error) from error


@contextmanager
def settings_of(about: str) -> Iterator[None]:
    """Whatever is raised while the machine's AWS settings are read is one of our errors."""
    try:
        yield
    except ReconcilerError:
        raise
    except Exception as error:  # a file, a variable or a proxy of the user's
        raise ReconcilerError(
            f"{about}: the AWS settings of this machine cannot be used: {_line(error)}",
            "they come from AWS_* and proxy variables, and from the shared AWS config files",
        ) from error


class CarefulCredentials:
    """botocore's credentials, behind `careful`."""

    def __init__(self, find: Callable[[], Any], about: str) -> None:
        self._about = about
        with careful(about):
            self._inner = find()
        if self._inner is None:
            raise unauthenticated(aws.NoCredentialsError())

    def get_frozen_credentials(self) -> Any:
        """What to sign with, renewed where that is due."""
        with careful(self._about):
            frozen = self._inner.get_frozen_credentials()
        # After renewal too: a program or a file may give others the second time.
        for name in ("access_key", "secret_key", "token"):
            _check(getattr(frozen, name, None), name)
        return frozen

    def __getattr__(self, name: str) -> Any:
        with careful(self._about):
            return getattr(self._inner, name)


def _check(value: Any, name: str) -> None:
    """A line break left by copying would fail every call in a way that names no reason."""
    what = name.replace("_", " ")
    if value is not None and not (isinstance(value, str) and value.isascii() and _plain(value)):
        raise Unauthenticated(
            f"no usable AWS credentials: the {what} holds a space, a line break or another "
            "character that no credential has; copy it anew",
            code="credentials",
            reason=f"the {what} of the AWS credentials is not plain text",
        )


def _plain(value: str) -> bool:
    return value.isprintable() and " " not in value


def _line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
