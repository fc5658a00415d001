"""A file of our own is taken as it was written, or not at all."""

from pathlib import Path

import pytest

from reconciler.errors import PlanMisfit
from reconciler.files.canonical import digest_of
from reconciler.files.misshapen import Misshapen
from reconciler.files.rereading import Kind, reread

PATH = Path("numbers.json")


def read(data):
    if not isinstance(data.get("numbers"), list):
        raise Misshapen("no numbers")
    return tuple(data["numbers"])


KIND = Kind(
    name="list of numbers",
    read=read,
    write=lambda numbers: with_digest({"numbers": list(numbers), "total": sum(numbers)}),
    edited="make it anew",
)


def with_digest(data):
    return data | {"digest": digest_of(data)}


def test_what_was_written_is_read():
    assert reread(PATH, KIND.write((1, 2)), KIND) == (1, 2)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        pytest.param(with_digest({"total": 0}), "is no list of numbers .* no numbers", id="shape"),
        pytest.param({"digest": "x"}, "no numbers .its digest does not fit either", id="neither"),
        pytest.param({"a": float("nan")}, "no numbers", id="a-number-that-is-none"),
        pytest.param({**KIND.write((1, 2)), "numbers": [1, 3]}, "digest does not fit", id="edited"),
        pytest.param({**KIND.write((1, 2)), "digest": ""}, "digest does not fit", id="no-digest"),
        pytest.param(
            with_digest({"numbers": [1, 3], "total": 3}), "totals do not follow", id="a-new-digest"
        ),
        pytest.param(
            with_digest({"numbers": [1], "total": 1, "note": "x"}), "do not follow", id="more"
        ),
    ],
)
def test_a_file_that_was_edited_is_refused_with_what_to_do(data, said):
    with pytest.raises(PlanMisfit, match=rf"^numbers\.json: .*{said}.*; make it anew$"):
        reread(PATH, data, KIND)
