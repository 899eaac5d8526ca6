"""How long recordings are kept, what holds them longer, what became of those that went. Insert-only."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from aigaq.journal.models import SignedAct
from aigaq.recordings.models import Blob, Recording
from aigaq.registry.models import Division, Person

REASON_LIMIT = 300
"""Characters."""


class RetentionTerm(models.Model):
    """Until when a recording is kept, by the rule that was in force then. A later one only lengthens."""

    recording = models.ForeignKey(Recording, on_delete=models.PROTECT, related_name="terms")
    number = models.PositiveIntegerField()
    """1, 2, 3 … of the recording."""
    taken_in = models.DateTimeField()
    """From when the years count: never before anything that the ledger had by then."""
    kept_until = models.DateField(db_index=True)
    """The last day."""
    profile = models.CharField(max_length=32)
    reasons = models.JSONField()
    """As `keep_rules.Reason.document` gives each that has a date."""
    set_at = models.DateTimeField()
    seq = models.PositiveBigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["recording", "number"], name="terms_numbered")]


class Cause(models.TextChoices):
    """Published codes: they never change."""

    DEMAND = "demand", _("Demand of an authority or a court")
    INCIDENT = "incident", _("Incident")
    ORDER = "order", _("Order of the head")


class Hold(models.Model):
    """From `placed_at` on its recordings are not disposed of, until it is released."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="holds")
    cause = models.CharField(max_length=16, choices=Cause)
    because = models.UUIDField(null=True, db_index=True)
    """Id of the demand or of the incident; null where the head ordered it."""
    reason = models.CharField(max_length=REASON_LIMIT)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField()
    seq = models.PositiveBigIntegerField(unique=True)

    class Meta:
        indexes = [models.Index(fields=["division", "-seq"], name="holds_newest")]

    @property
    def is_released(self) -> bool:
        return hasattr(self, "release")


class HeldRecording(models.Model):
    hold = models.ForeignKey(Hold, on_delete=models.PROTECT, related_name="held")
    recording = models.ForeignKey(Recording, on_delete=models.PROTECT, related_name="holds")
    seq = models.PositiveBigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hold", "recording"], name="held_once_by_a_hold")]


class HoldRelease(models.Model):
    """The end of a hold, by the head: what else holds its recordings holds them still."""

    hold = models.OneToOneField(Hold, on_delete=models.PROTECT, related_name="release")
    reason = models.CharField(max_length=REASON_LIMIT)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    released_at = models.DateTimeField()
    seq = models.PositiveBigIntegerField(unique=True)


class ClockConfirmation(models.Model):
    """The head said which day it is, after a hole in the ledger or a clock that went back."""

    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    reached = models.DateTimeField()
    """How far the ledger had come without a hole."""
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField()
    seq = models.PositiveBigIntegerField(unique=True)


class DisposalPlan(models.Model):
    """What the custodian proposes to dispose of, as it was found then: the list is frozen."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="disposal_plans")
    number = models.PositiveIntegerField()
    """1, 2, 3 … of the division."""
    items = models.JSONField()
    """Of each recording its id, its last day, and the digest of what it has in the vault."""
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    seq = models.PositiveBigIntegerField(unique=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["division", "number"], name="plans_numbered_once")]


class DisposalApproval(SignedAct):
    """The head's, signed. It lets that list go, and nothing else."""

    plan = models.OneToOneField(DisposalPlan, on_delete=models.PROTECT, related_name="approval")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField()
    seq = models.PositiveBigIntegerField(unique=True)


class DisposalDrop(models.Model):
    """A plan that is not carried out, and why."""

    plan = models.OneToOneField(DisposalPlan, on_delete=models.PROTECT, related_name="drop")
    reason = models.CharField(max_length=REASON_LIMIT)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    dropped_at = models.DateTimeField()
    seq = models.PositiveBigIntegerField(unique=True)


class Disposing(models.Model):
    """That a plan is being carried out: written before the first octet goes. Then nothing holds these."""

    plan = models.OneToOneField(DisposalPlan, on_delete=models.PROTECT, related_name="disposing")
    recordings = models.JSONField()
    """Ids of those that go."""
    contents = models.JSONField()
    """Content digests that go with them: of what no other recording has."""
    spared = models.JSONField()
    """Those of the plan that are kept by now, each with why."""
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    seq = models.PositiveBigIntegerField(unique=True)


class Disposed(models.Model):
    """What remains of a recording: this, beside its rows in the catalogue and all that was written of it."""

    recording = models.OneToOneField(Recording, on_delete=models.PROTECT, related_name="disposed")
    """Who wants what is *not* disposed of asks for ``disposed__recording=None``: of ``disposed=None``
    PostgreSQL does not see that it is nearly all, and looks through every recording there is."""
    plan = models.ForeignKey(DisposalPlan, on_delete=models.PROTECT, related_name="disposed")
    disposed_at = models.DateTimeField()
    seq = models.PositiveBigIntegerField(db_index=True)

    @property
    def act(self) -> str:
        """Number of the act of destruction (`docs/formats/act.md`)."""
        return f"Ө-{self.seq}"


class Remainder(models.Model):
    """A place in which something of a plan still stood when it was carried out: away, or locked.

    It is taken out there as soon as that can be, by the same plan.
    """

    plan = models.ForeignKey(DisposalPlan, on_delete=models.PROTECT, related_name="remainders")
    place = models.CharField(max_length=32)
    """The copy's name in the settings."""
    until = models.DateTimeField(null=True)
    """When its own lock ends, where it has one."""
    seq = models.PositiveBigIntegerField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "place"], name="remainder_of_a_place")]


class RemainderRemoved(models.Model):
    """Nothing of the plan stands in that place any more."""

    plan = models.ForeignKey(DisposalPlan, on_delete=models.PROTECT, related_name="removed")
    place = models.CharField(max_length=32)
    objects_removed = models.PositiveIntegerField()
    removed_at = models.DateTimeField()
    seq = models.PositiveBigIntegerField(unique=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "place"], name="remainder_removed_once")]


class MirroredHold(models.Model):
    """That a bucket was told to keep what a hold holds, beyond the day of its lock. No evidence.

    The bucket is asked again every day, and the entries tell.
    """

    hold = models.ForeignKey(Hold, on_delete=models.PROTECT, related_name="mirrored")
    place = models.CharField(max_length=32)
    objects_held = models.PositiveIntegerField()
    set_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hold", "place"], name="mirrored_once_to_a_place")]


class DestroyedBlob(models.Model):
    """An object of the vault that is there no more, by this plan."""

    blob = models.OneToOneField(Blob, on_delete=models.PROTECT, related_name="destroyed")
    plan = models.ForeignKey(DisposalPlan, on_delete=models.PROTECT, related_name="destroyed")
    destroyed_at = models.DateTimeField()
    seq = models.PositiveBigIntegerField(db_index=True)
