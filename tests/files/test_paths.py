"""Which names are specs, and how a path reads in a message."""

from pathlib import Path

import pytest

from reconciler.files.paths import is_spec_name, real_path, shown

ROOT = Path("/srv/repo")


@pytest.mark.parametrize(
    ("name", "is_spec"),
    [
        ("a.yaml", True),
        ("a.yml", True),
        ("a.json", True),
        ("A.YAML", True),
        (".a.yaml", False),
        ("a.yaml.swp", False),
        ("a.jsonl", False),
        ("yaml", False),
    ],
)
def test_a_spec_is_told_by_its_suffix_in_capitals_or_not_and_is_not_hidden(name, is_spec):
    assert is_spec_name(name) is is_spec


@pytest.mark.parametrize(
    ("path", "said"),
    [
        pytest.param("/srv/repo/specs/a.yaml", "specs/a.yaml", id="below"),
        pytest.param("/srv/repository/a.yaml", "/srv/repository/a.yaml", id="only-alike"),
        pytest.param("/elsewhere/a.yaml", "/elsewhere/a.yaml", id="elsewhere"),
        pytest.param("/srv/repo", ".", id="itself"),
        pytest.param("/srv/repo/\udcff.yaml", "\\udcff.yaml", id="bytes-that-are-no-text"),
    ],
)
def test_a_path_is_said_from_the_root_on_where_it_is_below(path, said):
    assert shown(Path(path), ROOT) == said


def test_a_path_is_followed_to_where_its_links_lead(tmp_path):
    (tmp_path / "a.yaml").touch()
    (tmp_path / "link.yaml").symlink_to("a.yaml")
    assert real_path(tmp_path / "link.yaml") == (tmp_path / "a.yaml").resolve()


@pytest.mark.parametrize("error", [OSError, RuntimeError])  # as versions of Python tell it
def test_a_path_that_leads_in_a_circle_is_itself(error, monkeypatch):
    def circle(_path):
        raise error("too many links")

    monkeypatch.setattr(Path, "resolve", circle)
    assert real_path(Path("a.yaml")) == Path("a.yaml")
