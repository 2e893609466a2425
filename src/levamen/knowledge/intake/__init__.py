"""What a pain clinic asks at intake, the codes of chronic pain, and the rules by which an intake is read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from levamen.knowledge.edition import per_edition, root
from levamen.knowledge.intake.reading import read_codes, read_form, read_rules
from levamen.knowledge.intake.rows import Code, Form, Rules
from levamen.knowledge.registry import packaged


@per_edition
def packaged_form() -> Form:
    """The form this version ships. Raises KnowledgeError where a field lands nowhere."""
    return read_form(_folder() / "form.yaml", packaged().sources)


@per_edition
def packaged_codes() -> Mapping[str, Code]:
    """The ICD-11 codes of chronic pain, parents first."""
    return read_codes(_folder() / "mg30.yaml", packaged().sources)


@per_edition
def packaged_rules() -> Rules:
    """How an intake is read."""
    return read_rules(_folder() / "rules.yaml", packaged().sources)


def _folder() -> Path:
    return root() / "intake"
