"""How values are written down: each form reads to the letter, writes, and has its JSON Schema.

A form is derived from a type by `files.derived`; what stands here are its atoms and lists.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import isfinite
from typing import Any, TypeAlias

from reconciler.files.canonical import encode, json_text, plain
from reconciler.files.misshapen import LARGEST, Misshapen, expected
from reconciler.model.marks import Mark
from reconciler.model.value import LARGEST_WHOLE, is_whole

Schema: TypeAlias = dict[str, Any]
Spell: TypeAlias = Callable[[Any], str]
Read: TypeAlias = Callable[[Any], Any]
# Gets the definitions, adds to them what it needs, and returns the schema of one value.
Describe: TypeAlias = Callable[[dict[str, Schema]], Schema]


@dataclass(frozen=True, slots=True)
class Form:
    """One kind of value in a file.

    `read` gives the value back or raises Misshapen; `convert` is None where a value is written as
    it is. `spells` gives the JSON of what is written without making that first, where it is known.
    """

    read: Read
    convert: Callable[[Any], Any] | None
    schema: Describe
    spells: Spell | None = None

    def write(self, value: Any) -> Any:
        """The value as plain data."""
        return self.convert(value) if self.convert else value

    @property
    def spell(self) -> Spell:
        """What gives the canonical JSON of a value."""
        return self.spells or (lambda value: encode(self.write(value)))


def _fixed(schema: Schema) -> Describe:
    return lambda _: dict(schema)


def text(mark: Mark) -> Form:
    """Any text, or one that its mark limits."""
    fits = re.compile(mark.pattern).fullmatch if mark.pattern else None
    what = mark.expected or "a text"

    def read(value: Any) -> Any:
        if type(value) is not str:
            raise expected(value, what)
        if fits is not None and fits(value) is None:
            raise expected(value, what)
        if mark.longest is not None and not 1 <= len(value) <= mark.longest:
            raise expected(value, what)
        if mark.fits is not None and not mark.fits(value):
            raise expected(value, what)
        return value

    schema: Schema = {"type": "string"}
    if mark.pattern:
        schema["pattern"] = f"^{mark.pattern}$"
    if mark.longest is not None:
        schema |= {"minLength": 1, "maxLength": mark.longest}
    bare = mark == Mark(says=mark.says, key=mark.key, left_out=mark.left_out)
    return Form(_any_text if bare else read, None, _fixed(schema), json_text)


def _any_text(value: Any) -> Any:
    if type(value) is not str:
        raise expected(value, "a text")
    return value


def _truth(value: Any) -> Any:
    if type(value) is not bool:
        raise expected(value, "true or false")
    return value


def _number(value: Any) -> Any:
    if type(value) not in (int, float) or not 0 <= value <= LARGEST:
        raise expected(value, "a number from 0")
    return value


def _value(value: Any) -> Any:
    """Whether it is one of its field's type is for whoever knows the field to say."""
    if type(value) is int and abs(value) < LARGEST_WHOLE:
        return float(value)
    if value is not None and type(value) not in (str, bool, int, float):
        raise expected(value, "a value")
    return value


def _spelled(value: Any) -> str:
    if isinstance(value, str):
        return json_text(value)
    if type(value) is float and isfinite(value):
        return repr(int(value) if is_whole(value) else value)
    return "null" if value is None else encode(plain(value))


TRUTH = Form(_truth, None, _fixed({"type": "boolean"}), ("false", "true").__getitem__)
NUMBER = Form(_number, None, _fixed({"type": "number", "minimum": 0}))
VALUE = Form(_value, plain, _fixed({"type": ["string", "number", "boolean", "null"]}), _spelled)


def count(mark: Mark) -> Form:
    """A whole number."""
    least = mark.least

    def read(value: Any) -> Any:
        if type(value) is not int or not least <= value <= LARGEST:
            raise expected(value, f"a whole number from {least}")
        return value

    return Form(read, None, _fixed({"type": "integer", "minimum": least}), str)


def one_of(values: Iterable[str], make: Callable[[str], Any] | None = None) -> Form:
    """One of these texts; `make` makes a value of it."""
    texts = [str(value) for value in values]
    known = {text: make(text) if make else text for text in texts}

    def read(value: Any) -> Any:
        if type(value) is not str or value not in known:
            raise expected(value, " or ".join(sorted(known)))
        return known[value]

    spelled = {text: encode(text) for text in texts}
    return Form(read, str if make else None, _fixed({"enum": texts}), spelled.__getitem__)


def optional(form: Form) -> Form:
    """Null, or of that form."""

    def read(value: Any) -> Any:
        return None if value is None else form.read(value)

    def write(value: Any) -> Any:
        return None if value is None else form.convert(value) if form.convert else value

    spell_one = form.spell

    def spell(value: Any) -> str:
        return "null" if value is None else spell_one(value)

    def schema(defs: dict[str, Schema]) -> Schema:
        inner = form.schema(defs)
        if inner.keys() == {"type"} and isinstance(inner["type"], str):
            return {"type": [inner["type"], "null"]}
        return {"anyOf": [inner, {"type": "null"}]}

    return Form(read, write if form.convert else None, schema, spell)


def each(form: Form, what: str = "such") -> Form:
    """A list of things of that form; a tuple here."""
    read_one, write_one = form.read, form.convert

    def read(value: Any) -> Any:
        if type(value) is not list:
            raise expected(value, f"a list of {what}")
        found: list[Any] = []
        try:
            for entry in value:
                found.append(read_one(entry))
        except Misshapen as wrong:
            raise wrong.within(len(found)) from None
        return tuple(found)

    def write(value: Any) -> Any:
        return [write_one(entry) for entry in value] if write_one else list(value)

    spell_one = form.spell

    def spell(value: Any) -> str:
        return f"[{','.join(map(spell_one, value))}]"

    return Form(read, write, lambda defs: {"type": "array", "items": form.schema(defs)}, spell)


def unordered(form: Form, what: str) -> Form:
    """A list whose order says nothing; a frozenset here, and sorted in the file."""
    inner = each(form, what)
    return Form(lambda value: frozenset(inner.read(value)), sorted, inner.schema)


def together(forms: tuple[Form, ...]) -> Form:
    """A list with one thing of each form."""

    def read(value: Any) -> Any:
        if type(value) is not list or len(value) != len(forms):
            raise expected(value, f"a list of {len(forms)}")
        return tuple(form.read(entry) for form, entry in zip(forms, value, strict=True))

    def schema(defs: dict[str, Schema]) -> Schema:
        parts = [form.schema(defs) for form in forms]
        return {"type": "array", "prefixItems": parts, "minItems": len(parts), "items": False}

    return Form(read, list, schema)


def mapped(form: Form, what: str = "such values") -> Form:
    """An object with any keys, each with a value of that form."""
    write_one = form.convert

    def read(value: Any) -> Any:
        if type(value) is not dict:
            raise expected(value, f"an object with {what}")
        found = {}
        for key, entry in value.items():
            try:
                found[key] = form.read(entry)
            except Misshapen as wrong:
                raise wrong.within(ascii(key)) from None
        return found

    def write(value: Any) -> Any:
        return {key: write_one(one) for key, one in value.items()} if write_one else dict(value)

    return Form(
        read, write, lambda defs: {"type": "object", "additionalProperties": form.schema(defs)}
    )
