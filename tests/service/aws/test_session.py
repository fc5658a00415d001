"""Clients from the SDK's own chain; planning clients refuse to write."""

import json

import pytest
from botocore.awsrequest import AWSResponse
from botocore.loaders import JSONFileLoader, create_loader
from botocore.stub import Stubber

from reconciler import __version__
from reconciler.errors import ReconcilerError
from reconciler.service.aws.session import READS, AwsSession
from tests.builders import a_target

LOCAL = "http://127.0.0.1:8181"
SECRETS = {"AWS_ACCESS_KEY_ID": "AKIAREAL", "AWS_SECRET_ACCESS_KEY": "real"}
UPDATE = {"domainId": "d", "caseId": "c", "fields": []}


@pytest.fixture(autouse=True)
def plain_aws(tmp_path, monkeypatch):
    """Nothing of the machine's own AWS settings, and made-up credentials in the environment."""
    for name in ("AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    return tmp_path


def session(endpoint=None, **target):
    return AwsSession(a_target(**{"region": "us-west-2", **target}), endpoint)


def test_a_client_goes_to_the_service_of_its_region():
    client = session().reading_client()
    assert client.meta.endpoint_url == "https://cases.us-west-2.amazonaws.com"
    assert client._request_signer._credentials.access_key == "AKIAREAL"


@pytest.mark.parametrize("endpoint", ["http://127.0.0.1:1", "http://localhost:1", "http://[::1]:1"])
def test_a_stand_in_on_this_machine_never_gets_real_credentials(endpoint):
    for one in (session(endpoint), session(endpoint_url=endpoint)):
        client = one.writing_client()
        assert client.meta.endpoint_url == endpoint
        assert client._request_signer._credentials.access_key == "sandbox"


@pytest.mark.parametrize("where", ["config", "environment", "shared-config"])
def test_another_endpoint_gets_the_real_ones_where_the_environment_names_it(
    plain_aws, monkeypatch, where
):
    monkeypatch.setenv("RECONCILE_ALLOW_ENDPOINT", "proxy.example.com")
    client = session(**elsewhere(plain_aws, monkeypatch, where, PROXY)).reading_client()
    assert client.meta.endpoint_url == PROXY
    assert client._request_signer._credentials.access_key == "AKIAREAL"


PROXY = "https://proxy.example.com"


def elsewhere(folder, monkeypatch, where, url):
    """Set the endpoint of the service in one of the places that can."""
    match where:
        case "config":
            return {"endpoint_url": url}
        case "environment":
            monkeypatch.setenv("AWS_ENDPOINT_URL_CONNECTCASES", url)
        case "environment-of-all":
            monkeypatch.setenv("AWS_ENDPOINT_URL", url)
        case "shared-config-of-all":
            (folder / "config").write_text(f"[default]\nendpoint_url = {url}\n")
        case "shared-config":
            services = f"[services mine]\nconnectcases =\n  endpoint_url = {url}\n"
            (folder / "config").write_text(f"[default]\nservices = mine\n{services}")
    return {}


PLACES = (
    "config",
    "environment",
    "environment-of-all",
    "shared-config",
    "shared-config-of-all",
)


@pytest.mark.parametrize("where", PLACES)
@pytest.mark.parametrize(
    "url",
    [
        PROXY,
        "http://evil.example",
        "http://127.0.0.1@evil.example",
        "http://cases.us-west-2.amazonaws.com",
        "https://cases.us-east-1.amazonaws.com",
        "garbage",
    ],
)
def test_an_endpoint_that_is_not_allowed_gets_nothing(plain_aws, monkeypatch, where, url):
    monkeypatch.setattr("socket.socket.connect", lambda *_: pytest.fail("it connected"))
    with pytest.raises(ReconcilerError, match="RECONCILE_ALLOW_ENDPOINT"):
        session(**elsewhere(plain_aws, monkeypatch, where, url))


@pytest.mark.parametrize("where", PLACES)
def test_a_stand_in_is_one_wherever_it_is_set(plain_aws, monkeypatch, where):
    client = session(**elsewhere(plain_aws, monkeypatch, where, LOCAL)).reading_client()
    assert client.meta.endpoint_url == LOCAL
    assert client._request_signer._credentials.access_key == "sandbox"


@pytest.mark.parametrize("service", ["STS", "SERVICE_QUOTAS", "SSO", "SSO_OIDC"])
@pytest.mark.parametrize("url", ["http://evil.example", "https://evil.example", LOCAL])
def test_other_services_get_no_real_credentials_elsewhere_either(monkeypatch, service, url):
    monkeypatch.setenv(f"AWS_ENDPOINT_URL_{service}", url)
    with pytest.raises(ReconcilerError, match="RECONCILE_ALLOW_ENDPOINT"):
        session()
    assert session(LOCAL).reading_client().meta.endpoint_url == LOCAL


def test_endpoints_that_are_to_be_ignored_are(monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://evil.example")
    monkeypatch.setenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")
    client = session().reading_client()
    assert client.meta.endpoint_url == "https://cases.us-west-2.amazonaws.com"


def test_a_stand_in_is_asked_whatever_proxies_are_set(monkeypatch):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://proxy.example:3128")
    for client in (session(LOCAL).reading_client(), session(endpoint_url=LOCAL).writing_client()):
        inner = client._endpoint.http_session._inner
        assert inner._proxy_config.proxy_url_for(LOCAL) is None
    real = session().reading_client()._endpoint.http_session._inner
    assert real._proxy_config.proxy_url_for("https://cases.us-west-2.amazonaws.com")


def test_a_stand_in_runs_no_credential_process(plain_aws, monkeypatch):
    for name in SECRETS:
        monkeypatch.delenv(name)
    marker = plain_aws / "it-ran"
    (plain_aws / "config").write_text(f"[default]\ncredential_process = touch {marker}\n")
    session(LOCAL).reading_client()
    assert not marker.exists()


def test_a_stand_in_needs_no_region_and_no_profile(monkeypatch):
    monkeypatch.setenv("AWS_PROFILE", "of-another-machine")
    client = session(LOCAL, region=None, profile="prod").reading_client()
    assert client.meta.region_name == "us-west-2"


def test_a_target_without_a_region_takes_the_environments(monkeypatch):
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-2")
    assert session(region=None).reading_client().meta.region_name == "eu-west-2"


def test_without_any_region_the_message_says_what_to_write():
    with pytest.raises(ReconcilerError, match=r"target prod: no Region; write `region:`"):
        session(region=None)


def test_a_profile_that_is_not_there_is_an_error_of_ours():
    with pytest.raises(ReconcilerError, match=r"no usable AWS credentials: .*nobody"):
        session(profile="nobody")


def test_a_profile_is_used(plain_aws, monkeypatch):
    for name in SECRETS:
        monkeypatch.delenv(name)
    (plain_aws / "credentials").write_text(
        "[team]\naws_access_key_id = AKIATEAM\naws_secret_access_key = x\n"
    )
    client = session(profile="team").reading_client()
    assert client._request_signer._credentials.access_key == "AKIATEAM"


def test_the_sdk_does_not_retry_and_says_who_we_are():
    config = session().reading_client().meta.config
    assert config.retries["total_max_attempts"] == 1
    assert f"reconcile/{__version__}" in config.user_agent


WRITES = {
    "update_case": UPDATE,
    "delete_case": {"domainId": "d", "caseId": "c"},
    "create_case": {"domainId": "d", "templateId": "t", "fields": []},
    "tag_resource": {"arn": "a", "tags": {}},
    "delete_domain": {"domainId": "d"},
}


@pytest.mark.parametrize("operation", sorted(WRITES))
def test_a_planning_client_refuses_to_send_anything_but_reads(operation):
    client = session().reading_client()
    with pytest.raises(AssertionError, match="a planning client was asked to send"):
        getattr(client, operation)(**WRITES[operation])


def test_every_operation_that_is_no_read_is_refused():
    client = session().reading_client()
    names = client.meta.method_to_api_mapping
    sent = []

    def answer(request, **_):
        sent.append(request)
        return AWSResponse(request.url, 500, {}, None)

    client.meta.events.register("before-send", answer)
    refused = set()
    for method, api in names.items():
        try:
            getattr(client, method)()
        except AssertionError:
            refused.add(api)
        except Exception as error:  # noqa: BLE001 - whatever the SDK says of missing parameters
            assert api in READS, (api, error)
    assert refused == set(names.values()) - READS


def test_a_planning_client_reads():
    client = session().reading_client()
    with Stubber(client) as stub:
        stub.add_response("list_domains", {"domains": []})
        assert client.list_domains()["domains"] == []


def test_an_applying_client_writes():
    client = session().writing_client()
    with Stubber(client) as stub:
        stub.add_response("update_case", {}, UPDATE)
        client.update_case(**UPDATE)


def test_the_descriptions_of_services_are_read_once_for_all_targets(monkeypatch):
    session(LOCAL).reading_client()
    read = []
    load = JSONFileLoader.load_file
    monkeypatch.setattr(
        JSONFileLoader, "load_file", lambda self, path: read.append(path) or load(self, path)
    )
    session(LOCAL, name="another").writing_client()
    assert [path for path in read if "connectcases" in path or "endpoints" in path] == []


def test_a_folder_of_descriptions_that_somebody_sets_is_still_read(plain_aws, monkeypatch):
    folder = plain_aws / "more" / "connectcases" / "2022-10-03"
    folder.mkdir(parents=True)
    known = session(LOCAL).reading_client().meta.service_model.metadata
    loader = create_loader(None)
    model = dict(loader.load_service_model("connectcases", "service-2"))
    model["metadata"] = {**known, "serviceFullName": "somebody's own"}
    (folder / "service-2.json").write_text(json.dumps(model))
    monkeypatch.setenv("AWS_DATA_PATH", str(plain_aws / "more"))
    assert session().reading_client().meta.service_model.metadata["serviceFullName"] == (
        "somebody's own"
    )
