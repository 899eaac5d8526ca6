"""A dock away from the office: the same unloading, with the vault and the desk at the other end of a line."""
