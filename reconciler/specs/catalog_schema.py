"""Make the JSON Schema of specs for one domain, so that editors know its fields and options."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any, TypeAlias

from reconciler.model.catalog import Catalog, Field, Option, Template
from reconciler.model.fieldtypes.table import TYPES, has_options
from reconciler.model.system_fields import TITLE
from reconciler.model.value import NUMBER
from reconciler.specs.names import FieldNames

Schema: TypeAlias = dict[str, Any]
# A word, what it means, and whether it may be in any case.
_Word: TypeAlias = tuple[str, str, bool]

_NULL = {"title": "Nothing", "description": "Clears the field.", "type": "null"}
_EMPTY = {"title": "Empty", "description": "Write only where it is empty now.", "const": "empty"}
_SPECIAL = frozenset("^$\\.*+?()[]{}|/")


def domain_schema(schema: Mapping[str, Any], catalog: Catalog) -> Schema:
    """The schema of every spec, narrowed to what means something in one domain.

    Names are offered as the domain spells them, and taken in any case, as `validate` takes them.
    """
    made = deepcopy(dict(schema))
    names = FieldNames(catalog)
    fields = sorted(catalog.fields, key=lambda one: (one.namespace == "System", one.name, one.id))
    made["$id"] = f"{made['$id']}:{catalog.domain_id}"
    made["title"] = f'{made["title"]} for the domain "{catalog.domain_name}"'
    definitions = made["$defs"]
    writable = [one for one in fields if not one.read_only]
    for field in writable:
        definitions[_definition(field)] = _field(field, catalog.options.get(field.id, ()))
    for owner in (definitions["case"], made):
        owner["properties"]["fields"].update(_only(writable, names))
    made["properties"]["defaults"].update(_only(writable, names))
    named = _any_of(
        (name, _description(field), folds)
        for field in fields
        for name, folds in _names(field, names)
    )
    for owner in (definitions["condition"], definitions["ignoreRule"]):
        _narrow(owner["properties"]["field"], named)
    select = made["properties"]["select"]["properties"]
    _narrow(select["template"], _any_of(_templates(catalog.templates)))
    return made


def _definition(field: Field) -> str:
    return f"field.{field.id}"


def _names(field: Field, names: FieldNames) -> Iterator[tuple[str, bool]]:
    """What specs may call the field, and whether in any case: its display name, and its id."""
    folds = names.find(field.name.swapcase()) is field
    if field.name.strip() and names.find(field.name) is field:
        yield field.name, folds
    if field.id != field.name:
        yield field.id, False


def _description(field: Field) -> str:
    return f"{field.name} ({field.type}), field id {field.id}."


def _only(fields: Iterable[Field], names: FieldNames) -> Schema:
    """These fields and no other keys."""
    known = [
        (name, folds, {"$ref": f"#/$defs/{_definition(field)}"})
        for field in fields
        for name, folds in _names(field, names)
    ]
    return {
        "properties": {name: value for name, _, value in known},
        "patternProperties": {_in_any_case(name): value for name, folds, value in known if folds},
        "additionalProperties": False,
    }


def _narrow(schema: Schema, to: Sequence[Schema]) -> None:
    """Replace what a schema takes by one of these."""
    for key in ("type", "pattern"):
        schema.pop(key, None)
    schema["anyOf"] = list(to)


def _any_of(words: Iterable[_Word]) -> list[Schema]:
    """The words as they are spelled, each with what it means; some of them in any case."""
    known = {word: (meaning, folds) for word, meaning, folds in reversed(tuple(words))}
    exact = [
        {"const": word, "description": meaning} for word, (meaning, _) in reversed(known.items())
    ]
    if not exact:
        return [{"not": {}}]
    patterns = [_in_any_case(word)[1:-1] for word, (_, folds) in reversed(known.items()) if folds]
    folded = {"type": "string", "pattern": f"^({'|'.join(patterns)})$"}
    return [{"oneOf": exact}, *([folded] if patterns else [])]


def _field(field: Field, options: Sequence[Option]) -> Schema:
    """A value of this field, or the long form with a condition."""
    required = field.id == TITLE
    value = {"anyOf": [*_value(field, options), *([] if required else [_NULL])]}
    live = {"anyOf": [*_value(field, options, inactive=True), _NULL]}
    long_form = {
        "title": "Long form",
        "description": "A value, and which live values it may replace.",
        "type": "object",
        "required": ["value"],
        "additionalProperties": False,
        "properties": {
            "value": {"title": field.name, "description": _description(field), **value},
            "only_if": {
                "title": "Only if",
                "description": "empty, or a list of the values that may be replaced.",
                "anyOf": [_EMPTY, {"type": "array", "minItems": 1, "items": live}],
            },
        },
    }
    described = _description(field)
    if options:
        active = ", ".join(_option(one) for one in options if one.active)
        described = f"{described} Options: {active}."
    return {
        "title": field.name,
        "description": described,
        "anyOf": [*value["anyOf"], long_form],
    }


def _value(field: Field, options: Sequence[Option], *, inactive: bool = False) -> list[Schema]:
    if not (has_options(field) and options):
        title = "Option" if has_options(field) else str(field.type)
        return [{"title": title, **TYPES[field.type].schema(field)}]
    offered = [one for one in options if one.active or inactive]
    words: list[_Word] = []
    for one in offered:
        words.append((one.value, f"The option {_option(one)}.", _folds(one.value, options)))
    for one in offered:
        words.append((one.name, f"The option {_option(one)}.", _folds(one.name, options)))
    return [*_any_of(words), *_unquoted([word for word, _, _ in words])]


def _folds(text: str, options: Sequence[Option]) -> bool:
    """Whether this means one option, in whichever case."""
    text = text.casefold()
    return sum(text in (one.value.casefold(), one.name.casefold()) for one in options) == 1


def _option(one: Option) -> str:
    return one.name if one.name == one.value else f"{one.name} ({one.value})"


def _unquoted(words: Iterable[str]) -> list[Schema]:
    """Options that editors take for a number or a truth when they are not quoted."""
    truths = {"true": True, "false": False}
    found: list[object] = [truths[word] for word in words if word in truths]
    found.extend(float(word) for word in words if NUMBER.fullmatch(word))
    return [{"enum": found}] if found else []


def _templates(templates: Sequence[Template]) -> Iterator[_Word]:
    names = [one.name.casefold() for one in templates]
    for one in templates:
        if names.count(one.name.casefold()) == 1:
            yield one.name, f"The template with the id {one.id}.", True
        yield one.id, f'The template "{one.name}".', False


def _in_any_case(word: str) -> str:
    """A pattern of exactly this word, in capitals or not; JSON Schema has no flag for that."""
    return f"^{''.join(map(_letter, word))}$"


def _letter(letter: str) -> str:
    forms = sorted({letter, letter.lower(), letter.upper()})
    if len(forms) > 1 and all(len(form) == 1 for form in forms):
        return f"[{''.join(forms)}]"
    return f"\\{letter}" if letter in _SPECIAL else letter
