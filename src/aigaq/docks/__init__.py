"""Docking PCs elsewhere: how they are let in, prove who they are, and hand over what they encrypted."""
