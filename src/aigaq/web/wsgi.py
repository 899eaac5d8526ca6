"""What the web server runs."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aigaq.settings")
application = get_wsgi_application()

# Only now: what stands on Django is loaded after it. A database that does not continue the ledger's copy in
# the vault is refused here, before a page shows anything of it.
from aigaq import wiring  # noqa: E402

wiring.ledger()
