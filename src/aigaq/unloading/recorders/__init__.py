"""How recorders name, number, split and time their files: profiles, and what follows from them. Pure."""
