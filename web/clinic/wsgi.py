"""What an application server calls. It takes a request when everything that every page needs is there."""

import gc
import os

from django.core.wsgi import get_wsgi_application

# What is made while starting stays: to look for what could go would take a fifth of the start.
gc.disable()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")
application = get_wsgi_application()

from clinic.warm import warm  # noqa: E402 - after Django is set up

warm()
# Nor is it looked through later; workers that are forked from here share it.
gc.freeze()
gc.enable()
