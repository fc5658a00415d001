"""What a spelling means is looked up once a run, and that it is remembered changes nothing."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.specs import resolve as module
from reconciler.specs.resolve import resolve
from tests.builders import a_catalog, cases_spec, header, only_if, spec_case, spec_field, written

CATALOG = a_catalog()
TEXTS = ("true", "null", "1", "1.0", "-0", "High", "p1", "high", "x", "2026-12-01T09:00:00Z", "")
NAMES = ("note", "Note", "vip", "VIP", "score", "due", "priority", "title", "nonsense", "status")
FIELDS = st.builds(
    spec_field,
    st.sampled_from(NAMES),
    st.builds(written, st.sampled_from(TEXTS), st.booleans(), st.integers(1, 9), st.integers(1, 9)),
    st.none() | st.builds(only_if, st.sampled_from(TEXTS)),
    st.integers(1, 9),
)
CASES = st.builds(
    lambda key, fields, inherited: spec_case(key)._replace(
        fields=tuple(fields), inherited=min(inherited, len(fields))
    ),
    st.sampled_from(("c1", "c2", "c3")),
    st.lists(FIELDS, max_size=4),
    st.integers(0, 2),
)
SPECS = st.builds(
    lambda cases, name: replace(cases_spec(*cases), header=header(name, f"{name}.yaml")),
    st.lists(CASES, max_size=4),
    st.sampled_from("ab"),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(SPECS, max_size=3))
def test_what_is_remembered_changes_nothing(specs):
    most = module._SPELLINGS
    found = resolve(specs, CATALOG)
    try:
        module._SPELLINGS = 0
        assert resolve(specs, CATALOG) == found
    finally:
        module._SPELLINGS = most


def test_what_is_spelled_alike_is_looked_at_once(monkeypatch):
    asked, coerce = [], module.coerce
    monkeypatch.setattr(
        module, "coerce", lambda one, *rest, **more: asked.append(one) or coerce(one, *rest, **more)
    )
    cases = [
        spec_case(f"c{n}", vip=written("true", True, n + 1, 5), note=written("true", False, n, 7))
        for n in range(100)
    ]
    assert len(resolve([cases_spec(*cases)], CATALOG).named) == 100
    assert len(asked) == 2
