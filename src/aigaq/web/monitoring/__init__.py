"""For programs that watch over this one: no session, no language, nothing of persons."""
