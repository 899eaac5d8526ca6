"""Incidents follow from entries of the ledger; the head closes each with a decision. Insert-only."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from aigaq.journal.models import NOTE_LIMIT, JournalRow, SignedAct
from aigaq.registry.models import Division, Person


class Kind(models.TextChoices):
    """Published codes: they never change."""

    SEAL_BROKEN = "seal-broken", _("The seal was broken")
    SEAL_MISSING = "seal-missing", _("The seal was missing")
    SEAL_DIFFERENT = "seal-different", _("Another seal was found")
    OTHER_HANDS = "other-hands", _("Handed back by another person")
    DAMAGE = "damage", _("Damaged")
    LOSS = "loss", _("Lost")
    OVERDUE = "overdue", _("Not handed back in time")
    PAUSE_NOT_ENDED = "pause-not-ended", _("A pause was never ended")
    FAILURE_LEFT = "failure-left", _("A failure was neither repaired nor replaced")
    READ_IN_PART = "read-in-part", _("A card gave recordings only in part")
    READS_DISAGREE = "reads-disagree", _("A card was read twice and did not give the same")
    FILES_APPEARED = "files-appeared", _("Files came upon a card while it was unloaded")
    CARD_DOUBTED = "card-doubted", _("A card is not what it says it is")
    RECEIPT_CORRECTED = "receipt-corrected", _("Correction of who received what")
    NUMBERS_MISSING = "numbers-missing", _("Recordings are missing")
    CLOCK_WRONG = "clock-wrong", _("A recorder's clock was wrong")
    NOT_RECORDED = "not-recorded", _("A duty was not recorded throughout")
    TIME_CODE_DOUBTED = "time-code-doubted", _("A time code does not add up")
    DESTROYED_RETURNED = "destroyed-returned", _("A destroyed recording came again")
    STORE_FAULT = "store-fault", _("What is stored is not as it should be")


class Incident(models.Model):
    """One thing that does not add up. What it rests on is in the ledger: `evidence` are entries."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=32, choices=Kind)
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="incidents")
    row = models.ForeignKey(JournalRow, on_delete=models.PROTECT, null=True, related_name="incidents")
    key = models.CharField(max_length=100, unique=True)
    """What makes it this incident and no other, so that it is opened once."""
    facts = models.JSONField()
    """Names and numbers for its sentence, as they were."""
    evidence = models.JSONField()
    """Numbers of the entries it follows from."""
    occurred_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    seq = models.PositiveBigIntegerField(unique=True)

    class Meta:
        indexes = [models.Index(fields=["division", "-seq"], name="incidents_newest")]


class Undecided(models.Model):
    """An incident that waits for its decision. Derived.

    Who counts them need not look through those that are decided.
    """

    incident = models.OneToOneField(
        Incident, on_delete=models.PROTECT, primary_key=True, related_name="undecided"
    )
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+")


class Outcome(models.TextChoices):
    EXPLAINED = "explained", _("Explained: nobody is to blame")
    REMEDIED = "remedied", _("Put right")
    DISCIPLINARY = "disciplinary", _("Handed over for disciplinary proceedings")
    AUTHORITY = "authority", _("Handed over to the competent authority")


class Decision(SignedAct):
    """The head's, signed: an incident has one, and it is never changed."""

    incident = models.OneToOneField(Incident, on_delete=models.PROTECT, related_name="decision")
    outcome = models.CharField(max_length=16, choices=Outcome)
    reason = models.CharField(max_length=NOTE_LIMIT)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    seq = models.PositiveBigIntegerField(unique=True)
