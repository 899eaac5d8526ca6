"""What does not add up, each with its evidence, and the head's decision on it (R20.1)."""
