"""Further copies of the vault, and whether every blob is still what it was: with no key anywhere."""
