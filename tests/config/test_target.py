"""What a target of the config may say."""

from pathlib import Path

import pytest

from reconciler.config.file import read_config
from reconciler.config.model import Limits, Rate, Target
from reconciler.config.target import APIS
from reconciler.errors import AuthorErrors

HEAD = "apiVersion: reconcile/v1\nkind: Config\ntargets:\n  t:\n"
AWS = "region: us-west-2\ndomain: d\n"  # lines 5 and 6


def text_of(lines: str) -> str:
    return HEAD + "".join(f"    {line}\n" for line in lines.splitlines())


def target(folder: Path, lines: str) -> Target:
    (folder / "reconcile.yaml").write_text(text_of(lines))
    return read_config(folder / "reconcile.yaml").targets["t"]


def test_every_key_of_a_target_is_read(tmp_path):
    found = target(
        tmp_path,
        """\
region: us-gov-west-1
account: "001122223333"
domain: 4f1c2d9e-0c7e-4a57-9a43-6a0f4b7f2b11
profile: connect-prod
role_arn: arn:aws:iam::111122223333:role/path/reconcile
endpoint_url: http://127.0.0.1:8181
quotas: {UpdateCase: {rate: 0.5, burst: 2}}
share: 0.5
limits: {cases: 0, clears: 11, percent: 12.5, fields: {status: 20}}
sensitive: [customer_id, "Card number", 012]
""",
    )
    assert found == Target(
        name="t",
        domain="4f1c2d9e-0c7e-4a57-9a43-6a0f4b7f2b11",
        region="us-gov-west-1",
        account="001122223333",
        profile="connect-prod",
        role_arn="arn:aws:iam::111122223333:role/path/reconcile",
        endpoint_url="http://127.0.0.1:8181",
        quotas={"UpdateCase": Rate(0.5, 2)},
        share=0.5,
        limits=Limits(cases=0, clears=11, percent=12.5, fields={"status": 20}),
        sensitive=frozenset({"customer_id", "Card number", "012"}),
    )


def test_what_is_not_said_has_the_documented_default(tmp_path):
    assert target(tmp_path, AWS) == Target(name="t", domain="d", region="us-west-2")


@pytest.mark.parametrize("lines", ["limits: {}", "quotas: {}", "sensitive: []"])
def test_an_empty_part_says_nothing(tmp_path, lines):
    assert target(tmp_path, AWS + lines) == Target(name="t", domain="d", region="us-west-2")


def test_a_sandbox_is_a_file_from_the_configs_folder_on(tmp_path):
    found = target(tmp_path, "sandbox: .reconcile/demo.db\ndomain: d")
    assert found.sandbox == tmp_path.resolve() / ".reconcile/demo.db"
    assert target(tmp_path, "sandbox: /tmp/x.db\ndomain: d").sandbox == Path("/tmp/x.db")


def test_a_sandbox_may_have_pins_so_that_they_can_be_tried(tmp_path):
    found = target(tmp_path, "sandbox: x\nregion: us-west-2\naccount: 111122223333\ndomain: d")
    assert (found.region, found.account) == ("us-west-2", "111122223333")


@pytest.mark.parametrize("account", ["001122223333", "'001122223333'", "111122223333"])
def test_an_account_keeps_its_twelve_digits_quoted_or_not(tmp_path, account):
    assert target(tmp_path, AWS + f"account: {account}").account == account.strip("'")


def test_a_profile_may_say_the_region(tmp_path):
    assert target(tmp_path, "profile: p\ndomain: d").region is None


def test_variables_are_not_expanded(tmp_path):
    assert target(tmp_path, "region: us-west-2\ndomain: ${DOMAIN}").domain == "${DOMAIN}"


@pytest.mark.parametrize("api", APIS)
def test_every_operation_that_is_called_may_have_a_quota(tmp_path, api):
    found = target(tmp_path, AWS + f"quotas: {{{api}: {{rate: 1e1, burst: 1}}}}")
    assert found.quotas == {api: Rate(10.0, 1)}


