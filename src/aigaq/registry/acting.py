"""What the acts of the registry do alike: refuse, and tell of whom."""

from aigaq.core.canonical import Json
from aigaq.registry.errors import UnknownDivisionError
from aigaq.registry.models import Division, Person
from aigaq.registry.rules import Refusal
from aigaq.registry.selectors import above


def require(refusal: Refusal | None) -> None:
    if refusal is not None:
        raise refusal


def line_of(division: Division) -> list[str]:
    """The ids of a division and of all above it. Raises `UnknownDivisionError` if it is not stored."""
    if not Division.objects.filter(pk=division.pk).exists():
        raise UnknownDivisionError(division=division.name)
    return [str(one.pk) for one in (division, *above(division))]


def about_person(person: Person) -> dict[str, Json]:
    return {"person": str(person.pk), "full_name": person.full_name}
