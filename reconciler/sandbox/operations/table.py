"""Which function carries out which operation."""

from collections.abc import Callable, Mapping

from reconciler.sandbox.call import Call, Json
from reconciler.sandbox.operations import (
    batches,
    cases,
    domains,
    fields,
    history,
    options,
    searching,
    tags,
    templates,
)

Operation = Callable[[Call, Json], Json | None]

OPERATIONS: Mapping[str, Operation] = {
    "BatchGetField": fields.batch_get_field,
    "BatchPutFieldOptions": options.batch_put_field_options,
    "BatchUpdateCase": batches.batch_update_case,
    "CreateCase": cases.create_case,
    "CreateDomain": domains.create_domain,
    "CreateField": fields.create_field,
    "CreateTemplate": templates.create_template,
    "DeleteCase": cases.delete_case,
    "DeleteField": fields.delete_field,
    "GetCase": cases.get_case,
    "GetCaseAuditEvents": history.get_case_audit_events,
    "GetDomain": domains.get_domain,
    "GetTemplate": templates.get_template,
    "ListDomains": domains.list_domains,
    "ListFieldOptions": options.list_field_options,
    "ListFields": fields.list_fields,
    "ListTagsForResource": tags.list_tags_for_resource,
    "ListTemplates": templates.list_templates,
    "SearchCases": searching.search_cases,
    "TagResource": tags.tag_resource,
    "UntagResource": tags.untag_resource,
    "UpdateCase": cases.update_case,
    "UpdateField": fields.update_field,
    "UpdateTemplate": templates.update_template,
}
