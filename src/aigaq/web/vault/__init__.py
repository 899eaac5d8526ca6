"""Unlocking and locking the vault."""
