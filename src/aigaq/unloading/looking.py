"""What a card shows of itself, before anything of it is read."""

from hashlib import sha256
from typing import Final

from aigaq.core.files import ForeignFileError, displayed
from aigaq.unloading.desk import SeenCard, SeenClock, SeenFile
from aigaq.unloading.recorders.plan import NO_PLAN, Plan
from aigaq.unloading.sources import folder, identity
from aigaq.unloading.sources.listing import IDENTITY, Listing
from aigaq.unloading.sources.volume import folder_id, volume_id

PORT_LIMIT: Final = 200
"""Characters."""


def port_name(name: str) -> str:
    """Of a folder, fit for a sentence; of a long one its beginning and a digest: no two are one port."""
    shown = displayed(name)
    if len(shown) <= PORT_LIMIT:
        return shown
    tail = f"… {sha256(shown.encode()).hexdigest()[:8]}"
    return shown[: PORT_LIMIT - len(tail)] + tail


def look(root: int, listing: Listing, port: str, planned: Plan = NO_PLAN) -> SeenCard:
    """What the card open as `root` shows of itself. Raise ``OSError``."""
    octets, doubt = None, ""
    try:
        octets = folder.read(root, IDENTITY, identity.LIMIT)
    except (OSError, ForeignFileError) as error:
        doubt = displayed(str(error))
    return SeenCard(
        port=port_name(port),
        identity=octets,
        identity_doubt=doubt,
        volume=volume_id(root),
        folder=folder_id(root),
        files=seen_files(listing),
        problems=tuple(listing.problems),
        devices=planned.devices,
        clock=SeenClock(planned.clock.device_at, planned.clock.path) if planned.clock else None,
    )


def seen_files(listing: Listing) -> tuple[SeenFile, ...]:
    return tuple(SeenFile(each.path, each.stamp.size, each.stamp.modified_ns) for each in listing.files)
