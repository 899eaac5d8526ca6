"""Signing on a page, in either of two ways: by passkey, or by one's own password.

Made so that every page that needs a signature shows it alike: `SignForm` in the view, `sign_here.html` on
the page. What the page lays before the signer is offered by the act's own service.
"""

from aigaq.web.signing.forms import SignForm
from aigaq.web.signing.site import named_address, site_of

__all__ = ["SignForm", "named_address", "site_of"]
