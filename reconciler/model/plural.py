"""A number and its noun, as sentences say them."""


def plural(count: int, one: str, many: str = "") -> str:
    """`1 case`, `2 cases`, `1,200 cases`, `2 policies`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
