"""What an application server calls."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")
application = get_wsgi_application()

from options.assessed import warm  # noqa: E402 - after Django is set up

warm()
