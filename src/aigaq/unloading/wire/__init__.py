"""What a dock and its server say to each other about a card, as JSON: `docs/formats/dock-api.md`, "The desk".

Both sides read with the functions here, which take nothing that they did not check.
"""

from aigaq.unloading.wire.cards import CARD_LIMIT, card_in, card_out, settled_in, ticket_in, ticket_out
from aigaq.unloading.wire.recordings import contents_in, entered_in, entered_out, found_in, found_out
from aigaq.unloading.wire.telling import (
    ToldPort,
    beat_in,
    beat_out,
    end_in,
    error_in,
    known_error,
    paths_in,
    ports_in,
    problems_in,
    problems_out,
)
from aigaq.unloading.wire.values import (
    FILES_LIMIT,
    PATH_LIMIT,
    MalformedMessageError,
    flag,
    octets_in,
    octets_out,
    text_in,
)

__all__ = [
    "CARD_LIMIT",
    "FILES_LIMIT",
    "PATH_LIMIT",
    "MalformedMessageError",
    "ToldPort",
    "beat_in",
    "beat_out",
    "card_in",
    "card_out",
    "contents_in",
    "end_in",
    "entered_in",
    "entered_out",
    "error_in",
    "flag",
    "found_in",
    "found_out",
    "known_error",
    "octets_in",
    "octets_out",
    "paths_in",
    "ports_in",
    "problems_in",
    "problems_out",
    "settled_in",
    "text_in",
    "ticket_in",
    "ticket_out",
]
