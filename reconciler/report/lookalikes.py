"""Show apart two texts that a reader could not tell from each other."""

from unicodedata import normalize

from reconciler.report.escaping import visible

# Letters and marks that look like those of ASCII in most typefaces.
_CONFUSED = str.maketrans(
    "АВЕКМНОРСТУХІЈЅҮԌԚԜаеорсухіјѕһԁԛԝɡΑΒΕΖΗΙΚΜΝΟΡΤΥΧορνικυα‐‑‒–—−⁃’‘‚ʼ´“”„″…⁄∕·•։∶",
    "ABEKMHOPCTYXIJSYGQWaeopcyxijshdqwgABEZHIKMNOPTYXopvikua-------'''''\"\"\"\".//..::",
)


def told_apart(before: str, after: str) -> tuple[str, str]:
    """Both texts as `visible` shows them; where they look alike, what differs as escapes."""
    if before == after or _looks(before) != _looks(after):
        return visible(before), visible(after)
    most = min(len(before), len(after))
    start = next((at for at in range(most) if before[at] != after[at]), most)
    room = range(1, most - start + 1)
    end = next((at - 1 for at in room if before[-at] != after[-at]), most - start)
    return _spelled(before, start, end), _spelled(after, start, end)


def _looks(text: str) -> str:
    """What a reader sees of a text: blanks as one, and one letter for all like it."""
    shown = normalize("NFKC", visible(text)).translate(_CONFUSED)
    return " ".join(shown.split())


def _spelled(text: str, start: int, end: int) -> str:
    middle = text[start : len(text) - end]
    code = "".join(one if "!" <= one <= "~" and one != "\\" else _code(one) for one in middle)
    return visible(text[:start]) + code + visible(text[len(text) - end :])


def _code(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
