"""Staff, and what each operator may do."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models

from levamen.pathway.privileges import Privilege as Held
from people.roles import Role


class Staff(AbstractUser):
    """Somebody who works in the clinic. The account is switched off when they leave, and never deleted."""

    role = models.CharField(max_length=16, choices=Role.choices)
    name = models.CharField(max_length=120, help_text="as it stands on letters: Dr Anjali Patel")
    credentials = models.CharField(max_length=60, blank=True)
    # Names stand in `name`; the two that the account framework brings are not used.
    first_name = None  # type: ignore[assignment] # the base class's column is not wanted
    last_name = None  # type: ignore[assignment] # the base class's column is not wanted

    REQUIRED_FIELDS = ["role", "name"]

    class Meta:
        ordering = ["name", "pk"]
        verbose_name_plural = "staff"

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return str(self)

    @property
    def initials(self) -> str:
        """Two letters for the corner of the page."""
        words = [word for word in self.name.split() if word not in ("Dr", "Dr.")] or [self.username]
        return (words[0][:1] + (words[-1][:1] if len(words) > 1 else "")).upper()

    @property
    def role_words(self) -> str:
        return Role(self.role).label


class Privilege(models.Model):
    """What an operator may do, from `granted` to the end of the day `expires`. No region: every region."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="privileges")
    therapy = models.CharField(max_length=80)
    region = models.CharField(max_length=40, blank=True)
    granted = models.DateField()
    expires = models.DateField()
    minimum_per_year = models.PositiveIntegerField(null=True, blank=True)
    source = models.CharField(max_length=200, help_text="who granted it, and where that is written")
    withdrawn = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["therapy", "region", "pk"]

    def held(self, volume_12_months: int | None) -> Held:
        """As the library judges it. `volume_12_months` is what the clinic counted."""
        return Held(
            operator=self.staff.username,
            therapies=frozenset({self.therapy}),
            regions=frozenset({self.region} if self.region else ()),
            granted=self.granted,
            expires=self.expires,
            volume_12_months=volume_12_months,
            minimum_volume=self.minimum_per_year,
            source=self.source,
        )
