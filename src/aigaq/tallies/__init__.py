"""Figures that would take looking at every recording: kept, not counted."""
