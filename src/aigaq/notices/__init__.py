"""Who has to be told of what: on the screen, by e-mail, or in whatever way an office adds."""
