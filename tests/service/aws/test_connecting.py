"""What this machine has against a connection is told at once; what a network does is not it."""

import errno
import ssl

import pytest
from botocore import exceptions as aws

from reconciler.errors import CallError, OutcomeUnknown, Transient, Unconnectable
from reconciler.service.aws.errors import passes, translated

URL = "https://proxy.example:8443/x"


def wrapped(error, inner):
    """As urllib3 and botocore wrap: by argument, by cause, and by the `error` of the message."""
    between = Exception(str(inner), inner)
    between.__cause__ = inner
    return error(endpoint_url=URL, error=between)


def untrusted():
    error = ssl.SSLCertVerificationError(1, "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify")
    error.verify_message = "self-signed certificate"
    return error


@pytest.mark.parametrize("writes", [False, True])
@pytest.mark.parametrize(
    ("error", "said"),
    [
        pytest.param(
            wrapped(aws.SSLError, untrusted()),
            ("certificate of proxy.example:8443", "self-signed", "AWS_CA_BUNDLE"),
            id="not-trusted",
        ),
        pytest.param(
            wrapped(aws.SSLError, FileNotFoundError(errno.ENOENT, "No such file or directory")),
            ("file of CA certificates", "No such file", "AWS_CA_BUNDLE"),
            id="no-bundle",
        ),
        pytest.param(
            wrapped(aws.SSLError, IsADirectoryError(errno.EISDIR, "Is a directory")),
            ("file of CA certificates", "Is a directory"),
            id="a-folder",
        ),
        pytest.param(
            wrapped(aws.SSLError, PermissionError(errno.EACCES, "Permission denied")),
            ("file of CA certificates", "Permission denied"),
            id="not-readable",
        ),
        pytest.param(
            wrapped(aws.EndpointConnectionError, OSError(errno.EMFILE, "Too many open files")),
            ("opens no more files", "ulimit"),
            id="no-socket",
        ),
        pytest.param(
            wrapped(aws.SSLError, OSError(errno.ENFILE, "Too many open files in system")),
            ("opens no more files", "in system"),
            id="no-file",
        ),
    ],
)
def test_what_this_machine_has_against_it_is_told_at_once(error, said, writes):
    with pytest.raises(Unconnectable) as raised, translated("GetCase", "case c", writes=writes):
        raise error
    for words in ("GetCase of case c: ", *said):
        assert words in str(raised.value)
    assert str(raised.value).endswith(raised.value.reason)
    assert not passes(error)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (wrapped(aws.SSLError, ssl.SSLEOFError(8, "EOF occurred")), OutcomeUnknown),
        (wrapped(aws.SSLError, ConnectionResetError(errno.ECONNRESET, "reset")), OutcomeUnknown),
        (wrapped(aws.SSLError, TimeoutError(errno.ETIMEDOUT, "timed out")), OutcomeUnknown),
        (wrapped(aws.SSLError, OSError(errno.EIO, "input/output error")), OutcomeUnknown),
        (wrapped(aws.EndpointConnectionError, OSError(errno.ECONNREFUSED, "no")), Transient),
        (wrapped(aws.EndpointConnectionError, OSError(errno.ENETUNREACH, "no")), Transient),
    ],
)
def test_what_the_network_does_is_tried_again_or_settled(error, kind):
    with pytest.raises(CallError) as raised, translated("UpdateCase", "case c", writes=True):
        raise error
    assert type(raised.value) is kind
    assert passes(error)


def test_a_file_that_holds_no_certificate_is_named_for_what_it_is(tmp_path):
    file = tmp_path / "junk.pem"
    file.write_text("junk")
    with pytest.raises(ssl.SSLError) as met:
        ssl.create_default_context(cafile=str(file))
    with pytest.raises(Unconnectable, match="file of CA certificates"), translated("A", "b"):
        raise wrapped(aws.SSLError, met.value)
