"""A whole duty: one picture of its time, one player for all that was recorded on it, and who has watched."""
