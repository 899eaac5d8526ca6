"""Who can open the vault, for how long, and the entry of every look into it."""
