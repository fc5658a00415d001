"""The service's own description of its operations and shapes, frozen at one version.

`model.json.gz` is botocore's model of `connectcases` (Copyright Amazon.com, Inc., Apache License
2.0), version 1.44.5, without its documentation. It is kept here so that the sandbox never changes
because another botocore was installed; `vendor` writes it anew from an installed botocore.
"""

import gzip
import json
from functools import cache
from importlib import import_module, resources
from pathlib import Path
from typing import Any

from reconciler.sandbox.errors import SandboxError

Model = dict[str, Any]

IMPLEMENTED = (
    "BatchGetField",
    "BatchPutFieldOptions",
    "BatchUpdateCase",
    "CreateCase",
    "CreateDomain",
    "CreateField",
    "CreateTemplate",
    "DeleteCase",
    "DeleteField",
    "GetCase",
    "GetCaseAuditEvents",
    "GetDomain",
    "GetTemplate",
    "ListDomains",
    "ListFieldOptions",
    "ListFields",
    "ListTagsForResource",
    "ListTemplates",
    "SearchCases",
    "TagResource",
    "UntagResource",
    "UpdateCase",
    "UpdateField",
    "UpdateTemplate",
)


@cache
def load() -> Model:
    """The vendored model: `operations` and `shapes`, as botocore writes them."""
    packed = resources.files("reconciler.sandbox").joinpath("model.json.gz").read_bytes()
    model: Model = json.loads(gzip.decompress(packed))
    return model


def installed() -> Model:
    """The same parts of the model that the installed botocore carries."""
    loader = import_module("botocore.loaders").Loader()
    whole: Model = loader.load_service_model("connectcases", "service-2")
    return {
        "metadata": whole["metadata"],
        "operations": {name: _bare(part) for name, part in whole["operations"].items()},
        "shapes": {name: _bare(part) for name, part in whole["shapes"].items()},
    }


def vendor(target: Path) -> None:
    """Write the installed botocore's model to a file, ready to replace `model.json.gz`."""
    model = installed()
    check_complete(model)
    text = json.dumps(model, sort_keys=True, separators=(",", ":"))
    target.write_bytes(gzip.compress(text.encode(), mtime=0))


def reachable_shapes(model: Model, operation: str) -> frozenset[str]:
    """The names of all shapes that an operation's input, output and errors are made of."""
    found: set[str] = set()
    waiting = list(_named_shapes(model["operations"][operation]))
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(_named_shapes(model["shapes"][name]))
    return frozenset(found)


def _named_shapes(part: Any) -> list[str]:
    if isinstance(part, list):
        return [name for item in part for name in _named_shapes(item)]
    if not isinstance(part, dict):
        return []
    if isinstance(part.get("shape"), str):
        return [part["shape"]]
    return [name for item in part.values() for name in _named_shapes(item)]


def _bare(part: Any) -> Any:
    """A copy without documentation texts (a member may be called documentation too)."""
    if isinstance(part, dict):
        return {
            key: _bare(value)
            for key, value in part.items()
            if not (key == "documentation" and isinstance(value, str))
        }
    if isinstance(part, list):
        return [_bare(item) for item in part]
    return part


def check_complete(model: Model) -> None:
    """Refuse a model that lacks an operation the sandbox carries out."""
    missing = sorted(set(IMPLEMENTED) - set(model["operations"]))
    if missing:
        raise SandboxError(f"the service model lacks {', '.join(missing)}; use botocore >= 1.44.5")
