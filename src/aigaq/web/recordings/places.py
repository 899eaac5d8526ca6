"""Where something was taken, by what the camera wrote into the file. No map: nothing is asked of the network."""

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
