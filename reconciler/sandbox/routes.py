"""Find the operation a request means, from its method and its raw target."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote_to_bytes

from reconciler.sandbox.errors import ServiceError, unreadable
from reconciler.sandbox.service_model import Model


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One operation's method and path; a segment in braces takes any text."""

    operation: str
    method: str
    segments: tuple[str, ...]

    def labels(self, segments: list[str]) -> dict[str, str] | None:
        """The values of the path's labels, still percent-encoded; None when it does not fit."""
        found = {}
        for pattern, segment in zip(self.segments, segments, strict=True):
            if pattern.startswith("{"):
                found[pattern[1:-1]] = segment
            elif pattern != segment:
                return None
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """The operation a request means, with what its path and query say."""

    operation: str
    labels: Mapping[str, str]
    query: Mapping[str, list[str]]


class Routes:
    """All routes of a service model, literal segments taking precedence over labels."""

    def __init__(self, model: Model) -> None:
        self._by_size: dict[tuple[str, int], list[Route]] = {}
        for name, operation in model["operations"].items():
            segments = tuple(operation["http"]["requestUri"].split("/"))
            method = operation["http"]["method"]
            route = Route(operation=name, method=method, segments=segments)
            self._by_size.setdefault((method, len(segments)), []).append(route)
        for routes in self._by_size.values():
            routes.sort(key=lambda route: [part.startswith("{") for part in route.segments])

    def match(self, method: str, target: str) -> Match:
        """Say which operation is meant, or raise the service's UnknownOperationException.

        Ids may hold slashes, so the target is split before it is decoded, and never normalised.
        """
        path, _, query = target.partition("?")
        segments = path.split("/")
        for route in self._by_size.get((method, len(segments)), ()):
            labels = route.labels(segments)
            if labels is not None:
                decoded = {name: _decode(text) for name, text in labels.items()}
                return Match(operation=route.operation, labels=decoded, query=_query(query))
        raise ServiceError("UnknownOperationException", f"No operation is at {method} {path}.", 404)


def bind(match: Match, members: Mapping[str, Any], body: Any, shapes: Mapping[str, Any]) -> Any:
    """Put the members from path, query and body together, as the operation's input names them."""
    if not isinstance(body, dict):
        return body
    bound = dict(body)
    for name, member in members.items():
        where, wire_name = member.get("location"), member.get("locationName", name)
        if where == "uri":
            bound[name] = match.labels[wire_name]
        elif where == "querystring":
            bound.pop(name, None)
            if wire_name in match.query:
                bound[name] = _typed(match.query[wire_name], shapes[member["shape"]], wire_name)
    return bound


def _typed(texts: list[str], shape: Mapping[str, Any], name: str) -> Any:
    if shape["type"] == "list":
        return texts
    if shape["type"] != "integer":
        return texts[-1]
    try:
        return int(texts[-1])
    except ValueError:
        raise unreadable(f"The query parameter {name} must be a whole number.") from None


def _decode(text: str) -> str:
    try:
        return unquote_to_bytes(text).decode()
    except UnicodeDecodeError:
        raise unreadable("The path is not percent-encoded UTF-8.") from None


def _query(text: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        found.setdefault(name, []).append(value)
    return found
