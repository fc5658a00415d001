"""Files that come with the program are found in a wheel and in a checkout alike."""

import pytest

from reconciler.files import shipped as module
from reconciler.files.shipped import shipped


@pytest.mark.parametrize(
    ("folder", "id"), [("package/_shipped", "in-a-wheel"), (".", "in-a-checkout")]
)
def test_a_shipped_file_is_found(tmp_path, monkeypatch, folder, id):
    (tmp_path / "package").mkdir()
    place = tmp_path / folder / "schemas"
    place.mkdir(parents=True)
    (place / "plan.json").write_text(id)
    monkeypatch.setattr(module, "_PACKAGE", tmp_path / "package")
    assert shipped("schemas/plan.json").read_text() == id


def test_where_both_have_it_the_wheels_own_counts(tmp_path, monkeypatch):
    for folder in ("package/_shipped", "."):
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
        (tmp_path / folder / "a.json").write_text(folder)
    monkeypatch.setattr(module, "_PACKAGE", tmp_path / "package")
    assert shipped("a.json").read_text() == "package/_shipped"


@pytest.mark.parametrize("name", ["schemas/plan.schema.json", "schemas/receipt.schema.json"])
def test_this_program_finds_its_own(name):
    assert shipped(name).is_file()
