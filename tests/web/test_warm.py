"""A server that takes requests has at hand what every page needs; nothing of it comes from the database."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

WEB = Path(__file__).parents[2] / "web"
STARTED = """
import sys
import django
django.setup()
from django.core.management import get_commands
get_commands()
assert "clinic.warm" not in sys.modules, "a command waits for nothing"

import clinic.wsgi
import levamen.knowledge.loader as loader
import levamen.text.strict_yaml as strict_yaml
from django.conf import settings
from django.db import connection
from django.template import engines
from django.urls import get_resolver
from levamen.knowledge import edition, inventory

assert connection.connection is None, "the database is not asked"
assert get_resolver()._populated, "every view is imported"

def read(*args, **named):
    raise AssertionError(f"{args[1:]} is read after the start")

strict_yaml.read_yaml = loader.read_yaml = read
modules = len(sys.modules)
edition.read_tables()
assert len(inventory.packaged_rows()) > 1000
assert len(sys.modules) == modules

(cached,) = engines["django"].engine.template_loaders
held = {str(key) for key in cached.get_template_cache}
pages = [page for folder in settings.WEB.glob("*/templates") for page in folder.rglob("*.html")]
assert len(pages) > 100
for page in pages:
    name = str(page.relative_to(page.parents[len(page.relative_to(settings.WEB).parts) - 3]))
    assert any(key.startswith(name) for key in held), name
import gc
assert gc.isenabled()
"""


def test_a_server_that_takes_requests_has_everything_at_hand(tmp_path: Path) -> None:
    """Tables are read, views imported, templates compiled; a command of the clinic does none of it."""
    done = subprocess.run(
        [sys.executable, "-c", STARTED], cwd=WEB, capture_output=True, text=True, timeout=120, check=False,
        env=os.environ | {
            "LEVAMEN_DATA": str(tmp_path), "LEVAMEN_HTTPS": "no", "LEVAMEN_SAMPLE": "yes", "PYTHONPATH": str(WEB),
            "DJANGO_SETTINGS_MODULE": "clinic.settings",
        },
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert not list(tmp_path.glob("*.sqlite3"))
