"""How much of duties was recorded: in words, and the overview of a division and of those below it."""
