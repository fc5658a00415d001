"""Read who may change what."""

import re

from reconciler.config.model import OwnerRule
from reconciler.yaml.checks import Page, position
from reconciler.yaml.reader import ListNode, MapNode, Node

_KEYS = ("owner", "specs", "fields")
# A path that goes down from the config's folder: no root, no step up or in place, no backslash.
_GLOB = re.compile(r"(?!/)(?!(?:.*/)?\.{1,2}(?:/|$))[^\\]+")


def read_owners(page: Page, node: Node) -> tuple[OwnerRule, ...]:
    """The rules of `owners`, in the order of the file."""
    listing = page.listing(node, "rules")
    rules = (_rule(page, item) for item in (() if listing is None else listing.items))
    return tuple(rule for rule in rules if rule is not None)


def _rule(page: Page, node: Node) -> OwnerRule | None:
    mapping = page.mapping(node, "owner, and specs or fields")
    if mapping is None:
        return None
    page.only(mapping, _KEYS, "a rule of `owners`")
    owner = page.name(page.required(mapping, "owner", "a rule of `owners`"), "the owner's name")
    if not mapping.entries.keys() & {"specs", "fields"}:
        page.refuse(
            position(mapping),
            "missing-key",
            "found neither `specs` nor `fields` in a rule of `owners`, expected one or both",
            "say what they own: `specs: specs/care/**`, `fields: [priority]`",
        )
    specs = _names(page, mapping, "specs", "a path with * or **, from the config's folder")
    fields = _names(page, mapping, "fields", "the id or the name of a field")
    for at, glob in specs:
        if not _GLOB.fullmatch(glob):
            page.refuse(
                at,
                "bad-glob",
                f"found {glob!r}, expected a path below the config's folder",
                "write it as messages show specs, with / between folders: specs/care/**",
            )
    if owner is None:
        return None
    return OwnerRule(
        owner=owner.text.strip(),
        specs=tuple(glob for _, glob in specs),
        fields=tuple(name for _, name in fields),
    )


def _names(
    page: Page, mapping: MapNode, key: str, expected: str
) -> list[tuple[tuple[int, int], str]]:
    """One name, or a list of them, each with its place."""
    if key not in mapping.entries:
        return []
    node = mapping.entries[key][2]
    if isinstance(node, ListNode) and not node.items:
        page.refuse(
            position(node),
            "wrong-shape",
            f"found an empty list, expected {expected}",
            f"add one, or remove `{key}`",
        )
    items = node.items if isinstance(node, ListNode) else (node,)
    names = [page.name(item, expected) for item in items]
    return [(position(name), name.text) for name in names if name is not None]
