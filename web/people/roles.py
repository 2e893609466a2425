"""The roles of a clinic, and the groups of roles that routes are opened to."""

from __future__ import annotations

from django.db.models import TextChoices


class Role(TextChoices):
    """What somebody works as. It decides which routes open; which patients open is decided by the care team."""

    PHYSICIAN = "physician", "Physician"
    NURSE = "nurse", "Nurse"
    COORDINATOR = "coordinator", "Coordinator"
    LEAD = "clinic-lead", "Clinic lead"
    ADMINISTRATOR = "administrator", "Administrator"
    AUDITOR = "auditor", "Read-only auditor"


CARE = frozenset({Role.PHYSICIAN, Role.NURSE, Role.COORDINATOR, Role.LEAD})
"""Those who work with patients' records."""
CLINICAL = frozenset({Role.PHYSICIAN, Role.NURSE, Role.LEAD})
"""Those who record what they saw and did."""
PHYSICIANS = frozenset({Role.PHYSICIAN, Role.LEAD})
"""Those who decide on a therapy and sign."""
LEADS = frozenset({Role.LEAD, Role.ADMINISTRATOR})
"""Those who set how the clinic works."""
WATCHERS = frozenset({Role.LEAD, Role.ADMINISTRATOR, Role.AUDITOR})
"""Those who read who did what."""
EVERYONE = frozenset(Role)
