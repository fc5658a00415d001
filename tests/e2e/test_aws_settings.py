"""Every way in which credentials, profiles, roles and endpoints can be wrong is told in words."""

import os
import stat

import pytest

NAMES = [name for name in os.environ if name.startswith(("AWS_", "BOTO_", "RECONCILE_"))]
ARN = "arn:aws:iam::111122223333:role/app"


@pytest.fixture
def machine(world, tmp_path, monkeypatch):
    """A target of AWS itself, on a machine without any setting; connecting fails the test."""
    for name in (*NAMES, *(f"{one}_PROXY" for one in ("HTTP", "HTTPS", "ALL"))):
        monkeypatch.delenv(name, raising=False)
    for key, value in {
        "AWS_CONFIG_FILE": tmp_path / "aws-config",
        "AWS_SHARED_CREDENTIALS_FILE": tmp_path / "aws-credentials",
        "AWS_EC2_METADATA_DISABLED": "true",
        "HOME": tmp_path / "home",
    }.items():
        monkeypatch.setenv(key, str(value))
    monkeypatch.setattr("reconciler.clock.SystemClock.sleep", lambda *_: None)
    monkeypatch.setattr("socket.getaddrinfo", no_network)
    monkeypatch.setattr("time.sleep", lambda _: None)
    world.spec(f"target: prod\ncases:\n  - id: {'0' * 36}\n    fields: {{Country: X}}\n")
    return Machine(world, tmp_path, monkeypatch)


def no_network(*_, **__):
    raise OSError("there is no network here")


class Machine:
    def __init__(self, world, folder, monkeypatch):
        self._world, self.folder, self._monkeypatch = world, folder, monkeypatch
        self.env(AWS_ACCESS_KEY_ID="AKIAREAL", AWS_SECRET_ACCESS_KEY="real")
        self.target()

    def env(self, **values):
        for name, value in values.items():
            if value is None:
                self._monkeypatch.delenv(name, raising=False)
            else:
                self._monkeypatch.setenv(name, str(value))

    def no_keys(self, **more):
        self.env(AWS_ACCESS_KEY_ID=None, AWS_SECRET_ACCESS_KEY=None, **more)

    def config(self, text):
        data = text if isinstance(text, bytes) else text.encode()
        (self.folder / "aws-config").write_bytes(data)

    def credentials(self, text):
        (self.folder / "aws-credentials").write_bytes(text.encode())

    def file(self, name, text="", mode=0o600):
        path = self.folder / name
        path.write_text(text)
        path.chmod(mode)
        return path

    def target(self, *lines, region="us-west-2"):
        head = [f"region: {region}"] if region else []
        body = "".join(f"    {line}\n" for line in (*head, "domain: support", *lines))
        (self.folder / "reconcile.yaml").write_text(
            f"apiVersion: reconcile/v1\nkind: Config\ntargets:\n  prod:\n{body}"
        )

    def plan(self, *arguments):
        return self._world.run("plan", "-t", "prod", *arguments)


def web_identity(machine, path):
    machine.no_keys(AWS_ROLE_ARN=ARN, AWS_WEB_IDENTITY_TOKEN_FILE=path)


def a_folder(machine, name):
    path = machine.folder / name
    path.mkdir()
    return path


def a_process(machine, script):
    path = machine.file("process", f"#!/bin/sh\n{script}\n", stat.S_IRWXU)
    machine.no_keys()
    machine.config(f"[default]\ncredential_process = {path}\n")


def a_sso_profile(machine, cache=None):
    machine.no_keys()
    machine.config(
        "[default]\nsso_session = s\nsso_account_id = 111122223333\nsso_role_name = r\n"
        "[sso-session s]\nsso_start_url = https://x.awsapps.com/start\nsso_region = us-west-2\n"
    )
    if cache is not None:
        import hashlib

        folder = machine.folder / "home" / ".aws" / "sso" / "cache"
        folder.mkdir(parents=True)
        (folder / (hashlib.sha1(b"s").hexdigest() + ".json")).write_text(cache)


EXPIRED_SSO = '{"accessToken": "x", "expiresAt": "2020-01-01T00:00:00Z"}'

