"""Objects of one bucket: each call says whose the bucket must be, and each write its condition."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from botocore import exceptions as aws

from reconciler.errors import Contended, ReconcilerError
from reconciler.service.aws.errors import translated

_LOST_THE_RACE = {409, 412}
_NO_OBJECT = {"NoSuchKey", "404", "InvalidRange"}  # an empty object has no span


@dataclass(frozen=True, slots=True)
class Found:
    """One object of a listing; `at` is the store's own time of its last write."""

    key: str
    size: int
    at: datetime | None = None


class Bucket:
    """The objects of a bucket that has to belong to `owner`, an account."""

    def __init__(self, client: Any, name: str, owner: str) -> None:
        self._client = client
        self._every = {"Bucket": name, "ExpectedBucketOwner": owner}
        self._about = f"s3://{name}"

    def region(self) -> str:
        """The Region of the bucket, as it says itself; empty where it says none."""
        with translated("HeadBucket", self._about):
            reply = self._client.head_bucket(**self._every)
        return str(reply.get("BucketRegion") or "")

    def get(self, key: str, span: str = "") -> tuple[bytes, str] | None:
        """The object, or a span of its bytes, and its ETag; None where there is none."""
        more = {"Range": span} if span else {}
        with translated("GetObject", f"{self._about}/{key}"):
            try:
                reply = self._client.get_object(**self._every, Key=key, **more)
            except aws.ClientError as error:
                if error.response.get("Error", {}).get("Code") in _NO_OBJECT:
                    return None
                raise
            return reply["Body"].read(), str(reply["ETag"])

    def put(self, key: str, content: bytes, etag: str) -> str:
        """Write over the object with this ETag, or, where it is empty, a new one; the new ETag.

        Contended where something else is there. Sent again after a lost reply, it says so of what
        it has written itself.
        """
        condition = {"IfMatch": etag} if etag else {"IfNoneMatch": "*"}
        with translated("PutObject", f"{self._about}/{key}"), _races(f"{self._about}/{key}"):
            reply = self._client.put_object(**self._every, Key=key, Body=content, **condition)
            return str(reply["ETag"])

    def delete(self, key: str) -> None:
        """Remove the object, if it is there."""
        with translated("DeleteObject", f"{self._about}/{key}"):
            self._client.delete_object(**self._every, Key=key)

    def keys(self, prefix: str, token: str = "") -> tuple[tuple[Found, ...], str]:
        """A page of the objects below a prefix, and how to ask for the next one."""
        with self._page(prefix, token) as (reply, after):
            found = tuple(
                Found(one["Key"], int(one["Size"]), one.get("LastModified"))
                for one in reply.get("Contents", ())
            )
            return found, after

    def names(self, prefix: str, token: str = "") -> tuple[tuple[str, ...], str]:
        """A page of what stands next below a prefix, up to a slash, and how to ask for more."""
        with self._page(prefix, token, Delimiter="/") as (reply, after):
            found = (str(one["Prefix"]) for one in reply.get("CommonPrefixes", ()))
            return tuple(one.removeprefix(prefix).removesuffix("/") for one in found), after

    @contextmanager
    def _page(self, prefix: str, token: str, **more: str) -> Iterator[tuple[Any, str]]:
        """A page of a listing, and how to ask for the next; what fails in it is of the call."""
        more |= {"ContinuationToken": token} if token else {}
        with translated("ListObjectsV2", f"{self._about}/{prefix}"):
            reply = self._client.list_objects_v2(**self._every, Prefix=prefix, **more)
            yield reply, str(reply.get("NextContinuationToken") or "")


@contextmanager
def _races(about: str) -> Iterator[None]:
    """A refused condition, and a write that another one overtook, are contention."""
    try:
        yield
    except aws.ClientError as error:
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        code = str(error.response.get("Error", {}).get("Code", ""))
        if status in _LOST_THE_RACE and code != "NoSuchBucket":
            raise Contended(f"{about}: {code}: somebody else has written it") from error
        if status == 404 and code == "NoSuchKey":  # If-Match of an object that is gone
            raise Contended(f"{about}: {code}: it is gone") from error
        if code == "NotImplemented":
            raise ReconcilerError(
                f"{about}: the store does not know conditional writes ({code}), and without them "
                "two applies could hold one lease; use Amazon S3, or a folder"
            ) from error
        raise
