"""Docking PCs of the division, and its ports on the wall."""