# What is wrong, and a word of what has to be said.
WRONG = {
    "no credentials": (lambda m: m.no_keys(), "Unable to locate credentials"),
    "half of them": (lambda m: m.env(AWS_SECRET_ACCESS_KEY=None), "AWS_SECRET_ACCESS_KEY"),
    "a key with a line break": (lambda m: m.env(AWS_ACCESS_KEY_ID="AKIA\nX"), "line break"),
    "a secret with a line break": (lambda m: m.env(AWS_SECRET_ACCESS_KEY="x\n"), "line break"),
    "a token with a line break": (lambda m: m.env(AWS_SESSION_TOKEN="x\r\ny: z"), "line break"),
    "a key that is no ASCII": (lambda m: m.env(AWS_ACCESS_KEY_ID="AKIÄ"), "character"),
    "an unknown profile": (lambda m: m.target("profile: nobody"), "nobody"),
    "an unknown AWS_PROFILE": (lambda m: m.env(AWS_PROFILE="nobody"), "nobody"),
    "an AWS_PROFILE with a line break": (lambda m: m.env(AWS_PROFILE="no\nbody"), "no"),
    "no Region": (lambda m: m.target("profile: p", region=""), "p"),
    "a Region that is none": (
        lambda m: (m.config("[profile p]\nregion = us west\n"), m.target("profile: p", region="")),
        "us west",
    ),
    "a Region with a line break": (
        lambda m: (
            m.config("[profile p]\n"),
            m.target("profile: p", region=""),
            m.env(AWS_DEFAULT_REGION="us-west-2\n"),
        ),
        "us-west-2",
    ),
    "a config of rubbish": (lambda m: m.config("rubbish [\n= x"), "aws-config"),
    "a config that is no UTF-8": (lambda m: m.config(b"[default]\nregion = \xff\xfe\n"), "aws"),
    "a config that is a folder": (
        lambda m: m.env(AWS_CONFIG_FILE=a_folder(m, "config-folder")),
        "",
    ),
    "keys in a file of rubbish": (
        lambda m: (m.no_keys(), m.credentials("[default\nx")),
        "aws-credentials",
    ),
    "keys in a folder": (
        lambda m: m.no_keys(AWS_SHARED_CREDENTIALS_FILE=a_folder(m, "keys-folder")),
        "",
    ),
    "half of the keys in a file": (
        lambda m: (m.no_keys(), m.credentials("[default]\naws_access_key_id = x\n")),
        "aws_secret_access_key",
    ),
    "a token file that is not there": (
        lambda m: web_identity(m, m.folder / "no-token"),
        "no-token",
    ),
    "a token file that is a folder": (
        lambda m: web_identity(m, a_folder(m, "token-folder")),
        "token-folder",
    ),
    "a process that fails": (lambda m: a_process(m, "echo no >&2; exit 3"), "no"),
    "a process that says nothing": (lambda m: a_process(m, "true"), ""),
    "a process that says no JSON": (lambda m: a_process(m, "echo hello"), ""),
    "a process that says a list": (lambda m: a_process(m, "echo '[]'"), ""),
    "a process of another version": (lambda m: a_process(m, "echo '{\"Version\": 9}'"), "ersion"),
    "a process without keys": (lambda m: a_process(m, "echo '{\"Version\": 1}'"), "AccessKeyId"),
    "a process that is not there": (
        lambda m: (m.no_keys(), m.config("[default]\ncredential_process = /no/such/program\n")),
        "",
    ),
    "SSO without a login": (a_sso_profile, "SSO"),
    "SSO with an old login": (lambda m: a_sso_profile(m, EXPIRED_SSO), ""),
    "SSO with a broken login": (lambda m: a_sso_profile(m, "{"), ""),
    "SSO with half a config": (
        lambda m: (m.no_keys(), m.config("[default]\nsso_session = gone\n")),
        "",
    ),
    "a role of a profile that is not there": (
        lambda m: (
            m.no_keys(),
            m.config(f"[default]\nrole_arn = {ARN}\nsource_profile = gone\n"),
        ),
        "gone",
    ),
    "roles of each other": (
        lambda m: (
            m.no_keys(),
            m.config(
                f"[default]\nrole_arn = {ARN}\nsource_profile = a\n"
                f"[profile a]\nrole_arn = {ARN}\nsource_profile = default\n"
            ),
        ),
        "",
    ),
    "a role with a source of no name": (
        lambda m: (m.no_keys(), m.config(f"[default]\nrole_arn = {ARN}\ncredential_source = X\n")),
        "",
    ),
    "a role and no keys to assume it": (
        lambda m: (m.no_keys(), m.target(f"role_arn: {ARN}")),
        "Unable to locate credentials",
    ),
    "a role and no network": (lambda m: m.target(f"role_arn: {ARN}"), "sts"),
    "a container that does not answer": (
        lambda m: m.no_keys(AWS_CONTAINER_CREDENTIALS_FULL_URI="http://127.0.0.1:1/x"),
        "",
    ),
    "a container on another host": (
        lambda m: m.no_keys(AWS_CONTAINER_CREDENTIALS_FULL_URI="http://evil.example/x"),
        "evil.example",
    ),
    "a container that is no address": (
        lambda m: m.no_keys(AWS_CONTAINER_CREDENTIALS_FULL_URI="rubbish"),
        "",
    ),
    "a CA bundle that is not there": (lambda m: m.env(AWS_CA_BUNDLE="/no/such.pem"), "such.pem"),
    "an endpoint of rubbish": (lambda m: m.env(AWS_ENDPOINT_URL="rubbish"), "no plain address"),
    "an endpoint with a line break": (
        lambda m: m.env(AWS_ENDPOINT_URL_CONNECTCASES="https://x\ny"),
        "no plain address",
    ),
    "an endpoint elsewhere": (lambda m: m.env(AWS_ENDPOINT_URL="https://evil.example"), "evil"),
    "an STS elsewhere": (lambda m: m.env(AWS_ENDPOINT_URL_STS="http://evil.example"), "evil"),
    "a services section that is not there": (
        lambda m: m.config("[default]\nservices = gone\n"),
        "gone",
    ),
    "an endpoint in the shared config": (
        lambda m: m.config("[default]\nendpoint_url = https://evil.example\n"),
        "evil",
    ),
    "a FIPS switch of rubbish": (lambda m: m.env(AWS_USE_FIPS_ENDPOINT="maybe"), ""),
    "a retry mode of rubbish": (lambda m: m.env(AWS_RETRY_MODE="rubbish"), ""),
    "attempts of rubbish": (lambda m: m.env(AWS_MAX_ATTEMPTS="many"), ""),
    "a defaults mode of rubbish": (lambda m: m.env(AWS_DEFAULTS_MODE="rubbish"), ""),
    "a signature of rubbish": (lambda m: m.env(AWS_SIGV4A_SIGNING_REGION_SET="\n"), ""),
    "a proxy of rubbish": (lambda m: m.env(HTTPS_PROXY="::rubbish::"), ""),
    "a proxy with a port of rubbish": (lambda m: m.env(HTTPS_PROXY="http://x:port"), ""),
    "a proxy that does not answer": (lambda m: m.env(HTTPS_PROXY="http://127.0.0.1:1"), "proxy"),
    "no network": (lambda m: None, "cases.us-west-2.amazonaws.com"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_with_the_machines_settings_is_told_in_one_clear_line(machine, name):
    arrange, said = WRONG[name]
    arrange(machine)
    ran = machine.plan()
    assert ran.status == 1, ran.text
    assert ran.out == ""
    assert "Traceback" not in ran.err
    assert said in ran.err
    lines = [line for line in ran.err.splitlines() if line.startswith("error: ")]
    assert len(lines) == 1, ran.err
    assert len(ran.err.splitlines()) <= 6


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://evil.example", "plain http"),
        ("https://evil.example", "expected one of Amazon Connect Cases in us-west-2"),
        ("http://127.0.0.1@evil.example", "no plain address"),
        ("http://0.0.0.0:8181", "plain http"),
        ("https://cases.eu-west-2.amazonaws.com", "us-west-2"),
    ],
)
@pytest.mark.parametrize("command", ["validate", "plan", "drift", "catalog"])
def test_an_endpoint_in_the_config_is_a_problem_at_its_line(machine, command, url, said):
    machine.target(f'endpoint_url: "{url}"')
    ran = machine._world.run(command)
    assert ran.status == 1, ran.text
    assert "reconcile.yaml:7:5: endpoint-not-allowed: found" in ran.text
    assert said in ran.text
    assert "RECONCILE_ALLOW_ENDPOINT" in ran.text
    machine.env(RECONCILE_ALLOW_ENDPOINT="evil.example, 0.0.0.0:8181")
    allowed = "@" not in url and "eu-west" not in url
    assert (machine._world.run("validate").status == 0) is allowed
