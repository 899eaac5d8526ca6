"""Divisions, people and things: the staff list and the inventory (R6.1, R7.1)."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Division(models.Model):
    """A division of the authorised body; divisions form a tree."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Person(models.Model):
    """Somebody on the staff list of a division."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    full_name = models.CharField(max_length=200)
    post = models.CharField(max_length=200, blank=True)
    staff_number = models.CharField(max_length=32, unique=True)
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="people")
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="person"
    )
    email = models.CharField(max_length=254, blank=True)
    """Where notices go besides the screen; empty: nowhere else."""
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.full_name


class Role(models.TextChoices):
    HEAD = "head", _("Head of the division")
    CUSTODIAN = "custodian", _("Custodian")
    INSPECTOR = "inspector", _("State inspector")
    ADMINISTRATOR = "administrator", _("Administrator")
    AUTHORITY = "authority", _("Authorised body: figures only")
    """Sees figures of its division and of those below: never a recording, a name or a page of a division."""


class Appointment(models.Model):
    """A role in a division, by an order, from a day until a day (both included, Kazakhstan's time).

    Insert-only but for `until_on`, which is set when a person is relieved.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="appointments")
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="appointments")
    role = models.CharField(max_length=16, choices=Role)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    order_number = models.CharField(max_length=64)
    stands_in_for = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="deputies"
    )
    """The deputy's: the appointment that rests while this one is in force, so that two are never three."""
    entered_at = models.DateTimeField()


class State(models.TextChoices):
    IN_SERVICE = "in-service", _("In service")
    IN_REPAIR = "in-repair", _("In repair")
    LOST = "lost", _("Lost")
    RETIRED = "retired", _("Retired")


class Thing(models.Model):
    """What has an inventory number. `out_on`: the open journal row it is out on; null at the custodian's."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    inventory_number = models.CharField(max_length=32, unique=True)
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="%(class)ss")
    state = models.CharField(max_length=16, choices=State, default=State.IN_SERVICE)
    out_on = models.UUIDField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.inventory_number


class Recorder(Thing):
    model = models.CharField(max_length=100, blank=True)
    serial_number = models.CharField(max_length=64, blank=True)


class Card(Thing):
    volume_id = models.CharField(max_length=64, blank=True, db_index=True)
    """Serial number of the file system (FAT, exFAT) or its UUID, as read at registration."""
    capacity = models.BigIntegerField(default=0)
    """Octets; 0 where it is not known."""
    recorder = models.ForeignKey(
        Recorder, on_delete=models.PROTECT, null=True, blank=True, related_name="cards"
    )
    """The recorder it usually sits in."""
