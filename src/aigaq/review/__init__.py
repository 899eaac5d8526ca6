"""What custodian and head saw in recordings: marks, results of reviews, samples; and finding it again."""
