"""Plans of every shape, for properties about plans."""

from dataclasses import replace

from hypothesis import strategies as st

from reconciler.model.classes import ChangeClass
from reconciler.model.diagnostic import Source
from reconciler.model.guards import Guard
from reconciler.model.plan import (
    Blocker,
    CaseChange,
    Estimate,
    FieldChange,
    Git,
    IgnoredField,
    LastChange,
    Mode,
    Plan,
    Sealed,
    TargetPlan,
    UnreadableCase,
)
from reconciler.model.value import FieldType
from reconciler.plan.file.once import same

texts = st.text(max_size=8)
words = st.text(min_size=1, max_size=8)
places = st.builds(Source, texts, st.integers(1, 99), st.integers(1, 99))
times = st.just("2026-12-01T09:00:00Z") | st.just("2027-01-31T23:59:59Z")
ids = st.text("abcXYZ019-._/:#=+", min_size=1, max_size=8)
digests = st.text("0123456789abcdef", min_size=64, max_size=64)
numbers = st.floats(allow_nan=False, allow_infinity=False).map(lambda one: one + 0.0)
guards = st.sampled_from(Guard)
counts = st.integers(0, 10_000)
_VALUES = {
    FieldType.NUMBER: numbers,
    FieldType.BOOLEAN: st.booleans(),
    FieldType.DATE_TIME: times,
}


@st.composite
def field_changes(draw):
    type = draw(st.sampled_from(FieldType))
    shown = st.none() | _VALUES.get(type, words) | st.builds(Sealed, digests)
    before = draw(shown)
    after = draw(shown.filter(lambda one: one != before))
    return FieldChange(
        id=draw(words),
        name=draw(texts),
        type=type,
        before=before,
        after=after,
        source=draw(places),
        overrides=draw(texts),
        spec=draw(words),
        policy=draw(texts),
        owner=draw(texts),
        change_class=draw(st.sampled_from(ChangeClass)),
        last_change=draw(
            st.none()
            | st.builds(
                LastChange,
                by=texts,
                principal=texts,
                at=times,
                before=shown,
                after=shown,
                commit=texts,
            )
        ),
    )


case_changes = st.builds(
    CaseChange,
    case_id=ids,
    title=texts,
    template_id=texts,
    observed_at=st.just("") | times,
    fields=st.lists(
        field_changes(), min_size=1, max_size=3, unique_by=lambda one: same(one.id)
    ).map(tuple),
)
estimates = st.builds(
    Estimate,
    st.dictionaries(st.sampled_from(["GetCase", "UpdateCase"]), counts),
    st.floats(0, 1e6),
)
targets = st.builds(
    TargetPlan,
    name=words,
    account=texts,
    region=texts,
    domain_id=words,
    domain_name=texts,
    read_at=times,
    read_by=texts,
    cases_managed=counts,
    cases_in_sync=counts,
    changes=st.lists(case_changes, max_size=3, unique_by=lambda one: same(one.case_id)).map(tuple),
    unreadable=st.lists(st.builds(UnreadableCase, words, words, texts, places), max_size=2).map(
        tuple
    ),
    blocked_by=st.lists(
        st.builds(Blocker, guards, texts, counts, counts, texts, texts), max_size=2
    ).map(tuple),
    estimate=estimates,
    bulk_estimate=st.none() | estimates,
    by_field_estimate=st.none() | estimates,
    unconfirmed=counts,
    error=st.none(),
    policy_limits=st.dictionaries(words, counts, max_size=2),
    option_names=st.dictionaries(words, st.dictionaries(words, texts, max_size=2), max_size=2),
    ignored=st.lists(
        st.builds(IgnoredField, words, words, texts, texts, texts, places, texts), max_size=2
    ).map(tuple),
)
failed = targets.flatmap(lambda one: texts.map(lambda error: replace(one, changes=(), error=error)))
ways = st.sampled_from([*((mode, False) for mode in Mode), (Mode.BULK, True)])
plans = st.builds(
    lambda way, **more: Plan(mode=way[0], by_field=way[1], **more),
    way=ways,
    tool_version=texts,
    created_at=times,
    expires_at=times,
    git=st.builds(Git, st.text("0123456789abcdef", max_size=40), texts, st.booleans()),
    spec_digest=digests,
    targets=st.lists(targets | failed, max_size=2, unique_by=lambda one: one.name).map(tuple),
    spec_files=st.lists(texts, max_size=2).map(tuple),
    rollback_of=st.just("") | digests,
)
