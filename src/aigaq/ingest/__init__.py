"""From a card to the vault, the catalogue and the book; and back to an empty card."""
