"""One case: its values and tags, and the packed form in which a row holds them."""

import json
from dataclasses import dataclass

from reconciler.sandbox.system_fields import CASE_ID
from reconciler.sandbox.values import Union


@dataclass(slots=True, kw_only=True)
class Case:
    """One case; whoever changes it calls `save` within the same transaction."""

    key: int
    case_id: str
    template_id: str
    values: dict[str, Union]
    tags: dict[str, str]

    def text(self, field_id: str) -> str | None:
        """The text a field holds, if it holds one."""
        value: str | None = self.values.get(field_id, {}).get("stringValue")
        return value


def unpack(key: int, case_id: str, template_id: str, packed: str) -> Case:
    """A case from the columns of its row."""
    values, tags = json.loads(packed)
    values[CASE_ID] = {"stringValue": case_id}
    return Case(key=key, case_id=case_id, template_id=template_id, values=values, tags=tags)


def pack(case: Case) -> str:
    """A case's values and tags as one column of its row; the id has its own."""
    values = {name: value for name, value in case.values.items() if name != CASE_ID}
    return json.dumps([values, case.tags], ensure_ascii=False, separators=(",", ":"))
