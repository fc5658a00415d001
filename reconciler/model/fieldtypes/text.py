"""Text fields: characters, whatever YAML would make of them; also links and users."""

import re
from typing import Any
from urllib.parse import urlsplit

from reconciler.model.catalog import Field
from reconciler.model.diagnostic import UnplacedProblem
from reconciler.model.fieldtypes.base import (
    VALUE_LENGTH,
    Options,
    ValueType,
    is_value_text,
    said,
)
from reconciler.model.source import Written
from reconciler.model.value import Value

# Documented lengths, in characters (administrator guide, "case fields").
TITLE_LENGTH = 500
SUMMARY_LENGTH = 3_000
SINGLE_LINE_LENGTH = 500

_ARN = re.compile(r"arn:[^:\s]+:[^:\s]+:[^:\s]*:[^:\s]*:\S+")


class Text(ValueType):
    """`NO`, `012`, `1:30` and `2026-01-02` are those characters.

    Whether assigned_queue and assigned_user, which are Text, travel as stringValue or userArnValue
    is not documented: a string is read from either.
    """

    in_quotes = True
    held_as = str
    members: tuple[str, ...] = ("stringValue", "userArnValue")

    def coerce(
        self, written: Written, field: Field, options: Options, *, may_be_inactive: bool
    ) -> Value | UnplacedProblem:
        """These characters; none of them is empty."""
        return self.measured(written.text, field)

    def measured(self, text: str, field: Field) -> Value | UnplacedProblem:
        """The text, if the field can hold it."""
        if len(text) > SINGLE_LINE_LENGTH and len(text) > self.max_length(field):
            most = self.max_length(field)
            return UnplacedProblem(
                "too-long",
                f"{len(text):,} characters, and {field.name} holds at most {most:,}",
                f"shorten it by {len(text) - most:,} characters",
            )
        return text or None

    def schema(self, field: Field) -> dict[str, Any]:
        """Numbers and truths too: editors take unquoted text for them."""
        return {
            "type": ["string", "number", "boolean"],
            "minLength": 1,
            "maxLength": self.max_length(field),
        }

    def fits(self, value: Any) -> bool:
        """Any text that is not empty."""
        return is_value_text(value)

    def describe(self, field: Field) -> str:
        """Its length."""
        return f"up to {self.max_length(field):,} characters"

    def max_length(self, field: Field) -> int:
        """By the field's id, else by whether it has several lines."""
        if field.id == "summary":
            return SUMMARY_LENGTH
        if field.id == "title":
            return TITLE_LENGTH
        # Characters: that multi-byte ones may count for more is documented, but not how.
        return VALUE_LENGTH if field.multiline else SINGLE_LINE_LENGTH


class _Word(Text):
    """Text of one word, of any length that the service takes."""

    in_quotes = False

    def describe(self, field: Field) -> str:
        """Nothing."""
        return ""

    def max_length(self, field: Field) -> int:
        """What the service takes."""
        return VALUE_LENGTH


class Url(_Word):
    """An absolute http(s) address."""

    members = ("stringValue",)

    def coerce(
        self, written: Written, field: Field, options: Options, *, may_be_inactive: bool
    ) -> Value | UnplacedProblem:
        """The address as it was written."""
        text = written.text
        try:
            parts = urlsplit(text)
            good = parts.scheme in ("http", "https") and bool(parts.hostname)
        except ValueError:
            good = False
        if not good or any(character.isspace() for character in text):
            return UnplacedProblem(
                "not-a-url",
                f"{said(written)} is not an absolute http(s) URL",
                "write the whole address, such as https://example.com/track/1",
            )
        return self.measured(text, field)

    def schema(self, field: Field) -> dict[str, Any]:
        """Its beginning, in capitals or not."""
        return {"type": "string", "pattern": "^[Hh][Tt][Tt][Pp][Ss]?://[^\\s]+$"}


class User(_Word):
    """A user of the instance, by ARN.

    Whether it travels as stringValue or userArnValue is not documented: it is read from either.
    """

    is_arn = True
    members = ("userArnValue", "stringValue")

    def coerce(
        self, written: Written, field: Field, options: Options, *, may_be_inactive: bool
    ) -> Value | UnplacedProblem:
        """The ARN as it was written."""
        if _ARN.fullmatch(written.text):
            return self.measured(written.text, field)
        return UnplacedProblem(
            "not-an-arn",
            f"{said(written)} is not an ARN",
            "write the user's full ARN, such as "
            "arn:aws:connect:us-west-2:111122223333:instance/INSTANCE/agent/USER",
        )

    def schema(self, field: Field) -> dict[str, Any]:
        """Its beginning."""
        return {"type": "string", "pattern": "^arn:[^\\s]+$"}
