"""Divisions, people with their appointments, recorders and cards."""
