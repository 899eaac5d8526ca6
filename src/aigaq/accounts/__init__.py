"""Who signs in, and how guessing is slowed and locked."""
