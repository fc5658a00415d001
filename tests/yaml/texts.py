"""Write YAML as people do: in every style, with comments wherever YAML allows one."""

import re
from random import Random

from hypothesis import strategies as st

WORDS = (
    "High", "NO", "012", "1:30", "2026-01-02", "1e3", "5", "-4.5", "true", "null", "~", "on",
    "a b", "it's", 'say "so"', "x: y", "a # b", "- dash", "øre", "🙂 ok", "http://a.b/c?d=1,2",
    "[x]", "{y}", "&a", "*b", "!t", "%p", "@q", "`r`", "back\\slash", "yes", "=", "<<", "0x1F",
    "trailing ", " leading", "", ",", "a,b", "? q", ": c", "2026-12-01T09:00:00Z", "Null", "=x",
    "---", "...", "CHG-1042", "tab\there",
)  # fmt: skip
PLAIN = (
    "High",
    "NO",
    "012",
    "1:30",
    "5",
    "true",
    "null",
    "a b",
    "it's",
    "øre",
    "🙂 ok",
    "x-y",
)
NAMES = ("note", "status", "follow up on", "b", "a", "id", "fields", "name", "owner", "NO", "12")
TOP = ("kind", "metadata", "cases", "apiVersion", "defaults", "fields", "other", "target", "select")


def comments_in(text: str) -> list[str]:
    """The numbers of the comments that a text has."""
    return sorted(re.findall(r"#[^\n]*?c(\d+)\.", text))


class Writer:
    """One random file; every comment has a number of its own."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.comments = 0

    def chance(self, percent: int) -> bool:
        return self.random.randrange(100) < percent

    def comment(self) -> str:
        self.comments += 1
        return self.random.choice(["# c", "##c", "#  'x: c", '# "{ c'])[:9] + f"{self.comments}."

    def beside(self) -> str:
        return " " * self.random.choice([1, 1, 3]) + self.comment() if self.chance(25) else ""

    def above(self, indent: int) -> str:
        lines = []
        while self.chance(25):
            lines.append("" if self.chance(40) else " " * indent + self.comment())
        return "".join(line + "\n" for line in lines)

    def quoted(self, text: str) -> str:
        if self.chance(50) and "\t" not in text:
            return "'" + text.replace("'", "''") + "'"
        escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t")
        return f'"{escaped}"'

    def scalar(self, indent: int, *, flow: bool = False) -> str:
        kind = self.random.randrange(10)
        if kind < 4:
            return self.random.choice(PLAIN)
        if kind < 7 or flow:
            return self.quoted(self.random.choice(WORDS))
        return self.block(indent)

    def block(self, indent: int) -> str:
        """A block scalar, its last line without an end."""
        step = self.random.choice([1, 2, 4])
        chomp = self.random.choice(["", "-", "+"])
        lines = [self.random.choice(["text", "# no comment", "  more", "", "- x: y", "øre  "])
                 for _ in range(self.random.randrange(1, 5))]  # fmt: skip
        first = next((line for line in lines if line.strip()), "x")
        digit = str(step) if first.startswith(" ") or self.chance(10) else ""
        if not any(line.strip() for line in lines):
            lines = ["x"]
        comment = self.beside()
        header = self.random.choice("|>") + digit + chomp + comment
        return "\n".join(
            [header, *(" " * (indent + step) + line if line else "" for line in lines)]
        )

    def flow(self, depth: int) -> str:
        keyed = self.chance(60)
        parts = []
        for number in range(self.random.choice([0, 1, 2, 4])):
            value = (
                self.flow(depth - 1) if depth > 0 and self.chance(25) else self.scalar(0, flow=True)
            )
            parts.append((f"{NAMES[number]}: " if keyed else "") + value)
        spread = self.chance(30)
        pieces = ["{" if keyed else "["]
        for number, part in enumerate(parts):
            if spread and self.chance(50):
                pieces.append(self.beside() + "\n" + self.above(20) + " " * 30)
            pieces.append(part + ("," if number < len(parts) - 1 else ""))
            pieces.append(" " * self.random.randrange(1, 3))
        if spread:
            pieces.append(self.beside() + "\n" + self.above(20) + " " * 30)
        return "".join(pieces) + ("}" if keyed else "]")

    def node(self, indent: int, depth: int) -> tuple[str, bool]:
        """The text of a value, and whether it begins on the next line; it ends its last line."""
        kind = self.random.randrange(10)
        if depth > 0 and kind < 3:
            deeper = indent + self.random.choice([1, 2, 4])
            return self.map(deeper, depth - 1), True
        if depth > 0 and kind < 5:
            deeper = indent + self.random.choice([0, 2, 3]) if indent >= 0 else 0
            return self.list(deeper, depth - 1), True
        if kind < 6:
            return self.flow(2) + self.beside() + "\n", False
        if kind == 6:
            return "null" + self.beside() + "\n", False
        text = self.scalar(max(indent, 0))
        is_block = text[0] in "|>"
        return text + ("" if is_block else self.beside()) + "\n", False

    def entry(self, start: str, indent: int, depth: int, *, in_list: bool) -> str:
        value, below = self.node(indent, depth)
        if below and in_list and self.chance(80):
            # the first line goes beside the dash, its entry having the column that it asks for
            inner = indent + 2
            value = self.map(inner, depth - 1, bare=True) if depth > 0 else "x\n"
            return f"{start} {value.lstrip(' ')}"
        if below:
            if in_list and re.match(r"(\s|#[^\n]*)*-", value):
                value = self.map(indent + 2, max(depth - 1, 0))
            return start + self.beside() + "\n" + value
        return start + " " + value

    def map(self, indent: int, depth: int, *, bare: bool = False, names=NAMES) -> str:
        lines = []
        chosen = self.random.sample(names, self.random.randrange(1, 5))
        for number, name in enumerate(chosen):
            key = self.quoted(name) if self.chance(10) else name
            above = "" if bare and number == 0 else self.above(indent)
            lines.append(above + self.entry(" " * indent + key + ":", indent, depth, in_list=False))
        return "".join(lines) + self.above(indent)

    def list(self, indent: int, depth: int) -> str:
        return "".join(
            self.above(indent) + self.entry(" " * indent + "-", indent, depth, in_list=True)
            for _ in range(self.random.randrange(1, 4))
        )

    def file(self) -> str:
        text = self.above(0)
        for number in range(self.random.choice([1, 1, 1, 2, 3])):
            if number or self.chance(20):
                text += "---" + self.beside() + "\n"
            text += self.above(0) + self.map(0, 3, names=TOP) + self.above(0)
        return text.replace("\n", "\r\n") if self.chance(15) else text


@st.composite
def files(draw):
    """A file's text."""
    return Writer(Random(draw(st.integers(0, 2**32)))).file()
