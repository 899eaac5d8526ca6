"""Where things lie in a package. The name of an original is the checker's to say: `verify.safe_name`."""

from uuid import UUID

from aigaq.package.verify import safe_name


def package_name(package: UUID) -> str:
    return f"aigaq-{package.hex[:8]}"


def volume_name(package: UUID, volume: int, volumes: int) -> str:
    name = package_name(package)
    return name if volumes == 1 else f"{name}-{volume}-of-{volumes}"


def numbered(number: int) -> str:
    """Of a file: at least three digits."""
    return f"{number:03d}"


def original_path(number: int, card_path: str) -> str:
    return f"recordings/{numbered(number)}/{safe_name(card_path)}"


def cut_path(original: int, ordinal: int, suffix: str) -> str:
    """`ordinal` is that of the cuts of one original, from 1."""
    return f"cuts/{numbered(original)}-{ordinal}{suffix}"


def playable_path(original: int, suffix: str) -> str:
    return f"playable/{numbered(original)}{suffix}"
