"""The clinic's settings as the tests want them: data in a folder of their own, quick passwords, plain static files.

`LEVAMEN_TEST_ON=postgresql` runs them on the server that `tools/with_postgres` gives.
"""

import os
import tempfile

os.environ["LEVAMEN_DATA"] = tempfile.mkdtemp(prefix="levamen-test-")
os.environ["LEVAMEN_HTTPS"] = "no"
os.environ["LEVAMEN_SAMPLE"] = "yes"
# The browser of other tests leaves its event loop in the process; these tests are not asynchronous.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
if os.environ.get("LEVAMEN_TEST_ON") == "postgresql":
    os.environ["LEVAMEN_DATABASE_URL"] = os.environ["LEVAMEN_TEST_SERVER_URL"]
else:
    os.environ.pop("LEVAMEN_DATABASE_URL", None)

from clinic.settings import *  # noqa: F403 - every setting of the clinic
from clinic.settings import DATA, STORAGES

(DATA / "static").mkdir()
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
