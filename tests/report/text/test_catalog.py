"""A domain's catalog as people read it."""

from dataclasses import replace

from reconciler.model.catalog import Option, Template
from reconciler.model.value import FieldType
from reconciler.report.text.catalog import catalog_text
from tests.builders import OPTIONS, a_catalog, a_field
from tests.report.golden import matches_golden

HOSTILE = "x\x1b[31m\u202e\n"


def text(catalog):
    return "\n".join(line.plain.rstrip() for line in catalog_text(catalog)) + "\n"


def test_the_table_of_a_domain():
    matches_golden("catalog", text(a_catalog()))


def test_a_domain_with_nothing_in_it_has_only_its_heads():
    assert "FIELD" in text(a_catalog((), {}, ()))


def test_names_and_options_of_strangers_are_made_visible():
    fields = (a_field("f" + HOSTILE, FieldType.SINGLE_SELECT, HOSTILE),)
    options = {"f" + HOSTILE: (Option(HOSTILE, "n" + HOSTILE, False),)}
    templates = (Template(id="t", name=HOSTILE, required=frozenset({HOSTILE})),)
    catalog = replace(
        a_catalog(fields, options, templates),
        domain_name=HOSTILE,
        domain_id=HOSTILE,
        account=HOSTILE,
        region=HOSTILE,
    )
    lines = list(catalog_text(catalog))
    assert all(line.plain.isprintable() for line in lines)


def test_inactive_options_are_marked():
    assert "p9 (Ancient) [inactive]" in text(a_catalog(options=OPTIONS))
