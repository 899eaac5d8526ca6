"""Listings as recorders leave them, without a card: names, sizes and times of writing."""

from datetime import datetime
from pathlib import Path

from aigaq.core.clock import KAZAKHSTAN
from aigaq.unloading.recorders.library import Library, built_in
from aigaq.unloading.recorders.profile import Profile
from aigaq.unloading.recorders.profile_file import parse
from aigaq.unloading.sources.listing import CardFile, Stamp

BUILT_IN = Library(built_in())


def local(text: str) -> datetime:
    """``2026-11-20 09:12:00`` in Kazakhstan."""
    return datetime.fromisoformat(text).replace(tzinfo=KAZAKHSTAN)


def listed(path: str | bytes, *, size: int = 1000, written: datetime | None = None) -> CardFile:
    octets = path.encode() if isinstance(path, str) else path
    modified = int((written or local("2026-11-20 09:00:00")).timestamp() * 10**9)
    return CardFile(tuple(octets.split(b"/")), Stamp(1, 1, size, modified, modified))


def kind(name: str) -> Profile:
    """A built-in profile."""
    return next(each for each in built_in() if each.name == name)


def profile(
    text: str = "", *, name: str = "{device}_{date}_{time}_{sequence:4}", file: str = "own.toml"
) -> Profile:
    """A profile with these keys beside the needed ones."""
    return parse(profile_text(text, name=name).encode(), file=file)


def profile_text(
    text: str = "", *, name: str = "{device}_{date}_{time}_{sequence:4}", called: str = "own"
) -> str:
    return (
        f'format = "aigaq-recorder/1"\nname = "{called}"\ntitle = "Өз түрі"\n{_above(text)}'
        f'[[files]]\nname = "{name}"\n{_tables(text)}'
    )


def own_profiles(folder: Path, **texts: str) -> Library:
    folder.mkdir(parents=True, exist_ok=True)
    for called, text in texts.items():
        (folder / f"{called}.toml").write_text(text, encoding="utf-8")
    return Library.with_own(folder)


def _above(text: str) -> str:
    head = text.partition("[")[0]
    return f"{head}\n" if head.strip() else ""


def _tables(text: str) -> str:
    _, bracket, rest = text.partition("[")
    return f"{bracket}{rest}\n"
