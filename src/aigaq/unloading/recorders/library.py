"""The profiles that there are: the built-in ones, and the user's own from a folder, added without code."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Final, Self

from aigaq.core import files
from aigaq.unloading.recorders.errors import BrokenProfileError
from aigaq.unloading.recorders.profile import Profile
from aigaq.unloading.recorders.profile_file import LARGEST, parse
from aigaq.unloading.sources.listing import CardFile

_MOST_PROFILES: Final = 100
_LOOKED_AT: Final = 500
"""Names of a card by which its profile is found; of more, as many spread over all of them."""


@dataclass(frozen=True)
class Library:
    profiles: tuple[Profile, ...]
    """The user's own first: of two that fit equally well, theirs is taken."""
    broken: tuple[BrokenProfileError, ...] = ()

    @classmethod
    def with_own(cls, folder: Path | None) -> Self:
        """The built-in profiles and those in `folder`; one of theirs replaces the built-in of its name."""
        own: list[Profile] = []
        broken: list[BrokenProfileError] = []
        try:
            paths = _own_files(folder) if folder is not None else []
        except BrokenProfileError as error:
            paths, broken = [], [error]
        for path in paths:
            try:
                own.append(_read(path, own))
            except BrokenProfileError as error:
                broken.append(error)
        names = {each.name for each in own}
        rest = tuple(each for each in built_in() if each.name not in names)
        return cls((*own, *rest), tuple(broken))

    def of_card(self, listed: Sequence[CardFile]) -> Profile | None:
        """The profile that explains the most names of a card; None if none explains any.

        Of two that explain as many: the one that prescribes more of each name, then the user's own, then
        the first by its name. So the answer hangs on the names alone.
        """
        return self.of_paths([each.path for each in listed])

    def of_paths(self, paths: Sequence[str]) -> Profile | None:
        """The same by paths, as the catalogue spells them."""
        if not paths:
            return None
        step = -(-len(paths) // _LOOKED_AT)
        names = [_apart(each) for each in sorted(paths)[::step]]
        scores: Counter[int] = Counter()
        fixed: Counter[int] = Counter()
        for number, profile in enumerate(self.profiles):
            for folders, name in names:
                found = profile.read(folders, name)
                if found is not None:
                    scores[number] += 1
                    fixed[number] += found[1].fixed
        if not scores:
            return None
        order = sorted(
            scores,
            key=lambda each: (
                -scores[each],
                -fixed[each],
                self.profiles[each].built_in,
                self.profiles[each].name,
            ),
        )
        return self.profiles[order[0]]


def without_own() -> Library:
    return Library(built_in())


@cache
def built_in() -> tuple[Profile, ...]:
    """By name. Raise `BrokenProfileError`, which is a fault of this program."""
    folder = resources.files(__package__).joinpath("kinds")
    found = [each for each in folder.iterdir() if each.name.endswith(".toml")]
    return tuple(
        parse(each.read_bytes(), file=each.name, built_in=True)
        for each in sorted(found, key=lambda each: each.name)
    )


def _own_files(folder: Path) -> list[Path]:
    try:
        return sorted(each for each in folder.iterdir() if each.suffix == ".toml")[:_MOST_PROFILES]
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise _unreadable(folder, error) from error


def _read(path: Path, before: Iterable[Profile]) -> Profile:
    shown = files.displayed(str(path))
    try:
        # A little more than is allowed, so that what is too long is noticed and not cut off.
        with path.open("rb") as file:
            octets = file.read(LARGEST + 1)
    except OSError as error:
        raise _unreadable(path, error) from error
    profile = parse(octets, file=shown)
    if any(each.name == profile.name for each in before):
        reason = f"another file here has the name “{profile.name}” already; choose a name of its own"
        raise BrokenProfileError(file=shown, key="name", reason=reason)
    return profile


def _unreadable(path: Path, error: OSError) -> BrokenProfileError:
    reason = f"it can't be read ({error.strerror or error})"
    return BrokenProfileError(file=files.displayed(str(path)), key="–", reason=reason)


def _apart(path: str) -> tuple[tuple[str, ...], str]:
    *folders, name = path.split("/")
    return tuple(folders), name
