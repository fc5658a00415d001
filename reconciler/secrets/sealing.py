"""Replace sensitive values by keyed digests, so that nothing made from a plan can leak them."""

import hmac
import json
from collections.abc import Iterable, Mapping

from reconciler.model.plan import Sealed, Shown
from reconciler.model.value import FieldId, Value


def hidden(message: str, tags: Mapping[str, str]) -> str:
    """The message with each of these texts replaced by its tag, the longest text first."""
    for text in sorted(tags, key=len, reverse=True):
        message = message.replace(text, tags[text])
    return message


class Sealer:
    """Seals the values of sensitive fields with one key.

    Equal values of one field give equal digests under one key, which is what lets apply compare
    a live value with the plan's without either being written anywhere.
    """

    def __init__(self, key: bytes, sensitive: frozenset[FieldId]) -> None:
        self._key = key
        self.sensitive = sensitive

    def show(self, field: FieldId, value: Value) -> Shown:
        """The value itself, or its seal when the field is sensitive; empty is never a secret."""
        if field not in self.sensitive or value is None:
            return value
        return self._seal(field, value)

    def _seal(self, field: FieldId, value: Value) -> Sealed:
        message = json.dumps([field, value], ensure_ascii=False).encode("utf-8", "backslashreplace")
        return Sealed(hmac.digest(self._key, message, "sha256").hex())

    def vault(self, desired: Iterable[tuple[FieldId, Value]]) -> Mapping[str, Value]:
        """The sensitive values that specs hold, by digest: what each seal stands for."""
        return {
            self._seal(field, value).digest: value
            for field, value in desired
            if field in self.sensitive and value is not None
        }
