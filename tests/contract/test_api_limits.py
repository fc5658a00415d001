"""Our limits and names are those of the SDK's own service model."""

import pytest
from botocore.session import get_session

from reconciler.config.target import APIS
from reconciler.history.stamp import stamp
from reconciler.model.fieldtypes.base import VALUE_LENGTH
from reconciler.model.value import FieldType
from reconciler.plan import batching
from reconciler.read import planner as read_planner
from reconciler.service.aws import cases as cases_aws
from reconciler.service.aws import codec as cases_codec
from reconciler.service.aws.session import READS
from reconciler.service.quotas import DEFAULT_QUOTAS

MODEL = get_session().get_service_model("connectcases")


def members(operation):
    return MODEL.operation_model(operation).input_shape.members


def most(shape):
    return shape.metadata["max"]


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        pytest.param(
            read_planner.GET_FIELDS, most(members("GetCase")["fields"]), id="fields-of-one-GetCase"
        ),
        pytest.param(
            read_planner.SEARCH_FIELDS,
            most(members("SearchCases")["fields"]),
            id="fields-of-a-search",
        ),
        pytest.param(
            cases_aws.PAGE, most(members("SearchCases")["maxResults"]), id="cases-of-a-page"
        ),
        pytest.param(
            cases_aws.PAGE, most(members("ListFields")["maxResults"]), id="fields-of-a-page"
        ),
        pytest.param(
            cases_aws.PAGE,
            most(members("ListFieldOptions")["maxResults"]),
            id="options-of-a-page",
        ),
        pytest.param(
            cases_aws.PAGE, most(members("ListTemplates")["maxResults"]), id="templates-of-a-page"
        ),
        pytest.param(
            cases_aws.DOMAIN_PAGE,
            most(members("ListDomains")["maxResults"]),
            id="domains-of-a-page",
        ),
        pytest.param(
            cases_codec.LIST_LIMIT,
            most(MODEL.shape_for("CaseFilter").members["andAll"]),
            id="andAll",
        ),
        pytest.param(
            cases_codec.LIST_LIMIT, most(MODEL.shape_for("CaseFilter").members["orAll"]), id="orAll"
        ),
        pytest.param(
            VALUE_LENGTH,
            most(MODEL.shape_for("FieldValueUnion").members["stringValue"]),
            id="length-of-a-value",
        ),
    ],
)
def test_a_limit_of_ours_is_the_services(ours, theirs):
    assert ours == theirs


def test_one_update_takes_every_field_that_one_read_gives():
    assert most(members("UpdateCase")["fields"]) == read_planner.GET_FIELDS


def test_a_batch_takes_the_cases_and_fields_that_the_service_does():
    members_of_batch = members("BatchUpdateCase")
    assert most(members_of_batch["cases"]) == batching.MOST_CASES
    assert len("0" * 64) <= most(members_of_batch["clientToken"])
    wanted = {"cases", "fields", "performedBy", "clientToken", "title", "status", "customerId"}
    assert wanted <= set(members_of_batch)


@pytest.mark.parametrize("name", ["title", "status", "customerId"])
def test_what_stands_at_the_top_of_a_batch_takes_what_we_let_through(name):
    shape = members("BatchUpdateCase")[name]
    ours = batching.TOP_LEVEL["customer_id" if name == "customerId" else name]
    longest = "x" * most(shape)
    assert ours.fullmatch(longest)
    assert not ours.fullmatch(longest + "x")
    assert not ours.fullmatch("")


def test_the_read_planner_counts_by_the_same_limits():
    assert read_planner.PAGE == cases_aws.PAGE
    assert read_planner.FLAT == cases_codec.LIST_LIMIT


def test_the_field_types_are_the_services():
    assert {str(one) for one in FieldType} == set(MODEL.shape_for("FieldType").enum)


@pytest.mark.parametrize("name", sorted(READS | {"UpdateCase"} | set(DEFAULT_QUOTAS) | set(APIS)))
def test_every_operation_that_we_name_exists(name):
    assert name in MODEL.operation_names


def test_no_read_changes_anything_by_its_name():
    assert all(name.startswith(("Get", "List", "Search")) for name in READS)


def test_an_update_can_still_not_be_made_conditional():
    """A new member here may be the condition that would close the last window before a write."""
    assert set(members("UpdateCase")) == {"domainId", "caseId", "fields", "performedBy"}


def test_updating_has_no_member_that_makes_a_retry_safe():
    assert not MODEL.operation_model("UpdateCase").idempotent_members


def test_the_stamp_of_who_did_it_fits():
    shape = MODEL.shape_for("UserUnion").members["customEntity"]
    assert len(stamp("a" * 64, "b" * 40, rollback=True)) <= most(shape)
    assert stamp("a" * 64, "") == f"reconcile:{'a' * 12}:none"


REQUIRED = {
    "GetDomain": {"domainId", "domainArn", "name"},
    "ListDomains": {"domains"},
    "ListFields": {"fields"},
    "ListFieldOptions": {"options"},
    "ListTemplates": {"templates"},
    "GetTemplate": {"name"},
    "GetCase": {"fields", "templateId"},
    "SearchCases": {"cases"},
}


@pytest.mark.parametrize("operation", sorted(REQUIRED))
def test_what_we_take_for_half_a_reply_is_required_by_the_service(operation):
    shape = MODEL.operation_model(operation).output_shape
    assert REQUIRED[operation] <= set(shape.required_members)


@pytest.mark.parametrize(
    ("name", "needed"),
    [
        ("SearchCasesResponseItem", {"caseId", "fields", "templateId"}),
        ("FieldSummary", {"fieldId", "name", "type", "namespace"}),
        ("FieldOption", {"name", "value", "active"}),
        ("TemplateSummary", {"templateId", "name"}),
        ("DomainSummary", {"domainId", "domainArn", "name"}),
        ("RequiredField", {"fieldId"}),
        ("FieldValue", {"id", "value"}),
    ],
)
def test_members_that_we_always_index_are_required(name, needed):
    assert needed <= set(MODEL.shape_for(name).required_members)
