"""Derive from a type how it is written down: reading, writing and JSON Schema, field by field.

Nothing about a field stands anywhere but in its type, so that one that is added is carried by
all of them. What a type cannot say is handed in: rules between fields, and keys that only a file
has, like its digest.
"""

import inspect
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass, replace
from enum import StrEnum
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    Literal,
    Union,
    cast,
    get_args,
    get_origin,
    get_type_hints,
)

from reconciler.files import forms
from reconciler.files.forms import Form, Schema
from reconciler.files.records import Key, Keys, Rule, record
from reconciler.model.marks import Digest, Mark


class Forms:
    """The forms of types, each derived once.

    `rules` hold between the fields of a type, `extra` are keys that it has in these files alone.
    Of `is_open` forms a reader takes also what an older or newer version wrote: keys that it does
    not know are passed over, and one that is missing has its default.
    """

    def __init__(
        self,
        *,
        rules: Mapping[type, Rule] | None = None,
        extra: Mapping[type, Keys] | None = None,
        is_open: bool = False,
    ) -> None:
        self._rules = rules or {}
        self._extra = extra or {}
        self._open = is_open
        self._known: dict[type, Form] = {}

    def of(self, kind: type) -> Form:
        """The form of a dataclass or a named tuple."""
        if kind not in self._known:
            inner = record(
                {**self._extra.get(kind, {}), **self.keys(kind)},
                kind,
                rule=self._rules.get(kind),
                is_open=self._open,
            )
            self._known[kind] = replace(inner, schema=_referred(kind, inner))
        return self._known[kind]

    def keys(self, kind: type, *, without: Collection[str] = ()) -> dict[str, Key]:
        """What each field of a type, and each property in its `derived`, is in a file."""
        return dict(self._keys(kind, without))

    def _keys(self, kind: type, without: Collection[str]) -> Iterator[tuple[str, Key]]:
        defaults = _defaults(kind)
        for name, hint in _hints(kind):
            hint, mark = _unmarked(hint)
            if mark.unwritten or name in without:
                continue
            key = mark.key or name
            yield (
                key,
                Key(
                    form=self._form(hint, mark, key),
                    attribute=name,
                    required=not mark.left_out and not (self._open and name in defaults),
                    left_out=mark.left_out,
                    says=mark.says,
                ),
            )
            if mark.beside:
                says = "Keyed digest standing for a sensitive value"
                form = self._form(*_unmarked(Digest), key)
                yield f"{key}_digest", Key(form=form, beside=key, required=False, says=says)
        for name in getattr(kind, "derived", ()):
            hint, mark = _unmarked(_result(kind, name))
            form = self._form(hint, mark, name)
            yield (
                mark.key or name,
                Key(form=form, attribute=name, derived=True, says=mark.says),
            )

    def _form(self, hint: Any, mark: Mark, key: str) -> Form:
        hint = getattr(hint, "__supertype__", hint)
        if hint in _ATOMS:
            return _ATOMS[hint](mark)
        origin, parts = get_origin(hint), get_args(hint)
        if origin in (Union, UnionType):
            return self._union(parts, mark, key)
        if origin is Literal:
            return forms.one_of(parts)
        if origin in (tuple, frozenset):
            return self._list(origin, parts, mark, key)
        if isinstance(origin, type) and issubclass(origin, Mapping):
            return self._mapping(parts, mark, key)
        if isinstance(hint, type) and issubclass(hint, StrEnum):
            return forms.one_of(hint, hint)
        if isinstance(hint, type) and (is_dataclass(hint) or hasattr(hint, "_fields")):
            return self.of(hint)
        raise TypeError(f"{key}: nothing says how {hint} is written down")

    def _marked(self, hint: Any, key: str) -> Form:
        hint, mark = _unmarked(hint)
        return self._form(hint, mark, key)

    def _union(self, parts: tuple[Any, ...], mark: Mark, key: str) -> Form:
        if {str, float, bool} <= set(parts):
            return forms.VALUE
        [part] = [one for one in parts if one is not NoneType]
        inner, nearer = _unmarked(part)
        return forms.optional(self._form(inner, mark.and_also(nearer), key))

    def _list(self, kind: Any, parts: tuple[Any, ...], mark: Mark, key: str) -> Form:
        if kind is frozenset:
            return forms.unordered(self._marked(parts[0], key), key.replace("_", " "))
        if parts[-1] is Ellipsis:
            return forms.each(self._marked(parts[0], key), mark.expected or key.replace("_", " "))
        return forms.together(tuple(self._marked(part, key) for part in parts))

    def _mapping(self, parts: tuple[Any, ...], mark: Mark, key: str) -> Form:
        form = self._marked(parts[1], key)
        if isinstance(parts[0], type) and issubclass(parts[0], StrEnum):
            members = record({str(one): Key(form=form, attribute=str(one)) for one in parts[0]})
            return Form(
                members.read,
                lambda counts: {str(one): value for one, value in counts.items()},
                members.schema,
            )
        return forms.mapped(form, mark.expected or f"{key.replace('_', ' ')}")


def _hints(kind: type) -> Iterator[tuple[str, Any]]:
    hints = get_type_hints(kind, include_extras=True)
    names = [one.name for one in fields(kind)] if is_dataclass(kind) else kind._fields  # type: ignore[attr-defined]
    yield from ((name, hints[name]) for name in names)


def _defaults(kind: type) -> Collection[str]:
    if not is_dataclass(kind):
        return cast(Mapping[str, Any], kind._field_defaults)  # type: ignore[attr-defined]
    return {
        one.name
        for one in fields(kind)
        if one.default is not MISSING or one.default_factory is not MISSING
    }


def _unmarked(hint: Any) -> tuple[Any, Mark]:
    """The hint itself and all that its marks say, the innermost first."""
    mark = Mark()
    if get_origin(hint) is Annotated:
        hint, *marks = get_args(hint)
        for one in marks:
            mark = mark.and_also(one)
    return hint, mark


def _result(kind: type, name: str) -> Any:
    getter = inspect.getattr_static(kind, name).fget
    return get_type_hints(getter, include_extras=True)["return"]


def sentence(kind: type) -> str:
    """What a type is, as its docstring begins."""
    return (inspect.getdoc(kind) or "").partition("\n\n")[0].replace("\n", " ")


def _referred(kind: type, form: Form) -> Callable[[dict[str, Schema]], Schema]:
    def schema(defs: dict[str, Schema]) -> Schema:
        if kind.__name__ not in defs:
            defs[kind.__name__] = {}  # before what it refers to
            defs[kind.__name__] = {"description": sentence(kind)} | form.schema(defs)
        return {"$ref": f"#/$defs/{kind.__name__}"}

    return schema


_ATOMS: Mapping[Any, Callable[[Mark], Form]] = {
    str: forms.text,
    bool: lambda _: forms.TRUTH,
    int: forms.count,
    float: lambda _: forms.NUMBER,
}
