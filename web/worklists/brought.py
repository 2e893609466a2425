"""What the apps of the clinic bring to the lists and to the worker, each in a module of its own of that name."""

from __future__ import annotations

import importlib.util
from functools import cache
from importlib import import_module
from types import ModuleType

from django.apps import apps


@cache
def modules(name: str) -> tuple[ModuleType, ...]:
    """The modules of this name of every app that has one, in the order of the apps; looked for once."""
    paths = [f"{config.name}.{name}" for config in apps.get_app_configs() if "." not in config.name]
    return tuple(import_module(path) for path in paths if importlib.util.find_spec(path) is not None)
