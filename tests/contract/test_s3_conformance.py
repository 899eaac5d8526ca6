"""What `aigaq check` tries with an office's own bucket, held against stores that keep their word and that do not."""

import pytest

from aigaq.vault.backends.s3.conformance import MESSAGES, conformance
from tests.support.badstores import Instead, bad_store
from tests.support.buckets import s3_backend, store

DONE = Instead(200)


def tried(failures):
    return {failed.tried for failed in failures}


def test_a_store_that_keeps_its_word_is_found_to(tmp_path):
    assert conformance(s3_backend(tmp_path)) == []


def test_a_bucket_without_locks_is_named(tmp_path):
    backend = s3_backend(tmp_path, bucket=store().bucket(locks=False))
    assert {"versioning", "lock", "put"} & tried(conformance(backend)) >= {"lock"}


@pytest.mark.parametrize(
    ("lie", "found"),
    [
        (lambda asked: asked.method == "PUT" and "retention" in asked.query, {"shorten", "downgrade"}),
        (lambda asked: asked.method == "PUT" and "versioning" in asked.query, {"suspend"}),
        (lambda asked: asked.method == "PUT" and asked.path.endswith("-md5"), {"checksum"}),
    ],
)
def test_a_store_that_takes_what_it_must_refuse_is_named(tmp_path, lie, found):
    with bad_store() as bad:
        bad.before = lambda asked: DONE if lie(asked) else None
        assert tried(conformance(s3_backend(tmp_path, endpoint=bad.endpoint))) == found


@pytest.mark.parametrize(("query", "found"), [("versionId", "delete"), ("delete", "delete-many")])
def test_a_store_whose_locks_hold_nothing_is_named(tmp_path, query, found):
    with bad_store() as bad:
        gone = []

        def lets_go(asked):
            if asked.method in {"DELETE", "POST"} and query in asked.query and "uploadId" not in asked.query:
                gone.append(asked)
                return DONE
            if (
                gone
                and asked.method == "GET"
                and "versionId" in asked.query
                and "retention" not in asked.query
            ):
                return Instead(404, b"<Error><Code>NoSuchVersion</Code></Error>")
            return None

        bad.before = lets_go
        assert found in tried(conformance(s3_backend(tmp_path, endpoint=bad.endpoint)))


def test_everything_that_is_tried_has_its_sentence():
    assert all(MESSAGES.values())
