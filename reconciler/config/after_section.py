"""Read which targets come before which, and refuse an order that has no beginning."""

from collections.abc import Mapping
from dataclasses import replace

from reconciler.config.model import Target
from reconciler.model.source import Written
from reconciler.yaml.checks import Page, described, listed, nearest, position
from reconciler.yaml.reader import MapNode

KEY = "after"


def with_order(page: Page, node: MapNode, targets: Mapping[str, Target]) -> dict[str, Target]:
    """The targets, each with those that come before it."""
    written = {
        name: _names(page, entry[2], tuple(targets))
        for name, entry in node.entries.items()
        if name in targets and isinstance(entry[2], MapNode)
    }
    _refuse_circles(page, written)
    return {
        name: replace(target, after=tuple(one.text for one in written.get(name, ())))
        for name, target in targets.items()
    }


def _names(page: Page, target: MapNode, known: tuple[str, ...]) -> tuple[Written, ...]:
    if KEY not in target.entries:
        return ()
    listing = page.listing(target.entries[KEY][2], "the names of targets")
    items = () if listing is None else listing.items
    found: dict[str, Written] = {}
    for one in (page.name(item, "the name of a target") for item in items):
        if one is None:
            continue
        if one.text not in known:
            page.refuse(
                position(one),
                "unknown-target",
                f"found {described(one)}, expected {listed(known)}",
                nearest(one.text, known, "name one of `targets`"),
            )
        elif one.text in found:
            page.refuse(
                position(one),
                "repeated-name",
                f"found {described(one)} twice, expected each target once",
                "remove one of the two",
            )
        else:
            found[one.text] = one
    return tuple(found.values())


def _refuse_circles(page: Page, after: Mapping[str, tuple[Written, ...]]) -> None:
    """Each circle once, at the name that closes it."""
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        for one in after.get(name, ()):
            if one.text in path:
                circle = (*path[path.index(one.text) :], one.text)
                page.refuse(
                    position(one),
                    "circle",
                    f"found a circle: {' after '.join(circle)}; expected an order with a beginning",
                    "remove one of these names",
                )
            elif one.text not in done:
                visit(one.text, (*path, one.text))
        done.add(name)

    for name in after:
        if name not in done:
            visit(name, (name,))
