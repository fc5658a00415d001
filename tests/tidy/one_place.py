"""Find where a module tells apart by itself what has a table: operators, types, classes, guards."""

import ast
from collections.abc import Iterator

from reconciler.model.classes import ChangeClass
from reconciler.model.guards import Guard
from reconciler.model.operators import OPERATORS
from reconciler.model.value import FieldType

# The sandbox shares no code with the rest, and so has its own.
MAY_TELL_APART = ("model.operators", "model.fieldtypes", "model.value", "sandbox")
# These are ordinary words as well.
_WORDS = {"in", "empty", "equals", "contains", "after", "before", "Text", "User"}
_NAMES = ({str(type) for type in FieldType} | set(OPERATORS)) - _WORDS
# What modules outside may take from the classes: the base, the table, and this.
_SHARED = {"base", "table"}
_ALSO = {"find_option"}
# Reports and commands tell these apart by what their tables say of them alone.
_SHOWN = {"ChangeClass": ChangeClass, "Guard": Guard}


def scattered(name: str, source: str) -> Iterator[str]:
    """What a module decides about an operator or a type that its table should decide."""
    if name.startswith(MAY_TELL_APART):
        return
    tree = ast.parse(source)
    free = set(_given(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield from _imported(node)
        elif node in free or not isinstance(node, ast.Attribute | ast.Constant):
            continue
        elif _is_a_type(node):
            yield f"line {node.lineno}: tells {ast.unparse(node)} apart, ask TYPES"
        elif isinstance(node, ast.Constant) and node.value in _NAMES:
            yield f"line {node.lineno}: tells {node.value} apart, ask the table"
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare | ast.Match) and _asks_for_an_operator(node):
            yield f"line {node.lineno}: tells operators apart, ask OPERATORS"
        elif name.startswith(("report", "cli")) and _is_a_member(node):
            yield f"line {node.lineno}: tells {ast.unparse(node)} apart, ask its facts"


def _is_a_type(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "FieldType"
        and node.attr in FieldType.__members__
    )


def _is_a_member(node: ast.AST) -> bool:
    if isinstance(node, ast.Subscript):
        counts = isinstance(node.value, ast.Attribute) and node.value.attr == "classes"
        return counts and isinstance(node.slice, ast.Constant)
    return (
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.attr in getattr(_SHOWN.get(node.value.id), "__members__", ())
    )


def _given(tree: ast.AST) -> Iterator[ast.AST]:
    """What only makes something: the `type` of a field, the operator of a check."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "type":
            yield from ast.walk(node.value)
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == "Check":
            yield from node.args


def _imported(node: ast.ImportFrom) -> Iterator[str]:
    room, _, module = (node.module or "").rpartition(".")
    if room == "reconciler.model.fieldtypes" and module not in _SHARED:
        for alias in node.names:
            if alias.name not in _ALSO:
                yield f"line {node.lineno}: imports the class {alias.name}, ask TYPES"


def _asks_for_an_operator(node: ast.Compare | ast.Match) -> bool:
    if isinstance(node, ast.Match):
        return ast.unparse(node.subject).split(".")[-1] == "operator"
    sides = (node.left, *node.comparators)
    names = {ast.unparse(side).removesuffix(".name").split(".")[-1] for side in sides}
    return "operator" in names and any(
        isinstance(part, ast.Constant) for side in sides for part in ast.walk(side)
    )
