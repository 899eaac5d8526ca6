"""Saying what is to be seen in recordings, and looking through a sample of them."""
