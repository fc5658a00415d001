"""Check request members against the service model's shapes: types, sizes, patterns, unions.

Every shape is compiled once into a function that returns the value without the members it does
not know, or raises the service's ValidationException. Unlike botocore's own checker this one
holds maximums, patterns and enums too, since those are the server's to check. The wording of the
messages is the usual one of AWS services; that of this service is not documented.
"""

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from reconciler.sandbox.errors import ServiceError, validation

Json = dict[str, Any]
Reader = Callable[[Any, str], Any]


class Shapes:
    """The compiled shapes of one model."""

    def __init__(self, shapes: Mapping[str, Json]) -> None:
        self._shapes = shapes
        self._compiled: dict[str, Reader] = {}

    def reader(self, name: str) -> Reader:
        """The function that checks and cleans one value of the named shape."""
        if name not in self._compiled:
            # Shapes may contain themselves: leave a forward call until the real one is there.
            self._compiled[name] = lambda value, at: self._compiled[name](value, at)
            shape = self._shapes[name]
            self._compiled[name] = self._builders[shape["type"]](self, shape)
        return self._compiled[name]

    def _structure(self, shape: Json) -> Reader:
        members = {key: self.reader(part["shape"]) for key, part in shape["members"].items()}
        required = tuple(shape.get("required", ()))
        is_union = shape.get("union", False)

        def read(value: Any, at: str) -> Json:
            if not isinstance(value, dict):
                raise _failed(at, "Member must be a structure")
            found: Json = {}
            for key, item in value.items():
                check = members.get(key)
                if check is not None and item is not None:
                    found[key] = check(item, f"{at}.{key}" if at else key)
            for key in required:
                if key not in found:
                    raise _failed(f"{at}.{key}" if at else key, "Member must not be null")
            if is_union and len(found) != 1:
                raise _failed(at, f"Exactly one of {', '.join(members)} must be set")
            return found

        return read

    def _list(self, shape: Json) -> Reader:
        member = self.reader(shape["member"]["shape"])
        sparse = shape.get("sparse", False)
        check_size = _sizes(shape, "length")

        def read(value: Any, at: str) -> list[Any]:
            if not isinstance(value, list):
                raise _failed(at, "Member must be a list")
            check_size(len(value), at)
            return [
                None if item is None and sparse else member(item, f"{at}.{number}.member")
                for number, item in enumerate(value, start=1)
            ]

        return read

    def _map(self, shape: Json) -> Reader:
        read_key = self.reader(shape["key"]["shape"])
        read_value = self.reader(shape["value"]["shape"])
        sparse = shape.get("sparse", False)
        check_size = _sizes(shape, "length")

        def read(value: Any, at: str) -> Json:
            if not isinstance(value, dict):
                raise _failed(at, "Member must be a map")
            check_size(len(value), at)
            return {
                read_key(key, at): None if item is None and sparse else read_value(item, at)
                for key, item in value.items()
            }

        return read

    def _string(self, shape: Json) -> Reader:
        check_size = _sizes(shape, "length")
        allowed = frozenset(shape.get("enum", ()))
        # The model's patterns have lost their anchors; only a match of the whole text counts.
        pattern = re.compile(shape["pattern"]) if "pattern" in shape else None

        def read(value: Any, at: str) -> str:
            if not isinstance(value, str):
                raise _failed(at, "Member must be a string")
            check_size(len(value), at)
            if allowed and value not in allowed:
                raise _failed(at, f"Member must satisfy enum value set: {sorted(allowed)}")
            if pattern is not None and not pattern.fullmatch(value):
                raise _failed(
                    at, f"Member must satisfy regular expression pattern: {shape['pattern']}"
                )
            return value

        return read

    def _integer(self, shape: Json) -> Reader:
        check_size = _sizes(shape, "value")

        def read(value: Any, at: str) -> int:
            if not isinstance(value, int) or isinstance(value, bool):
                raise _failed(at, "Member must be an integer")
            check_size(value, at)
            return value

        return read

    def _double(self, shape: Json) -> Reader:
        del shape

        def read(value: Any, at: str) -> float:
            if not isinstance(value, int | float) or isinstance(value, bool):
                raise _failed(at, "Member must be a number")
            try:
                number = float(value)
            except OverflowError:
                number = math.inf
            if not math.isfinite(number):
                raise _failed(at, "Member must be a finite double")
            return number

        return read

    def _boolean(self, shape: Json) -> Reader:
        del shape

        def read(value: Any, at: str) -> bool:
            if not isinstance(value, bool):
                raise _failed(at, "Member must be a boolean")
            return value

        return read

    _builders: Mapping[str, Callable[["Shapes", Json], Reader]] = {
        "structure": _structure,
        "list": _list,
        "map": _map,
        "string": _string,
        "timestamp": _string,
        "integer": _integer,
        "long": _integer,
        "double": _double,
        "boolean": _boolean,
    }


def _sizes(shape: Json, noun: str) -> Callable[[int, str], None]:
    """A check of the shape's smallest and largest size; `noun` is what the message calls it."""
    low, high = shape.get("min"), shape.get("max")
    wording = "have length " if noun == "length" else "have value "

    def check(size: int, at: str) -> None:
        if low is not None and size < low:
            raise _failed(at, f"Member must {wording}greater than or equal to {low}")
        if high is not None and size > high:
            raise _failed(at, f"Member must {wording}less than or equal to {high}")

    return check


def _failed(at: str, constraint: str) -> ServiceError:
    return validation(
        f"1 validation error detected: Value at '{at}' failed to satisfy constraint: {constraint}"
    )
