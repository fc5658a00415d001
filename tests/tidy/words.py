"""Find the words that were given up: each concept has one word, and a stranger learns it once."""

import io
import re
import tokenize
from collections.abc import Iterator

# What stands in place of each is in CONTRIBUTING.md, *Words*.
RETIRED = {
    "attendant": "observer",
    "clash": "conflict",
    "clashes": "fields of a conflict",
    "complaint": "problem",
    "complaints": "problems",
    "contested": "conflict",
    "discreet": "redacting",
    "framed": "with_console",
    "hands": "workers",
    "illegible": "unreadable",
    "maybe": "unknown",
    "objection": "guard",
    "objections": "guards",
    "refusal": "guard, or problem",
    "refusals": "guards, or problems",
    "remark": "problem, note or comment",
    "remarks": "problems, notes or comments",
    "trouble": "problem",
    "troubles": "problems",
    "unread": "unreadable",
    "unsure": "unknown",
    "useless": "what follows from it",
    "wanting": "managed cases",
    "wish": "desired value, spec",
    "wishes": "desired values, specs",
}

# Said otherwise: what brings live values to what the specs say is *restored*, an apply is
# *rolled back*.
_SAID = re.compile(
    rf"\b({'|'.join(RETIRED)}|put back|puts? (\w+ ){{0,3}}back|tak(es?|en) back)\b", re.IGNORECASE
)

# Names that are public, and stay; `PartOfModule.word: why`.
ALLOWED_NAMES = {
    ("errors", "refusals"): "public: Blocked.refusals",
    ("project.plans", "refusals"): "public: TargetPlan.refusals",
    ("project.plans", "refusal"): "public: what TargetPlan.refusals holds",
    ("project.admission", "refusals"): "makes a Blocked",
    ("project.reaching", "refusals"): "reads a Blocked",
    ("cli.console", "refusals"): "reads a Blocked",
}
# Words in texts that mean themselves there.
ALLOWED_TEXTS = {
    "hands": "hands on, hands out",
    "maybe": "plain English where nothing about an outcome is said",
    "refusal": "what the service answers, AccessDenied say, is a refusal",
    "refusals": "the same",
}


def _parts(name: str) -> list[str]:
    """`_FilterRefused` and `filter_refused` alike: filter, refused."""
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name).lower().split("_")


def names(module: str, source: str) -> Iterator[str]:
    """Each name of a module that has a retired word in it, with its line and what to write."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type != tokenize.NAME:
            continue
        for part in _parts(token.string):
            if part in RETIRED and (module, part) not in ALLOWED_NAMES:
                yield f"line {token.start[0]}: {token.string}; write {RETIRED[part]}"


def said(text: str) -> Iterator[str]:
    """Each retired word that a text says, with its line."""
    for found in _SAID.finditer(text):
        word = found[0].lower()
        if word not in ALLOWED_TEXTS:
            line = text.count("\n", 0, found.start()) + 1
            yield f"line {line}: {found[0]}; write {RETIRED.get(word, 'restored or rolled back')}"


def texts(source: str) -> str:
    """The strings and comments of a module, docstrings too; every other line is left empty."""
    lines = [""] * (source.count("\n") + 2)
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type in (tokenize.STRING, tokenize.COMMENT):
            for number, line in enumerate(token.string.splitlines(), token.start[0]):
                lines[number - 1] += " " + line
    return "\n".join(lines)
