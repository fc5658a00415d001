"""What is said of data that is not as a file of this program holds it: what, where, what else."""

LARGEST = 10**12  # of any count; larger numbers are nobody's
_SHOWN = 40


class Misshapen(ValueError):
    """What was found, what was expected, and by `within` where."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
        self.place = ""

    def within(self, step: str | int) -> "Misshapen":
        """The same, seen from one level further out."""
        outer = f"[{step}]" if isinstance(step, int) else step
        dot = "." if self.place and not self.place.startswith("[") else ""
        self.place = f"{outer}{dot}{self.place}"
        return self

    def __str__(self) -> str:
        return f"at {self.place}: {self.message}" if self.place else self.message


def named(value: object) -> str:
    """What a value is, for a sentence, without showing more of it than a glance."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        cut = value if len(value) <= _SHOWN else value[:_SHOWN] + "..."
        return f"the text {cut!a}"
    if isinstance(value, int | float):
        return f"the number {value!r}" if abs(value) < LARGEST else "a huge number"
    return "a list" if isinstance(value, list) else "an object"


def expected(value: object, what: str) -> Misshapen:
    """The problem with a value that is not what it should be."""
    return Misshapen(f"found {named(value)}, expected {what}")


def unknown_key(key: str) -> Misshapen:
    """The problem with a key that no file of this version has."""
    return Misshapen("found a key that this version does not know").within(ascii(key[:_SHOWN]))
