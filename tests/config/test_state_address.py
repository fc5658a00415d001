"""`state:` is a folder or s3://bucket/prefix, and everything else is refused in words."""

from pathlib import Path

import pytest

from reconciler.config.model import BucketAddress
from reconciler.config.state_address import NoPlace, state_place

HERE = Path("/project")


@pytest.mark.parametrize(
    ("text", "bucket"),
    [
        ("s3://bucket", BucketAddress("bucket")),
        ("s3://bucket/", BucketAddress("bucket")),
        ("s3://bucket/prefix", BucketAddress("bucket", "prefix/")),
        ("s3://bucket/team/prod/", BucketAddress("bucket", "team/prod/")),
        ("s3://my.own-bucket1/a", BucketAddress("my.own-bucket1", "a/")),
        ("s3://bucket?region=eu-west-1", BucketAddress("bucket", "", "eu-west-1")),
        ("s3://bucket/p?region=us-gov-west-1", BucketAddress("bucket", "p/", "us-gov-west-1")),
    ],
)
def test_a_bucket_with_prefix_and_region(text, bucket):
    assert state_place(text, HERE).bucket == bucket


@pytest.mark.parametrize(
    ("text", "folder"),
    [
        (".reconcile", "/project/.reconcile"),
        ("state/of it", "/project/state/of it"),
        ("../shared", "/project/../shared"),
        ("/var/lib/reconcile", "/var/lib/reconcile"),
        ("s3", "/project/s3"),
    ],
)
def test_a_folder_counts_from_the_config(text, folder):
    place = state_place(text, HERE)
    assert (place.folder, place.bucket) == (Path(folder), None)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no folder"),
        (" ", "no folder"),
        (" .reconcile", "no folder"),
        ("a\0b", "no folder"),
        ("~/state", "expands"),
        ("gs://bucket/prefix", "another kind"),
        ("https://bucket.s3.amazonaws.com/", "another kind"),
        ("S3://bucket", "another kind"),
        ("s3:/bucket", "another kind"),
        ("s3:bucket", "another kind"),
        ("arn:aws:s3:::bucket", "another kind"),
        ("s3://", "no bucket"),
        ("s3:///prefix", "no bucket"),
        ("s3://ab", "no bucket"),
        ("s3://Bucket", "no bucket"),
        ("s3://bucket_name", "no bucket"),
        ("s3://a..b", "no bucket"),
        ("s3://user:secret@bucket", "no bucket"),
        ("s3://bucket:443/p", "no bucket"),
        ("s3://arn:aws:s3:us-west-2:111122223333:accesspoint/x", "no bucket"),
        ("s3://bucket//p", "prefix"),
        ("s3://bucket/p//", "prefix"),
        ("s3://bucket/../p", "prefix"),
        ("s3://bucket/./p", "prefix"),
        ("s3://bucket/a b", "prefix"),
        ("s3://bucket/a%2Fb", "prefix"),
        ("s3://bucket/ä", "prefix"),
        ("s3://bucket/p#x", "prefix"),
        ("s3://bucket/p?", "region=REGION"),
        ("s3://bucket/p?Region=us-west-2", "region=REGION"),
        ("s3://bucket/p?endpoint=http://x", "region=REGION"),
        ("s3://bucket/p?region=", "no name"),
        ("s3://bucket/p?region=us-west-2&x=1", "no name"),
        ("s3://bucket/p?region=us-west-2.evil.example", "no name"),
    ],
)
def test_what_is_no_place_is_refused(text, said):
    with pytest.raises(NoPlace, match=said):
        state_place(text, HERE)
