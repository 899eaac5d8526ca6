"""Demands and what leaves the office on them; and the public page for the code of a receipt."""
