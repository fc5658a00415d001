"""The published schemas are what the types say."""

import json

import pytest

from reconciler.files.schema_check import schema_errors, schema_path
from reconciler.state.event_data import event_data
from reconciler.state.schemas import rendered, schemas
from tests.state.test_event_data import EVENTS


@pytest.mark.parametrize(("name", "schema"), list(schemas()), ids=lambda one: str(one)[:8])
def test_the_committed_schema_is_current(name, schema):
    assert schema_path(name).read_text(encoding="utf-8") == rendered(schema), "run `make schemas`"


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_every_line_of_a_journal_fits_its_schema(event):
    line = json.loads(json.dumps(event_data(event) | {"time": "2026-12-01T09:00:00Z"}))
    assert schema_errors("journal", line) == ()
    assert schema_errors("journal", line | {"novelty": 1}) == ()


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_a_line_of_another_shape_does_not_fit(event):
    line = json.loads(json.dumps(event_data(event)))
    assert schema_errors("journal", line | {"event": "Exploded"})
    for key, value in line.items():
        assert schema_errors("journal", line | {key: {"another": value}}), key
