import json
from datetime import datetime
from uuid import UUID

from django.db import migrations, models

from aigaq.ledger.insert_only import InsertOnly

KINDS = ("listed", "viewed", "played", "still", "downloaded", "recovery-key", "unlocked")
AT_ONCE = 500


def index_what_was_entered(apps, schema_editor):
    """Of looks that were entered before there was an index, each with what its entry says."""
    entries = apps.get_model("ledger", "LedgerEntry").objects.using(schema_editor.connection.alias)
    looks = apps.get_model("access", "EnteredLook")
    found = entries.filter(kind__in=[f"access.{kind}" for kind in KINDS]).order_by("seq")
    rows = []
    for seq, text in found.values_list("seq", "entry").iterator(chunk_size=AT_ONCE):
        row = of_entry(looks, seq, text)
        if row is not None:
            rows.append(row)
        if len(rows) == AT_ONCE:
            looks.objects.bulk_create(rows)
            rows = []
    looks.objects.bulk_create(rows)


def of_entry(looks, seq, text):
    try:
        entry = json.loads(text)
        actor, body = entry["actor"], entry["body"]
        at = datetime.fromisoformat(entry["at"])
        kind = entry["kind"].removeprefix("access.")
    except (ValueError, KeyError, TypeError, AttributeError):
        return None  # no entry: `aigaq ledger verify` names it
    return looks(
        seq=seq,
        kind=kind,
        at=at,
        division=as_uuid(entry.get("division")),
        person=as_uuid(actor["id"]) if actor["kind"] == "person" else None,
        row=as_uuid(body.get("row")),
        recording=as_uuid(body.get("recording")),
        file=as_uuid(body.get("file")),
        digest=body.get("content_digest") or "",
        first=body.get("first"),
        last=body.get("last"),
        until=datetime.fromisoformat(body["until"]) if "until" in body else None,
    )


def as_uuid(value):
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None


class Migration(migrations.Migration):

    dependencies = [
        ("access", "0001_initial"),
        ("ledger", "0002_follower"),
    ]

    operations = [
        migrations.CreateModel(
            name="EnteredLook",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seq", models.PositiveBigIntegerField(unique=True)),
                ("kind", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                ("division", models.UUIDField(null=True)),
                ("person", models.UUIDField(null=True)),
                ("row", models.UUIDField(null=True)),
                ("recording", models.UUIDField(null=True)),
                ("file", models.UUIDField(null=True)),
                ("viewing", models.UUIDField(null=True)),
                ("digest", models.CharField(blank=True, max_length=71)),
                ("first", models.PositiveBigIntegerField(null=True)),
                ("last", models.BigIntegerField(null=True)),
                ("from_ms", models.PositiveBigIntegerField(null=True)),
                ("to_ms", models.PositiveBigIntegerField(null=True)),
                ("until", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["division", "-at", "-seq"], name="looks_of_a_division"),
                    models.Index(fields=["division", "person", "-at", "-seq"], name="looks_of_a_person"),
                    models.Index(fields=["recording", "-at", "-seq"], name="looks_at_a_recording"),
                    models.Index(fields=["row", "-at", "-seq"], name="looks_at_a_duty"),
                    models.Index(fields=["viewing", "digest"], name="looks_of_a_viewing"),
                ],
            },
        ),
        migrations.RunPython(index_what_was_entered, migrations.RunPython.noop),
        InsertOnly("EnteredLook"),
    ]
