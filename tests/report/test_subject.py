"""Where a reader can click: the line of a spec, as far as its address is known."""

import pytest

from reconciler.model.diagnostic import Source
from reconciler.report.subject import Links

HOME = "https://git.example/blob/c0ffee/"


@pytest.mark.parametrize(
    ("links", "file", "address"),
    [
        pytest.param(Links(files=HOME), "specs/a.yaml", f"{HOME}specs/a.yaml#L7", id="a-file"),
        pytest.param(Links(files=HOME, prefix="x/"), "a.yaml", f"{HOME}x/a.yaml#L7", id="below"),
        pytest.param(Links(files=HOME), "a b#c?.yaml", f"{HOME}a%20b%23c%3F.yaml#L7", id="quoted"),
        pytest.param(
            Links(files=HOME), "\udcff.yaml", f"{HOME}%ED%B3%BF.yaml#L7", id="no-text-at-all"
        ),
        pytest.param(Links(prefix="x/"), "a.yaml", "", id="not-known"),
    ],
)
def test_the_address_of_a_line(links, file, address):
    assert links.at(Source(file, 7, 5)) == address


def test_ci_systems_name_a_file_from_the_root_of_the_repository():
    assert Links(prefix="care/").path(Source("specs/a b.yaml", 7, 5)) == "care/specs/a b.yaml"
