"""However credentials fail, it is told in words, and what may pass is tried again."""

from types import SimpleNamespace

import pytest
from botocore import exceptions as aws

from reconciler.errors import ReconcilerError, Stopped, Transient, Unauthenticated
from reconciler.service.aws.credentials import CarefulCredentials, careful, settings_of

PASSING = aws.ConnectTimeoutError(endpoint_url="https://sts.example")
LASTING = [
    aws.NoCredentialsError(),
    aws.ConfigNotFound(path="/no"),
    IsADirectoryError(21, "Is a directory"),
    ValueError("half a\nJSON"),
    KeyError("AccessKeyId"),
]


def failing(error):
    def fail():
        raise error

    return fail


@pytest.mark.parametrize("error", LASTING, ids=lambda one: type(one).__name__)
def test_what_will_not_pass_ends_the_run(error):
    with pytest.raises(Unauthenticated) as raised, careful("target prod"):
        raise error
    assert len(raised.value.lines[0].splitlines()) == 1


def test_what_may_pass_is_worth_another_try():
    with pytest.raises(Transient, match=r"^credentials of target prod: "), careful("target prod"):
        raise PASSING


def test_an_error_of_ours_is_left_as_it_is():
    for guard in (careful, settings_of):
        with pytest.raises(Stopped, match=r"^asked$"), guard("target prod"):
            raise Stopped("asked")


@pytest.mark.parametrize(
    ("error", "said"), [(ValueError("half a\n JSON"), "half a JSON"), (KeyError(), "KeyError")]
)
def test_settings_that_cannot_be_used_are_told_on_one_line_with_where_they_come_from(error, said):
    with pytest.raises(ReconcilerError) as raised, settings_of("target prod"):
        raise error
    first, second = raised.value.lines
    assert first == f"target prod: the AWS settings of this machine cannot be used: {said}"
    assert "AWS_*" in second


# -- credentials that are there ------------------------------------------------------------


def credentials(**more):
    frozen = SimpleNamespace(**{"access_key": "AKIA", "secret_key": "s+/=", "token": None, **more})
    return SimpleNamespace(get_frozen_credentials=lambda: frozen, method="env"), frozen


def test_whole_credentials_are_handed_on():
    inner, frozen = credentials()
    found = CarefulCredentials(lambda: inner, "target prod")
    assert found.get_frozen_credentials() is frozen
    assert found.method == "env"


@pytest.mark.parametrize("value", ["XYZ\n", " XYZ", "XY Z", "XYZ\r", "XYZé", "XYZ\x00", b"XYZ", 7])
@pytest.mark.parametrize(
    ("part", "words"),
    [("access_key", "access key"), ("secret_key", "secret key"), ("token", "token")],
)
def test_a_part_that_no_credential_is_like_is_named_and_not_shown(part, words, value):
    inner, _ = credentials(**{part: value})
    with pytest.raises(Unauthenticated, match=f"the {words} holds") as raised:
        CarefulCredentials(lambda: inner, "target prod").get_frozen_credentials()
    assert "XY" not in str(raised.value)


def test_no_credentials_at_all_are_told_when_they_are_looked_for():
    with pytest.raises(Unauthenticated):
        CarefulCredentials(lambda: None, "target prod")
    with pytest.raises(Unauthenticated):
        CarefulCredentials(failing(OSError("no")), "target prod")


def test_credentials_that_cannot_be_renewed_are_told_then():
    inner = SimpleNamespace(get_frozen_credentials=failing(PASSING))
    with pytest.raises(Transient):
        CarefulCredentials(lambda: inner, "target prod").get_frozen_credentials()
