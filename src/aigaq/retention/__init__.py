"""How long recordings are kept, and what keeps them longer (paragraph 13)."""
