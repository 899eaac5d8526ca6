"""From SQLite to PostgreSQL: all tables at once, proven equal, and never two databases that live."""
