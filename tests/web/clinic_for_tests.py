"""The clinic's settings as the tests want them: data in a folder of their own, quick passwords, plain static files."""

import os
import tempfile

os.environ["LEVAMEN_DATA"] = tempfile.mkdtemp(prefix="levamen-test-")
os.environ["LEVAMEN_HTTPS"] = "no"
os.environ["LEVAMEN_SAMPLE"] = "yes"
if os.environ.get("LEVAMEN_TEST_DATABASE_URL"):
    os.environ["LEVAMEN_DATABASE_URL"] = os.environ["LEVAMEN_TEST_DATABASE_URL"]

from clinic.settings import *  # noqa: F403
from clinic.settings import DATA, STORAGES

(DATA / "static").mkdir()
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
