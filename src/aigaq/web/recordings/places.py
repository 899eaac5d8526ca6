"""Where something was taken, as the camera wrote it into the file. No map: the network is asked nothing."""

from aigaq.web.recordings.shown import ShownFile


def coordinates(shown: ShownFile) -> str:
    """Degrees north and east, as every map takes them; empty if the camera wrote none."""
    place = shown.judgement.facts.get("place") if shown.judgement else None
    if not isinstance(place, dict):
        return ""
    latitude, longitude = place.get("latitude"), place.get("longitude")
    if not isinstance(latitude, int | float) or not isinstance(longitude, int | float):
        return ""
    # A point in every language: a comma stands between the two.
    return f"{latitude:.6f}, {longitude:.6f}"
