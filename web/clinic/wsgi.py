"""What an application server calls."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")
application = get_wsgi_application()

from levamen.knowledge.registry import packaged  # noqa: E402 - after the settings

packaged()  # read once when the server starts, not by the first who opens a page
