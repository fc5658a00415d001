"""Read `state:`, a folder or `s3://bucket/prefix`, as a config or a call of the library says it."""

import re
from dataclasses import dataclass
from pathlib import Path

from reconciler.config.model import BucketAddress

EXPECTED = "a folder, or s3://bucket/prefix with ?region=REGION where it is not the SDK's own"
_BUCKET = re.compile(r"[a-z0-9](?:[a-z0-9-]|\.(?=[a-z0-9])){1,61}[a-z0-9]")
# What any S3 takes and no shell or log changes; a part of dots would lead elsewhere in a folder.
_PART = re.compile(r"(?!\.+/?$)[A-Za-z0-9!_.'()*=-]{1,200}")
_REGION = re.compile(r"[a-z]{2,}(?:-[a-z]+)+-[0-9]+")


@dataclass(frozen=True, slots=True)
class StatePlace:
    """Where the state is: below the config where neither is said."""

    folder: Path | None = None
    bucket: BucketAddress | None = None


class NoPlace(ValueError):
    """What is written is no place for a state; the message says why."""


def state_place(text: str, near: Path) -> StatePlace:
    """The place that a text means; a folder counts from `near` on."""
    scheme, mark, rest = text.partition("://")
    if mark and scheme == "s3":
        return StatePlace(bucket=_bucket(rest))
    if mark or scheme == "s3:" or re.match(r"(?:s3|arn):", text):
        raise NoPlace("it is another kind of place")
    if not text.strip() or "\0" in text or text != text.strip():
        raise NoPlace("it names no folder")
    if text.startswith("~"):
        raise NoPlace("nothing expands the ~")
    return StatePlace(folder=near / text)


def _bucket(rest: str) -> BucketAddress:
    path, question, query = rest.partition("?")
    name, _, prefix = path.partition("/")
    if not _BUCKET.fullmatch(name):
        raise NoPlace("it names no bucket: 3 to 63 small letters, digits, dots and hyphens")
    parts = prefix.removesuffix("/").split("/") if prefix.removesuffix("/") else []
    if not all(map(_PART.fullmatch, parts)) or len(prefix) > 500:
        raise NoPlace("its prefix is none: letters, digits and -_.!*'()= between single slashes")
    return BucketAddress(name, "".join(f"{one}/" for one in parts), _region(question, query))


def _region(question: str, query: str) -> str | None:
    if not question:
        return None
    key, _, region = query.partition("=")
    if key != "region":
        raise NoPlace("after the question mark only region=REGION may stand")
    if not _REGION.fullmatch(region):
        raise NoPlace("its Region is no name such as us-west-2")
    return region
