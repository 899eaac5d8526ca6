"""What recordings have in the vault: files, small pictures, copies of them; and who else has the same.

A copy that is not entered, since whoever made it was killed or stopped, is one of them.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from uuid import UUID

from django.db.models import ForeignObjectRel, Model

from aigaq.copies.models import BlobCopy, Finding
from aigaq.ledger.tables import digest_of_json
from aigaq.recordings.models import Blob, Derivative, Judgement, RecordingFile, Unentered
from aigaq.retention.models import DestroyedBlob

_OWNERS: "Mapping[type[Model], str]" = {
    RecordingFile: "recording",
    Judgement: "file__recording",
    Derivative: "file__recording",
    Unentered: "file__recording",
}
"""Tables that refer to objects, and how they lead to the recording."""
_OF_OBJECTS = (DestroyedBlob, BlobCopy, Finding)
"""Tables that tell what became of an object, and need none of it."""


def contents_of(recordings: Collection[UUID]) -> dict[UUID, set[str]]:
    """Content digests of all that each has."""
    found: dict[UUID, set[str]] = defaultdict(set)
    for model, digest in _references():
        owner = _OWNERS.get(model)
        if owner is not None:
            asked = {f"{owner}__in": recordings, f"{digest}__isnull": False}
            of_these = model._default_manager.filter(**asked)  # noqa: SLF001 - Django's public way
            for pk, content in of_these.values_list(owner, digest):
                found[pk].add(content)
    return found


def recordings_with(contents: Collection[str]) -> set[UUID]:
    """All that have one of these, as a file, a small picture or a copy."""
    found: set[UUID] = set()
    for model, digest in _references():
        owner = _OWNERS.get(model)
        if owner is not None:
            having = model._default_manager.filter(**{f"{digest}__in": contents})  # noqa: SLF001 - Django's public way
            found.update(having.values_list(owner, flat=True))
    return found


def digest_of(contents: Collection[str]) -> str:
    """Of what a recording has: what was frozen in a plan is compared by it."""
    return digest_of_json(sorted(contents))


def wanted_elsewhere(contents: Collection[str], going: Collection[UUID]) -> set[str]:
    """Those that something else refers to: a recording that does not go, the paper of a demand."""
    found: set[str] = set()
    for model, digest in _references():
        asked = {f"{digest}__in": contents}
        others = model._default_manager.filter(**asked)  # noqa: SLF001 - Django's public way
        owner = _OWNERS.get(model)
        if owner is not None:
            others = others.exclude(**{f"{owner}__in": going}).filter(
                **{f"{owner}__disposed__recording": None}
            )
        found.update(others.values_list(digest, flat=True))
    return found


def blobs_with(contents: Collection[str]) -> list[Blob]:
    """Those that are not destroyed, copies that healed a damaged one among them."""
    found = Blob.objects.filter(content_digest__in=contents, destroyed__blob=None)
    return list(found.order_by("content_digest", "pk"))


def _references() -> Iterator[tuple[type[Model], str]]:
    """Every table that refers to an object, whichever floor it is on, and the way to the content's digest."""
    # With the hidden ones: most of them have no name for the way back.
    for relation in Blob._meta.get_fields(include_hidden=True):  # noqa: SLF001 - Django's public way
        if isinstance(relation, ForeignObjectRel) and relation.related_model not in _OF_OBJECTS:
            yield relation.related_model, f"{relation.field.name}__content_digest"
    yield Unentered, "content_digest"
