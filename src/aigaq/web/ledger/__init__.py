"""What was done, entry by entry."""
