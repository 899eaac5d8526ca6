"""Media that come and go: noticed, mounted for reading, given to an unloading, let go. Knows no Django."""
