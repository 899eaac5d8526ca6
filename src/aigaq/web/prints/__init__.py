"""Paper from the web: the book, labels and the badge, set in the background and taken as a file."""
