"""Find where the program leaves its own style guide."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import reconciler

PACKAGE = "reconciler"
FILE_LINES = 300
FUNCTION_LINES = 50

# The rooms; each may import what stands above it, and itself. `sandbox` stands alone: it shares no
# code with the rest, so that a codec mistake cannot cancel itself out.
ROOMS = (
    "",
    "model",
    "errors",
    "clock",
    "parallel",
    "files",
    "yaml",
    "config",
    "specs",
    "git",
    "tables",
    "service",
    "secrets",
    "read",
    "history",
    "plan",
    "state",
    "apply",
    "edit",
    "report",
    "project",
    "library",
    "cli",
    "__main__",
)
# The front door: its names are the room `library`, since it imports what they are made of.
PUBLIC = set(reconciler.__all__) - {"__version__"}
SANDBOX_DOOR = "sandbox.api"
MAY_START_THE_SANDBOX = {"project", "cli"}

# The only modules, or folders, that may use a library.
DOORS = {
    "boto3": {"service.aws.session"},
    "botocore": {"service.aws"},
    "yaml": {"yaml.reader", "yaml.events"},
    "jsonschema": {"files.schema_check"},
    "deepdiff": {"plan.compare"},
    "rich": {"report.text", "report.attribution"},
    "tenacity": {"service.calling"},
    "click": {"cli"},
    "aiohttp": {"sandbox"},
    "jinja2": {"report.html.page"},
    "csv": {"tables.file"},
    "sqlite3": {"sandbox"},
}

# The doors: the only modules that may touch files, processes, sockets, signals, the environment or
# the clock. Everything else decides, and is handed what it needs.
OUTSIDE = {
    "time": {"clock", "sandbox"},
    "subprocess": {"git.repository"},
    "random": {"sandbox"},
    "logging": {"sandbox"},
    "tempfile": {
        "files.spool",
        "git.repository",
        "project.home",
        "state.receipts",
        "cli.edge",
        "sandbox",
    },
    "fcntl": {"files.whole_file", "state.folder", "state.lock"},
    "signal": {"cli", "sandbox"},
    "secrets": {"project.run_facts", "secrets.key", "state.lease", "sandbox"},
    "socket": {"project.applying", "service.aws.bounded_http", "sandbox"},
    "os": {
        "cli",
        "config.endpoint_allowance",
        "edit.export_files",
        "files.given_file",
        "files.whole_file",
        "git.changed",
        "git.facts",
        "git.repository",
        "git.tree",
        "project.applying",
        "project.home",
        "sandbox",
        "secrets.key",
        "service.aws.bounded_http",
        "service.aws.session",
        "service.aws.state_session",
        "state.ci_facts",
        "state.folder",
        "state.journal_file",
        "state.lock",
        "state.segments",
        "yaml.checks",
    },
    "threading": {
        "apply",
        "cli",
        "clock",
        "files.whole_file",
        "parallel",
        "plan.classifying",
        "project",
        "read.index",
        "sandbox",
        "service.aws.bounded_http",
        "service.calling",
        "secrets.stored_key",
        "state.bucket",
        "state.journal_file",
        "state.keeper",
        "state.lease",
        "state.segments",
    },
}
CLOCKS = {"clock", "sandbox", "project"}
PURE = {"model", "report"}
IMPURE = {"io", "pathlib"}
PURE_EXCEPTIONS = {("report.text.terminal", "io")}
_NOW = ("datetime.now", "datetime.utcnow", "date.today")
_UNDONE = re.compile(r"\b(TODO|FIXME|XXX)\b")


def complaints(name: str, source: str) -> Iterator[str]:
    """What is wrong with one module; `name` is dotted and without the package's own name."""
    tree = ast.parse(source)
    room = name.split(".")[0] or "library"
    yield from _rooms(name, room, tree)
    yield from _doors(name, room, tree)
    yield from _docstring(tree)
    yield from _sizes(source, tree)
    yield from _banned(name, room, source, tree)


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


def _rooms(name: str, room: str, tree: ast.Module) -> Iterator[str]:
    if room != "sandbox" and room not in ROOMS:
        yield f"{name} is in no room"
        return
    for line, module in _imports(tree):
        if module.startswith("."):
            yield f"line {line}: a relative import"
        first, _, rest = module.partition(".")
        if first != PACKAGE:
            continue
        other = rest.split(".")[0]
        other = "" if other.startswith("__version") else other
        other = "library" if other in PUBLIC else other
        if not _may_import(room, other, rest):
            yield f"line {line}: {room or PACKAGE} may not import {module}"


def _may_import(room: str, other: str, module: str) -> bool:
    if "sandbox" in (room, other):
        return room == other or (module == SANDBOX_DOOR and room in MAY_START_THE_SANDBOX)
    return other in ROOMS and ROOMS.index(other) <= ROOMS.index(room)


def _doors(name: str, room: str, tree: ast.Module) -> Iterator[str]:
    for line, module in _imports(tree):
        library = module.split(".")[0]
        doors = DOORS.get(library) or OUTSIDE.get(library)
        if doors is not None and not _is_at(name, doors):
            yield f"line {line}: {library} has other doors: {', '.join(sorted(doors))}"
        if room in PURE and library in IMPURE and (name, library) not in PURE_EXCEPTIONS:
            yield f"line {line}: {room} is pure, and {library} is not"


def _is_at(name: str, doors: set[str]) -> bool:
    return any(name == door or name.startswith(f"{door}.") for door in doors)


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


def _banned(name: str, room: str, source: str, tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func)
        if called == "print":
            yield f"line {node.lineno}: print"
        elif called.endswith(_NOW) and not CLOCKS & {name, room}:
            yield f"line {node.lineno}: {called} outside the clock"
    for number, line in enumerate(source.splitlines(), 1):
        if _UNDONE.search(line):
            yield f"line {number}: something undone"
