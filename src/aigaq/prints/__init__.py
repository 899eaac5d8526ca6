"""Paper that somebody asked for: set by whichever process is free, and kept for some minutes to be taken."""
