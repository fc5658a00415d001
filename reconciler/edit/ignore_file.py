"""Write rules of what to leave alone into a spec file, everything that is there kept as it is."""

import re
from collections.abc import Sequence
from io import BytesIO

from reconciler.errors import AuthorErrors, ReconcilerError
from reconciler.model.argument import argument
from reconciler.model.diagnostic import Problem, quoted
from reconciler.model.ignore import IgnoreRule, NewRule, Scope
from reconciler.model.spec import IgnoreSpec, Spec
from reconciler.specs.reading.document import API_VERSION, DocumentReader
from reconciler.yaml.checks import Page
from reconciler.yaml.meaning import Meaning, meaning
from reconciler.yaml.reader import reading
from reconciler.yaml.source_bytes import FileBytes
from reconciler.yaml.words import in_quotes, plain_is_right

_DASH = re.compile(" *(?=- +$)")


class IgnoreFile:
    """One spec file that takes further rules; `data` is what it holds now."""

    def __init__(self, data: bytes, file: str) -> None:
        self.data = data
        self._file = file
        self._documents = _documents(data, file)

    def add(
        self, rules: Sequence[NewRule], target: str, default: str | None, name: str
    ) -> tuple[str, int]:
        """The text added for one target, and how many of the rules were there already.

        The rules are added to the last document that is about this target alone, else to a new
        one of this name.
        """
        number, document = self._document(target, default)
        known = () if document is None else document.rules
        wanted = [rule for rule in rules if not any(map(rule.is_kept_by, known))]
        if not wanted:
            return "", len(rules)
        if document is None:
            added, expected = self._new_document(wanted, target, name)
            at = len(self.data)
        else:
            at, indent = self._end_of(document.rules[-1])
            added = _rules(wanted, indent)
            expected = _moved(f"ignore:\n{added}", (number, "ignore"), len(document.rules))
        self._insert(added, at, expected)
        return added, len(rules) - len(wanted)

    def _document(self, target: str, default: str | None) -> tuple[int, IgnoreSpec | None]:
        # The last one: who adds rules by hand adds them at the end.
        for number, spec in reversed(list(enumerate(self._documents))):
            if isinstance(spec, IgnoreSpec) and spec.header.about(default) == (target,):
                return number, spec
        return len(self._documents), None

    def _new_document(
        self, rules: Sequence[NewRule], target: str, name: str
    ) -> tuple[str, Meaning]:
        text = (
            f"apiVersion: {API_VERSION}\nkind: Ignore\nmetadata:\n  name: {_scalar(name)}\n"
            f"target: {_scalar(target)}\nignore:\n{_rules(rules, '  ')}"
        )
        expected, _ = meaning(text.encode(), self._file)
        number = len(self._documents)
        mark = "---\n" if self.data.strip() else ""
        return mark + text, {(number, *way[1:]): leaf for way, leaf in expected.items()}

    def _end_of(self, rule: IgnoreRule) -> tuple[int, str]:
        """The byte after the last line of a rule, and the indentation of its dash."""
        lines = self.data.decode("utf-8-sig").splitlines(keepends=True)
        dash = _DASH.match(lines[rule.at.line - 1][: rule.at.column - 1])
        if dash is None:
            raise ReconcilerError(
                f"{rule.at}: found the rules in brackets, expected each behind a `- ` of its own; "
                f"write them so, or name another file with {argument('out')}"
            )
        last = rule.at.line
        for number, line in enumerate(lines[last:], last + 1):
            inside = len(line) - len(line.lstrip(" ")) > len(dash[0])
            if line.strip() and inside:
                last = number
            elif line.strip() and not line.lstrip().startswith("#"):
                break
        # A byte order mark counts in bytes, and is in no line.
        mark = len(self.data) - len(self.data.decode("utf-8-sig").encode())
        return mark + len("".join(lines[:last]).encode()), dash[0]

    def _insert(self, added: str, at: int, expected: Meaning) -> None:
        """Put the text there, if that says what it should and changes nothing else."""
        ending = b"\r\n" if b"\r\n" in self.data else b"\n"
        before, after = self.data[:at], self.data[at:]
        gap = ending if before and not before.endswith(b"\n") else b""
        made = before + gap + added.encode().replace(b"\n", ending) + after
        # Read again, before and after: nothing but the new rules may have changed.
        was, _ = meaning(self.data, self._file)
        found, problems = meaning(made, self._file)
        if problems or found != was | expected:
            raise ReconcilerError(
                f"{self._file}: found a layout to which no rule can be added safely; nothing was "
                f"written: add the rules by hand, or name another file with {argument('out')}"
            )
        self.data, self._documents = made, _documents(made, self._file)


def _documents(data: bytes, file: str) -> list[Spec | IgnoreSpec | None]:
    """Every document of the file; AuthorErrors when anything in it is wrong."""
    documents: list[Spec | IgnoreSpec | None] = []
    problems: list[Problem] = []
    page = Page(file, problems)
    pieces = FileBytes(BytesIO(data), is_json=False, digested=False)
    with reading(pieces, file, problems) as reader:
        while reader.next_document():
            documents.append(DocumentReader(reader, page).read())
    if problems:
        raise AuthorErrors(problems)
    return documents


def _rules(rules: Sequence[NewRule], indent: str) -> str:
    return "".join(f"{indent}{line}\n" for rule in rules for line in _lines(rule))


def _lines(rule: NewRule) -> list[str]:
    comment = f" # {quoted(rule.name)}" if rule.name != rule.field else ""
    return [
        f"- field: {_scalar(rule.field)}{comment}",
        f"  case: {_scalar(rule.case)}",
        f"  reason: {_scalar(rule.reason)}",
        f"  until: {_scalar(rule.until)}",
        *([] if rule.scope is Scope.BOTH else [f"  scope: {rule.scope}"]),
    ]


def _scalar(text: str) -> str:
    return text if plain_is_right(text, flow=False) else in_quotes(text)


def _moved(text: str, list_at: tuple[int, str], items_before: int) -> Meaning:
    """What the rules of a text mean once they stand behind others in a list."""
    found, _ = meaning(text.encode(), "")
    return {
        (*list_at, int(way[2]) + items_before, *way[3:]): leaf
        for way, leaf in found.items()
        if len(way) > 2
    }
