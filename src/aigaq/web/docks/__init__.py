"""The ports on the wall."""
