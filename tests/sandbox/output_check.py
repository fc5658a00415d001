"""Check a reply against the output shape in the installed botocore's model, unknown members too."""

import json
import re
from functools import cache

from botocore.loaders import Loader

KINDS = {
    "string": str,
    "timestamp": str,
    "integer": int,
    "long": int,
    "double": float,
    "boolean": bool,
    "structure": dict,
    "map": dict,
    "list": list,
}
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


@cache
def model():
    return Loader().load_service_model("connectcases", "service-2")


def problems_of_reply(operation, status, headers, body):
    """All that is wrong with a reply, as a list of texts."""
    if "x-amzn-requestid" not in {name.lower() for name in headers}:
        return ["no request id"]
    if status >= 300:
        return problems_of_error(operation, status, headers, body)
    output = model()["operations"][operation].get("output")
    if output is None:
        return [] if body == b"" else ["a body where none belongs"]
    return list(problems_of(output["shape"], json.loads(body), operation))


def problems_of_error(operation, status, headers, body):
    code = headers.get("x-amzn-ErrorType") or headers.get("x-amzn-errortype")
    if status in (501, 503) or code == "SerializationException":
        return []
    if code not in {error["shape"] for error in model()["operations"][operation]["errors"]}:
        return [f"{operation} has no error {code}"]
    wanted = model()["shapes"][code]["error"]["httpStatusCode"]
    found = list(problems_of(code, json.loads(body), code))
    return found if status == wanted else [*found, f"{code} has status {wanted}, not {status}"]


def problems_of(name, value, at):
    shape = model()["shapes"][name]
    kind = KINDS[shape["type"]]
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        yield f"{at}: {value!r} is no {shape['type']}"
        return
    size = value if kind is int else len(value) if hasattr(value, "__len__") else None
    if kind is not dict and size is not None and not fits(shape, size):
        yield f"{at}: size {size} is not in {shape.get('min')}..{shape.get('max')}"
    if kind is str:
        yield from problems_of_text(shape, value, at)
    elif shape["type"] == "structure":
        yield from problems_of_structure(shape, value, at)
    elif shape["type"] == "map":
        for key, item in value.items():
            yield from problems_of(shape["key"]["shape"], key, f"{at} key")
            yield from problems_of(shape["value"]["shape"], item, f"{at}.{key}")
    elif shape["type"] == "list":
        for number, item in enumerate(value):
            if item is not None or not shape.get("sparse"):
                yield from problems_of(shape["member"]["shape"], item, f"{at}[{number}]")


def fits(shape, size):
    return shape.get("min", size) <= size <= shape.get("max", size)


def problems_of_text(shape, value, at):
    if "enum" in shape and value not in shape["enum"]:
        yield f"{at}: {value!r} is none of {shape['enum']}"
    if "pattern" in shape and not re.fullmatch(shape["pattern"], value):
        yield f"{at}: {value!r} does not match {shape['pattern']}"
    if shape["type"] == "timestamp" and not INSTANT.fullmatch(value):
        yield f"{at}: {value!r} is no instant"


def problems_of_structure(shape, value, at):
    for name in shape.get("required", ()):
        if name not in value:
            yield f"{at}: {name} is missing"
    if shape.get("union") and len(value) != 1:
        yield f"{at}: a union with {len(value)} members"
    for name, item in value.items():
        if name not in shape["members"]:
            yield f"{at}: unknown member {name}"
        else:
            yield from problems_of(shape["members"][name]["shape"], item, f"{at}.{name}")
