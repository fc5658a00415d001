"""An object in a file, key by key: read to the letter, written, and described."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from operator import attrgetter, call
from typing import Any, TypeAlias

from reconciler.files.canonical import encode
from reconciler.files.forms import Form, Schema, Spell
from reconciler.files.misshapen import Misshapen, expected, unknown_key
from reconciler.model.plan import Sealed

Data: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One key of an object in a file.

    `attribute` is what it is of the type; empty where only files have it. `derived` is written and
    checked, but follows from the rest, by `get` where the type has no such property. `beside` holds
    the digest of the sealed value of that key.
    """

    form: Form
    attribute: str = ""
    derived: bool = False
    get: Callable[[Any], Any] | None = None
    required: bool = True
    left_out: bool = False
    beside: str = ""
    says: str = ""

    @property
    def getter(self) -> Callable[[Any], Any]:
        """What takes it from a value of the type."""
        return self.get or attrgetter(self.attribute)


@dataclass(frozen=True, slots=True)
class Rule:
    """What must hold between the keys of an object; `schema` is as much of it as a schema says."""

    check: Callable[[Data], None]
    schema: Schema = field(default_factory=dict)


Keys: TypeAlias = Mapping[str, Key]


def record(
    keys: Keys,
    make: Callable[..., Any] = dict,
    *,
    rule: Rule | None = None,
    is_open: bool = False,
) -> Form:
    """An object with these keys; an open one may have others, which are passed over."""
    reader = _Reader(keys, make, rule, is_open)

    def schema(defs: dict[str, Schema]) -> Schema:
        more = rule.schema if rule else {}
        properties = {}
        for key, one in keys.items():
            says = {"description": one.says} if one.says else {}
            properties[key] = one.form.schema(defs) | says | more.get("properties", {}).get(key, {})
        return {
            "type": "object",
            **more,
            "properties": properties,
            "required": sorted(key for key, one in keys.items() if one.required),
            "additionalProperties": is_open,
        }

    write = _writer(keys)
    spells = None if any(one.get for one in keys.values()) else _speller(keys, write)
    return Form(reader.read, write, schema, spells)


class _Reader:
    """Reads such objects; what can be looked up once is."""

    def __init__(
        self, keys: Keys, make: Callable[..., Any], rule: Rule | None, is_open: bool
    ) -> None:
        self._make = make
        self._rule = rule
        self._open = is_open
        self._required = frozenset(key for key, one in keys.items() if one.required)
        self._known = {
            key: ("" if one.derived or one.beside else one.attribute, one.form.read)
            for key, one in keys.items()
        }
        self._beside = [
            (key, keys[one.beside].attribute) for key, one in keys.items() if one.beside
        ]
        self._derived = [(key, one.getter) for key, one in keys.items() if one.derived]

    def read(self, value: Any) -> Any:
        if type(value) is not dict:
            raise expected(value, "an object")
        if not value.keys() >= self._required:
            raise Misshapen(f"found no `{min(self._required - value.keys())}`, expected one")
        made = self._each(value)
        if self._rule is not None:
            self._rule.check(value)
        made.pop("", None)
        for key, attribute in self._beside:
            if key in value:
                made[attribute] = Sealed(value[key])
        found = self._make(**made)
        for key, get in self._derived:
            if key in value and value[key] != (right := get(found)):
                shown = str(right).lower() if isinstance(right, bool) else str(right)
                raise expected(value[key], shown).within(key)
        return found

    def _each(self, value: Data) -> Data:
        made: Data = {}
        known = self._known
        key = ""
        try:
            for key, entry in value.items():
                if key in known:
                    attribute, take = known[key]
                    made[attribute] = take(entry)
                elif not self._open:
                    raise unknown_key(key)
        except Misshapen as wrong:
            raise (wrong.within(key) if key in known else wrong) from None
        return made


def _speller(keys: Keys, write: Callable[[Any], Data]) -> Spell:
    """What spells such objects: the same text as of what is written, in a third of the time."""
    own = sorted((key, one) for key, one in keys.items() if one.attribute and not one.beside)
    get = _getter([one.attribute for _, one in own])
    spells = [one.form.spell for _, one in own]
    sealed = _getter([keys[one.beside].attribute for one in keys.values() if one.beside])
    optional = _getter([one.attribute for _, one in own if one.left_out])

    @cache
    def template(left_out: Sequence[bool]) -> str:
        out = iter(left_out)
        kept = [not (one.left_out and next(out)) for _, one in own]
        begins = [f"{encode(key)}:".replace("%", "%%") + "%s" for key, _ in own]
        first = kept.index(True) if True in kept else 0
        parts = [
            ("," * (at > first) + begin if keeps else "%.0s")
            for at, (begin, keeps) in enumerate(zip(begins, kept, strict=True))
        ]
        return f"{{{''.join(parts)}}}"

    def spell(value: Any) -> str:
        if Sealed in map(type, sealed(value)):
            return encode(write(value))
        left_out = tuple(map(_is_empty, optional(value)))
        return template(left_out) % tuple(map(call, spells, get(value)))

    def spell_whole(value: Any) -> str:
        return always % tuple(map(call, spells, get(value)))

    if any(one.left_out or one.beside for one in keys.values()):
        return spell
    always = template(())
    return spell_whole


def _getter(attributes: Sequence[str]) -> Callable[[Any], Sequence[Any]]:
    """What gets all of them at once, however many they are."""
    if not attributes:
        return lambda _: ()
    get = attrgetter(*attributes)
    return get if len(attributes) > 1 else lambda value: (get(value),)


def _is_empty(value: object) -> bool:
    return value is None or value is False or value == "" or value == ()


_EMPTY: tuple[Any, ...] = (None, "", [])


def _writer(keys: Keys) -> Callable[[Any], Data]:
    own = {key: one for key, one in keys.items() if (one.attribute or one.get) and not one.beside}
    getters = [(key, one.getter, one.form.convert) for key, one in own.items()]
    plain = [(key, get) for key, get, write in getters if write is None]
    converted = [(key, get, write) for key, get, write in getters if write is not None]
    left_out = [key for key, one in own.items() if one.left_out]
    beside = [
        (key, attrgetter(keys[one.beside].attribute)) for key, one in keys.items() if one.beside
    ]

    def write(value: Any) -> Data:
        data = {key: get(value) for key, get in plain}
        for key, get, convert in converted:
            data[key] = convert(get(value))
        for key in left_out:
            if data[key] in _EMPTY or data[key] is False:
                del data[key]
        for key, get in beside:
            if type(sealed := get(value)) is Sealed:
                data[key] = sealed.digest
        return data

    return write
