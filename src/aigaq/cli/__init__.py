"""The command line. It translates words into services and their answers into words; it holds no rule."""
