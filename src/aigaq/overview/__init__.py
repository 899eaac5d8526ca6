"""Figures of divisions, for their heads and custodians and for the authorised body: numbers, and no names."""
