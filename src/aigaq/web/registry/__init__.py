"""Divisions, people, recorders and cards."""
