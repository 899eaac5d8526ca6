"""What does not add up, and the head's decision on it."""
