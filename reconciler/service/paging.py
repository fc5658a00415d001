"""Where the pages of one answer end: after the last one, or where the service goes round."""

from reconciler.errors import CallError

CODE = "endless-pages"


class Paging:
    """The tokens of one answer; a token seen before, or too many, make it no answer at all."""

    def __init__(self, what: str, most: int) -> None:
        self._what = what
        self._most = most
        self._pages = 0
        self._seen: set[str] = set()

    def goes_on(self, token: str) -> bool:
        """Whether a page follows; raises CallError when the pages do not lead to an end."""
        if not token:
            return False
        self._pages += 1
        if token in self._seen:
            raise CallError(f"{self._what}: pages repeat; the answer cannot be trusted", code=CODE)
        if self._pages >= self._most:
            raise CallError(
                f"{self._what} does not end; stopped after {self._most:,} pages", code=CODE
            )
        self._seen.add(token)
        return True

    def ask_anew(self) -> None:
        """The same is asked in another way: its tokens may be the same, its pages still count."""
        self._seen.clear()
