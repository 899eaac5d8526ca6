"""What is printed on the spot, as a file of its own for the browser."""

from django.http import HttpResponse

from aigaq.web.recordings.names import as_attachment


def pdf_response(octets: bytes, name: str) -> HttpResponse:
    """To be saved, not shown: names stand in it, and a duty room's PC has many users."""
    response = HttpResponse(octets, content_type="application/pdf")
    response["Content-Disposition"] = as_attachment(name)
    return response
