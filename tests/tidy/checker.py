"""Find where the program leaves its own style guide."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

PACKAGE = "reconciler"
FILE_LINES = 300
FUNCTION_LINES = 50

# Which folders, or modules at the top, each may import.
LAYERS = {
    "model": {"model"},
    "errors": {"model"},
    "ports": {"model"},
    "engine": {"model", "errors", "engine"},
    "adapters": {"model", "errors", "ports", "adapters", ""},
    "workflow": {"model", "errors", "ports", "engine", "workflow"},
    "report": {"model", "engine", "report", ""},
    "sandbox": {"sandbox"},
    "wiring": {
        "model", "errors", "ports", "engine", "adapters", "workflow", "report", "wiring", "",
        "sandbox.api",
    },
    "cli": {
        "model", "errors", "ports", "engine", "adapters", "workflow", "report", "wiring", "cli", "",
        "sandbox.api",
    },
    "__main__": {"cli"},
    "": set(),
}  # fmt: skip

# The only modules, or folders, that may use a library.
DOORS = {
    "boto3": {"adapters.aws_session"},
    "botocore": {
        "adapters.aws_session",
        "adapters.bounded_http",
        "adapters.careful_credentials",
        "adapters.cases_errors",
        "adapters.connecting",
        "adapters.page_parser",
    },
    "yaml": {"adapters.yaml_reader", "adapters.yaml_events"},
    "jsonschema": {"adapters.schema_check"},
    "deepdiff": {"engine.compare"},
    "rich": {"report"},
    "tenacity": {"workflow.calling"},
    "click": {"cli"},
    "aiohttp": {"sandbox"},
    "jinja2": {"report.html"},
    "csv": {"adapters.table_file"},
    "sqlite3": {"sandbox"},
    "subprocess": {"adapters.git_repository"},
    "time": {"adapters.system_clock", "sandbox"},
    "random": {"sandbox"},
    "logging": {"sandbox"},
}
CLOCKS = {"adapters.system_clock", "sandbox", "wiring"}
PURE = {"model", "engine", "report"}
IMPURE = {"os", "io", "tempfile", "socket", "secrets", "threading", "random", "time", "pathlib"}
PURE_EXCEPTIONS = {("model.config", "pathlib"), ("report.terminal", "io")}
_NOW = ("datetime.now", "datetime.utcnow", "date.today")
_UNDONE = re.compile(r"\b(TODO|FIXME|XXX)\b")


def complaints(name: str, source: str) -> Iterator[str]:
    """What is wrong with one module; `name` is dotted and without the package's own name."""
    tree = ast.parse(source)
    layer = name.split(".")[0]
    yield from _layer(name, layer, tree)
    yield from _doors(name, layer, tree)
    yield from _docstring(tree)
    yield from _sizes(source, tree)
    yield from _banned(name, layer, source, tree)


def modules(root: Path) -> Iterator[tuple[str, str]]:
    """Every module of the package: its dotted name and its source."""
    for path in sorted((root / PACKAGE).rglob("*.py")):
        parts = path.relative_to(root / PACKAGE).with_suffix("").parts
        if parts[-1] == "__init__":
            parts = parts[:-1]
        yield ".".join(parts), path.read_text(encoding="utf-8")


def _imports(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every imported module, and for `from x import y` also x.y, since y may be a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                yield node.lineno, "." * node.level + (node.module or "")
            elif node.module == PACKAGE or node.module == f"{PACKAGE}.sandbox":
                yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)
            elif node.module:
                yield node.lineno, node.module


def _layer(name: str, layer: str, tree: ast.Module) -> Iterator[str]:
    allowed = LAYERS.get(layer)
    if allowed is None:
        yield f"{name} is in no layer"
        return
    for line, module in _imports(tree):
        if module.startswith("."):
            yield f"line {line}: a relative import"
        first, _, rest = module.partition(".")
        if first != PACKAGE:
            continue
        folder = rest.split(".")[0]
        folder = "" if folder.startswith("__version") else folder
        if folder not in allowed and rest not in allowed:
            yield f"line {line}: {layer or PACKAGE} may not import {module}"


def _doors(name: str, layer: str, tree: ast.Module) -> Iterator[str]:
    for line, module in _imports(tree):
        library = module.split(".")[0]
        doors = DOORS.get(library)
        if doors is not None and not doors & {name, layer}:
            yield f"line {line}: {library} has other doors: {', '.join(sorted(doors))}"
        if layer in PURE and library in IMPURE and (name, library) not in PURE_EXCEPTIONS:
            yield f"line {line}: {layer} is pure, and {library} is not"


def _docstring(tree: ast.Module) -> Iterator[str]:
    text = ast.get_docstring(tree) or ""
    first = text.split("\n")[0]
    if not first:
        yield "has no docstring"
    elif not (first[0].isupper() or first[0] == "`") or not first.rstrip().endswith(
        (".", "?", ":")
    ):
        yield f"begins with what is no sentence: {first}"
    for node in ast.walk(tree):
        public = isinstance(node, ast.ClassDef) and not node.name.startswith("_")
        if public and not ast.get_docstring(node):
            yield f"line {node.lineno}: the class {node.name} has no docstring"


def _sizes(source: str, tree: ast.Module) -> Iterator[str]:
    lines = source.count("\n")
    if lines > FILE_LINES:
        yield f"has {lines} lines, and {FILE_LINES} is the most"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION_LINES:
                yield f"line {node.lineno}: {node.name} has {length} lines"


def _banned(name: str, layer: str, source: str, tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func)
        if called == "print":
            yield f"line {node.lineno}: print"
        elif called.endswith(_NOW) and not CLOCKS & {name, layer}:
            yield f"line {node.lineno}: {called} outside the clock"
    for number, line in enumerate(source.splitlines(), 1):
        if _UNDONE.search(line):
            yield f"line {number}: something undone"