@pytest.mark.parametrize(
    ("lines", "code", "line", "column", "hint"),
    [
        pytest.param("domain: d", "missing-key", 5, 5, "add `region:`", id="neither"),
        pytest.param("region: us-west-2", "missing-key", 5, 5, "`domain: ...`", id="no-domain"),
        pytest.param("region: us-west-2\ndomain: ", "empty-name", 6, 12, "name", id="domain-null"),
        pytest.param("sandbox: ''\ndomain: d", "empty-name", 5, 14, "name", id="sandbox-empty"),
        pytest.param(
            "sandbox: x\ndomain: d\nprofile: p",
            "sandbox-and-aws",
            7,
            5,
            "two targets",
            id="sandbox-and-profile",
        ),
        pytest.param(
            "sandbox: x\ndomain: d\nendpoint_url: http://x",
            "sandbox-and-aws",
            7,
            5,
            "two",
            id="sandbox-and-endpoint",
        ),
        pytest.param(
            "sandbox: x\ndomain: d\nrole_arn: arn:aws:iam::111122223333:role/x",
            "sandbox-and-aws",
            7,
            5,
            "two targets",
            id="sandbox-and-role",
        ),
        pytest.param(AWS + "regon: x", "unknown-key", 7, 5, "did you mean `region`", id="key"),
        pytest.param("region: us-west\ndomain: d", "bad-region", 5, 13, "us-west-2", id="region"),
        pytest.param("region:\ndomain: d", "wrong-shape", 5, 12, "fill it in", id="region-null"),
        pytest.param(
            AWS + "account: 11112222333", "bad-account", 7, 14, "12 digits", id="11-digits"
        ),
        pytest.param(AWS + "account: '1111-2222-3333'", "bad-account", 7, 14, "12", id="dashes"),
        pytest.param(AWS + "account: 1.11122223333e11", "bad-account", 7, 14, "quotes", id="float"),
        pytest.param(AWS + "role_arn: reconcile", "bad-role", 7, 15, "arn:aws:iam", id="role"),
        pytest.param(AWS + "endpoint_url: 127.0.0.1:80", "bad-url", 7, 19, "whole URL", id="url"),
        pytest.param(AWS + "profile: [p]", "wrong-shape", 7, 14, "one value", id="profile-list"),
        pytest.param(AWS + "share: 0", "bad-share", 7, 12, "`share: 0.8`", id="share-0"),
        pytest.param(AWS + "share: 1.01", "bad-share", 7, 12, "`share: 0.8`", id="share-over-1"),
        pytest.param(AWS + "share: .nan", "bad-share", 7, 12, "`share: 0.8`", id="share-nan"),
        pytest.param(AWS + "share: '0.5'", "bad-share", 7, 12, "`share: 0.8`", id="share-quoted"),
        pytest.param(AWS + "share: 80%", "bad-share", 7, 12, "`share: 0.8`", id="share-percent"),
        pytest.param(AWS + "share: ", "bad-share", 7, 11, "`share: 0.8`", id="share-nothing"),
        pytest.param(AWS + "quotas: [UpdateCase]", "wrong-shape", 7, 13, "`key:", id="quotas-list"),
        pytest.param(
            AWS + "quotas: {UpdateCases: {rate: 1, burst: 1}}",
            "unknown-operation",
            7,
            14,
            "did you mean `UpdateCase`",
            id="api",
        ),
        pytest.param(
            AWS + "quotas: {DeleteCase: {rate: 1, burst: 1}}",
            "unknown-operation",
            7,
            14,
            "`UpdateCase`",
            id="api-not-called",
        ),
        pytest.param(
            AWS + "quotas: {GetCase: 2}", "wrong-shape", 7, 23, "`key:", id="quota-number"
        ),
        pytest.param(
            AWS + "quotas: {GetCase: {rate: 2}}", "missing-key", 7, 23, "burst", id="no-burst"
        ),
        pytest.param(
            AWS + "quotas: {GetCase: {burst: 2}}", "missing-key", 7, 23, "rate", id="no-rate"
        ),
        pytest.param(
            AWS + "quotas: {GetCase: {rate: 0, burst: 1}}",
            "bad-quota",
            7,
            30,
            "rate: 2",
            id="rate-0",
        ),
        pytest.param(
            AWS + "quotas: {GetCase: {rate: 1e999, burst: 1}}",
            "bad-quota",
            7,
            30,
            "rate: 2",
            id="rate-infinite",
        ),
        pytest.param(
            AWS + "quotas: {GetCase: {rate: 1, burst: 0}}",
            "bad-quota",
            7,
            40,
            "burst: 2",
            id="burst-0",
        ),
        pytest.param(
            AWS + "quotas: {GetCase: {rate: 1, burst: 1.5}}",
            "bad-quota",
            7,
            40,
            "burst: 2",
            id="burst-fraction",
        ),
        pytest.param(
            AWS + "quotas: {GetCase: {rate: 1, burst: 1, per: s}}",
            "unknown-key",
            7,
            43,
            "remove it",
            id="quota-key",
        ),
        pytest.param(AWS + "limits: 100", "wrong-shape", 7, 13, "`key:", id="limits-number"),
        pytest.param(AWS + "limits: {case: 1}", "unknown-key", 7, 14, "`cases`", id="limits-key"),
        pytest.param(AWS + "limits: {cases: -1}", "bad-limit", 7, 21, "number", id="negative"),
        pytest.param(AWS + "limits: {clears: all}", "bad-limit", 7, 22, "number", id="clears-text"),
        pytest.param(AWS + "limits: {cases: }", "bad-limit", 7, 21, "number", id="cases-nothing"),
        pytest.param(
            AWS + "limits: {percent: 101}", "bad-limit", 7, 23, "percent: 30", id="over-100"
        ),
        pytest.param(
            AWS + "limits: {percent: -1}", "bad-limit", 7, 23, "percent: 30", id="below-0"
        ),
        pytest.param(AWS + "limits: {percent: 30%}", "bad-limit", 7, 23, "percent: 30", id="sign"),
        pytest.param(
            AWS + "limits: {fields: 20}", "wrong-shape", 7, 22, "`key:", id="fields-number"
        ),
        pytest.param(
            AWS + "limits: {fields: {s: 1.5}}", "bad-limit", 7, 26, "number", id="fraction"
        ),
        pytest.param(AWS + "limits: {fields: {'': 1}}", "empty-name", 7, 23, "name", id="no-field"),
        pytest.param(
            AWS + "sensitive: customer_id", "wrong-shape", 7, 16, "`- `", id="sensitive-text"
        ),
        pytest.param(
            AWS + "sensitive: [a, ' ']", "empty-name", 7, 20, "name", id="sensitive-blank"
        ),
        pytest.param(
            AWS + "sensitive: [{a: b}]", "wrong-shape", 7, 17, "value", id="sensitive-map"
        ),
    ],
)
def test_a_target_that_could_be_misread_is_refused(tmp_path, lines, code, line, column, hint):
    (tmp_path / "reconcile.yaml").write_text(text_of(lines))
    with pytest.raises(AuthorErrors) as caught:
        read_config(tmp_path / "reconcile.yaml")
    (problem,) = caught.value.problems
    assert (problem.code, problem.at.line, problem.at.column) == (code, line, column)
    assert problem.message.startswith("found ")
    assert hint in problem.hint
