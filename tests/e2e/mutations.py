"""Every node of a JSON document changed in every way that an attacker may think of."""

import copy
import hashlib
import json
import random
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

Path = tuple[str | int, ...]

HUGE = "x" * 5_000


def _deep(levels: int) -> Any:
    data: Any = []
    for _ in range(levels):
        data = [data]
    return data


# What a node may be replaced by; a function gets the node itself.
REPLACEMENTS: dict[str, Any] = {
    "null": None,
    "true": True,
    "false": False,
    "zero": 0,
    "one": 1,
    "minus": -1,
    "half": 0.5,
    "minus-zero": -0.0,
    "large": 10**30,
    "larger": 10**4_000,
    "double": 1.7e308,
    "empty": "",
    "space": " ",
    "word": "x",
    "digits": "5",
    "huge": HUGE,
    "controls": "\x00\x1b[31m\n::error::x\u202e\u2028",
    "half-a-character": "\ud800",
    "path": "../../../etc/passwd",
    "emoji": "\U0001f600" * 200,
    "list": [],
    "list-of-it": lambda node: [node],
    "object": {},
    "object-of-it": lambda node: {"value": node},
    "nested": _deep(200),
    "sealed": "(sensitive #abcd)",
    "digest": "a" * 64,
    "time": "2026-12-01T09:00:00Z",
    "no-time": "2026-99-99T99:99:99Z",
    "as-text": lambda node: json.dumps(node),
    "upper": lambda node: node.upper() if isinstance(node, str) else [node, node],
    "padded": lambda node: f"{node} " if isinstance(node, str) else {"": node},
    "negative": lambda node: -node if isinstance(node, int | float) else -1,
    "as-float": lambda node: float(node) if isinstance(node, int) else 1e15,
}


def paths(data: Any, here: Path = ()) -> Iterator[Path]:
    """Every node but the root."""
    items: Any = ()
    if isinstance(data, dict):
        items = data.items()
    elif isinstance(data, list):
        items = enumerate(data)
    for key, value in items:
        yield (*here, key)
        yield from paths(value, (*here, key))


def _parent(data: Any, path: Path) -> Any:
    for step in path[:-1]:
        data = data[step]
    return data


def replaced(data: Any, path: Path, name: str) -> Any:
    """A copy with one node replaced."""
    made = copy.deepcopy(data)
    parent, new = _parent(made, path), REPLACEMENTS[name]
    parent[path[-1]] = new(parent[path[-1]]) if callable(new) else new
    return made


def deleted(data: Any, path: Path) -> Any:
    """A copy without one node."""
    made = copy.deepcopy(data)
    del _parent(made, path)[path[-1]]
    return made


def added(data: Any, path: Path) -> Any:
    """A copy with one node twice: in a list beside itself, in an object under another key."""
    made = copy.deepcopy(data)
    parent, key = _parent(made, path), path[-1]
    if isinstance(parent, list):
        parent.insert(int(key), copy.deepcopy(parent[int(key)]))
    else:
        parent[f"{key}2"] = copy.deepcopy(parent[key])
    return made


def swapped(data: Any, path: Path, other: Path) -> Any:
    """A copy with two nodes in each other's place, where neither is in the other."""
    made = copy.deepcopy(data)
    one, two = _parent(made, path), _parent(made, other)
    one[path[-1]], two[other[-1]] = (
        copy.deepcopy(two[other[-1]]),
        copy.deepcopy(one[path[-1]]),
    )
    return made


def mutations(data: Any, seed: int) -> Iterator[tuple[str, Callable[[], Any]]]:
    """All of them by name, in an order that the seed decides; each is made when it is asked for."""
    nodes = list(paths(data))
    chance = random.Random(seed)
    found: list[tuple[str, Callable[[], Any]]] = []
    for path in nodes:
        where = ".".join(map(str, path))
        found.append((f"{where} deleted", partial(deleted, data, path)))
        found.append((f"{where} added", partial(added, data, path)))
        other = chance.choice(nodes)
        found.append((f"{where} swapped", partial(swapped, data, path, other)))
        found += [(f"{where} {name}", partial(replaced, data, path, name)) for name in REPLACEMENTS]
    chance.shuffle(found)
    return iter(found)


def resigned(data: Any) -> bytes:
    """The file as an attacker would leave it: all that follows from the rest is made again."""
    if isinstance(data, dict) and "digest" in data:
        for remake in (_changes, _summary):
            try:
                remake(data)
            except (LookupError, TypeError, AttributeError):
                continue  # it is too odd to have any
        data["digest"] = _sha256(
            {key: value for key, value in data.items() if key not in ("digest", "hmac")}
        )
    return json.dumps(data, ensure_ascii=False).encode("utf-8", "backslashreplace")


def _sha256(data: Any) -> str:
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()


def _changes(data: Any) -> None:
    def essence(entry: Any, side: str) -> Any:
        sealed = entry.get(f"{side}_digest")
        return entry[side] if sealed is None else {"sealed": sealed}

    data["changes_digest"] = _sha256(
        [
            [
                target["domain_id"],
                [
                    [
                        change["case_id"],
                        [
                            [entry["id"], essence(entry, "before"), essence(entry, "after")]
                            for entry in change["fields"]
                        ],
                    ]
                    for change in target["changes"]
                ],
            ]
            for target in sorted(data["targets"], key=lambda target: target["domain_id"])
            if target["changes"]
        ]
    )


def _summary(data: Any) -> None:
    if "summary" not in data:
        return
    targets = data["targets"]
    changes = [change for target in targets for change in target["changes"]]
    entries = [entry for change in changes for entry in change["fields"]]
    classes = dict.fromkeys(data["summary"]["classes"], 0)
    for entry in entries:
        classes[entry["class"]] += 1
    data["summary"].update(
        cases_managed=sum(target["cases_managed"] for target in targets),
        cases_in_sync=sum(target["cases_in_sync"] for target in targets),
        cases_to_change=len(changes),
        fields_to_change=len(entries),
        clears=sum(entry["after"] is None for entry in entries),
        classes=classes,
        ignored=sum(len(target["ignored"]) for target in targets),
        unreadable=sum(len(target["unreadable"]) for target in targets),
        blocked=any(target["blocked_by"] for target in targets),
    )
