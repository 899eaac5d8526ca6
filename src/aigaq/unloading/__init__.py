"""Unloading a card, wherever it is plugged in: reads, stores, proves, clears. Knows no database.

What the office knows and decides is asked of a `desk.Desk`.
"""
