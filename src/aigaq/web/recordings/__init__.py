"""What was recorded, and playing it."""
