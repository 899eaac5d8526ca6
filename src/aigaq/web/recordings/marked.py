"""Who watches, and when, drawn over what is watched.

It lies over the picture in the browser and is no part of the recording: a photo of the screen says whose
screen that was. Whoever takes the page apart has the picture without it.
"""

from aigaq import wiring
from aigaq.core.clock import milliseconds, wall
from aigaq.web.duty import OfficeRequest


def watermark(request: OfficeRequest) -> dict[str, object]:
    """For `web/recordings/watermark.html`: the viewer, and the server's time on Kazakhstan's wall clock."""
    return {"viewer": request.duty.person.full_name, "now": wall(milliseconds(wiring.clock().now()))}
