"""A saved catalog is opened when it is one."""

import stat

import pytest

from reconciler.errors import ReconcilerError
from reconciler.service.catalog_data import catalog_data, catalog_from
from reconciler.service.catalog_file import open_catalog, save_catalog
from tests.builders import a_catalog


def test_a_catalog_is_opened_as_it_was_saved(tmp_path):
    save_catalog(catalog_data(a_catalog()), tmp_path / "catalog.json")
    found = catalog_from(open_catalog(tmp_path / "catalog.json"))
    assert set(found.fields) == set(a_catalog().fields)


def test_a_catalog_may_be_read_by_others_and_committed(tmp_path):
    save_catalog(catalog_data(a_catalog()), tmp_path / "catalog.json")
    assert stat.S_IMODE((tmp_path / "catalog.json").stat().st_mode) == 0o644


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(b"", "is not a catalog", id="empty"),
        pytest.param(b"{", "is not a catalog", id="half"),
        pytest.param(b"[]", "not a catalog of this program", id="a-list"),
        pytest.param(b"{}", "reconcile catalog --out", id="another-object"),
        pytest.param(b'{"format_version": "2.0"}', "not a catalog of this program", id="newer"),
        pytest.param(b"\xff", "is not a catalog", id="not-text"),
        pytest.param(b"[" * 100_000, "is not a catalog", id="deep"),
    ],
)
def test_what_is_no_catalog_is_refused(tmp_path, content, message):
    path = tmp_path / "catalog.json"
    path.write_bytes(content)
    with pytest.raises(ReconcilerError, match=message):
        open_catalog(path)


def test_a_catalog_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(ReconcilerError, match="cannot be read"):
        open_catalog(tmp_path / "none.json")
