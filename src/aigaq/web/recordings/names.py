"""The name under which a copy of a recording is saved. Whoever had the card chose it."""

import re
from urllib.parse import quote

_LONGEST = 120
"""Letters: in Kazakh 240 octets of UTF-8, and file systems take 255. The ending is kept."""
_LONGEST_ENDING = 12
_UNSAFE = re.compile(r"[^\w .()+=,@#\[\]-]")
_RESERVED = re.compile(r"(?i:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)")
_NO_NAME = "recording"


def safe_name(name: str) -> str:
    """`name` without what means something to a shell, a path, a header or Windows."""
    kept = _UNSAFE.sub("_", name).strip(" .")
    if kept.startswith("-") or _RESERVED.match(kept):
        kept = f"_{kept}"
    stem, dot, ending = kept.rpartition(".")
    if dot and len(ending) <= _LONGEST_ENDING:
        kept = f"{stem[: _LONGEST - len(ending) - 1]}.{ending}"
    return kept[:_LONGEST] or _NO_NAME


def as_attachment(name: str) -> str:
    """The value of Content-Disposition (RFC 6266), the name in UTF-8 as RFC 8187 spells it."""
    safe = safe_name(name)
    plain = re.sub(r"[^A-Za-z0-9._ ()-]", "_", safe)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(safe, safe='')}"
