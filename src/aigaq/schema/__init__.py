"""What a new database has in it, kept as SQL: the migrations take too long for a day on which one is needed.

Made from the migrations by `tools/schema.py`, and held against them by a test.
"""
